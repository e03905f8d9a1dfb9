"""The household file: members, the year's facts, help received, official status, needs, episodes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common import clock
from common.identity import check_resident_id
from households.answers import PersonAnswer
from households.desk.forms.base import (
    DeskForm,
    MemberChoice,
    RowChoice,
    Sections,
    VersionedForm,
    day_input,
    optional,
)
from households.enums import BirthPrecision
from households.forms.public.step import refusing
from households.models import HouseholdYear, IncomeLine, MeasureReceived
from households.models.exit import EXIT_REASONS
from households.rules import readable_phone
from households.services.facts import DEPRIVATIONS
from reference.models import Item
from reference.queries import choices

SEX = [("female", _("female")), ("male", _("male"))]
FEN = 100
PERSON_FIELDS = (
    "name", "relation", "sex", "birth_date", "birth_precision", "id_kind", "id_number", "ethnicity", "education",
    "student_status", "health", "disability_kind", "disability_grade", "labour", "work_place", "work_months",
    "medical_insurance",
)  # fmt: skip
LISTED = {
    "id_kind": "identity_document", "ethnicity": "ethnicity", "education": "education", "student_status": "student",
    "disability_kind": "disability_kind", "disability_grade": "disability_grade", "labour": "labour",
    "work_place": "work_place", "medical_insurance": "insurance",
}  # fmt: skip
KNOWN = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]


class PersonFields(DeskForm):
    """One member; what is not known stays open and is completed later."""

    name = forms.CharField(label=_("Name"), max_length=60)
    relation = forms.ChoiceField(label=_("Relation to the head"))
    id_kind = forms.ChoiceField(label=_("Kind of document"), required=False)
    id_number = forms.CharField(label=_("Identity number"), max_length=30, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=optional(SEX), required=False)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=day_input())
    birth_precision = forms.ChoiceField(
        label=_("How exactly is it known?"), choices=BirthPrecision, initial=BirthPrecision.UNKNOWN
    )
    ethnicity = forms.ChoiceField(label=_("Ethnicity"), required=False)
    education = forms.ChoiceField(
        label=_("Schooling"), required=False, help_text=_("For who no longer goes to school.")
    )
    student_status = forms.ChoiceField(label=_("At school"), required=False)
    health = forms.MultipleChoiceField(label=_("Health"), required=False, widget=forms.CheckboxSelectMultiple)
    disability_kind = forms.ChoiceField(label=_("Kind of disability"), required=False)
    disability_grade = forms.ChoiceField(label=_("Grade of disability"), required=False)
    labour = forms.ChoiceField(label=_("Labour ability"), required=False)
    work_place = forms.ChoiceField(label=_("Place of work"), required=False)
    work_months = forms.IntegerField(
        label=_("Months of work in the year"), required=False, min_value=0, max_value=12
    )
    medical_insurance = forms.ChoiceField(label=_("Medical insurance"), required=False)

    @property
    def sections(self) -> Sections:
        start, middle = PERSON_FIELDS.index("education"), PERSON_FIELDS.index("labour")
        return self.split(
            (_("Who it is"), list(PERSON_FIELDS[:start])),
            (_("School and health"), list(PERSON_FIELDS[start:middle])),
            (_("Work and insurance"), list(PERSON_FIELDS[middle:])),
        )

    def prepare(self) -> None:
        self.fields["relation"].choices = choices("relation_to_head")  # type: ignore[attr-defined]
        self.fields["health"].choices = choices("health")  # type: ignore[attr-defined]
        for name, slug in LISTED.items():
            self.fields[name].choices = optional(choices(slug))  # type: ignore[attr-defined]

    def clean_id_number(self) -> str:
        """A resident number is read once more here, so that the error stands beside it."""
        number: str = self.cleaned_data["id_number"].strip()
        if number and self.data.get(self.add_prefix("id_kind"), "") in {"", "resident_id"}:
            return refusing(lambda: check_resident_id(number))
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["health"] = tuple(data.get("health", ()))
        if data.get("education") and data.get("student_status"):
            self.add_error("education", _("Choose education or school, not both."))
        return data

    @property
    def person(self) -> PersonAnswer:
        return PersonAnswer(**{name: self.cleaned_data[name] for name in PERSON_FIELDS})


class MemberForm(PersonFields, VersionedForm):
    """The identity number is shown masked above; it changes only when a new one is written."""

    columns = tuple(name for name in PERSON_FIELDS if name != "id_number")

    def prepare(self) -> None:
        PersonFields.prepare(self)
        VersionedForm.prepare(self)
        if self.obj.id_number:
            self.fields["id_number"].help_text = _("Leave it empty to keep the present one.")

    @property
    def changes(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in self.columns}
        return given | ({"id_number": number} if (number := self.cleaned_data["id_number"]) else {})


class EndMemberForm(DeskForm):
    LEAVES = ("death", "married_out", "emigrated", "imprisoned", "other_out")
    reason = forms.ChoiceField(
        label=_("Why does this person no longer belong here?"), widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (slug, label) for slug, label in choices("member_change") if slug in self.LEAVES
        ]


class PlaceForm(VersionedForm):
    """Address and phone are shown masked; each changes only when a new one is written."""

    columns = ("group", "category", "standard")
    group = forms.CharField(label=_("Village group"), max_length=40, required=False)
    address = forms.CharField(
        label=_("New address detail"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty to keep the present one."),
    )
    phone = forms.CharField(
        label=_("New phone number"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty to keep the present one."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    category = forms.ChoiceField(label=_("Household category"), required=False)
    standard = forms.ChoiceField(label=_("By which standard?"), required=False)

    def prepare(self) -> None:
        self.fields["category"].choices = optional(choices("household_attribute"))  # type: ignore[attr-defined]
        self.fields["standard"].choices = optional(choices("identification_standard"))  # type: ignore[attr-defined]
        super().prepare()

    def clean_phone(self) -> str:
        return refusing(lambda: readable_phone(self.cleaned_data["phone"]))

    @property
    def changes(self) -> dict[str, Any]:
        written = {name: value for name in ("address", "phone") if (value := self.cleaned_data[name])}
        return super().changes | written


class Yuan(forms.DecimalField):
    """Yuan with two places on the page, fen inside; open is not known, never 0."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=14, decimal_places=2, required=False, **kwargs)
        self.unit = _("yuan")

    def clean(self, value: Any) -> Any:
        amount: Decimal | None = super().clean(value)
        return None if amount is None else int(amount * FEN)


class YearForm(DeskForm):
    """One income period with its sources, and what the household lacks; each may stay open."""

    year = forms.IntegerField(label=_("Year"), min_value=2010, max_value=2100)
    period_start = forms.DateField(label=_("Period from"), widget=day_input())
    period_end = forms.DateField(label=_("Period to (first day after it)"), widget=day_input())
    size = forms.IntegerField(label=_("People counted"), min_value=1, max_value=60)
    size_basis = forms.ChoiceField(
        label=_("Counted by"),
        choices=[("registered", _("registered members")), ("resident", _("people living there"))],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def sections(self) -> Sections:
        money = [name for name in self.fields if name.startswith("amount_")]
        return self.split(
            (_("Period and people"), ["year", "period_start", "period_end", "size", "size_basis"]),
            (_("Income and costs of the period"), money),
            (_("How the family lives"), list(DEPRIVATIONS)),
        )

    def prepare(self) -> None:
        for kind, label in IncomeLine._meta.get_field("kind").choices or ():
            self.fields[f"amount_{kind}"] = Yuan(label=capfirst(str(label)))
        for name in DEPRIVATIONS:
            label = HouseholdYear._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = forms.ChoiceField(label=capfirst(label), choices=KNOWN, required=False)
        today = clock.today()
        known = self._known()
        year = known.year if known else today.year
        begin = known.period_start if known else date(today.year - 1, 10, 1)
        end = known.period_end if known else date(today.year, 10, 1)
        size = known.size if known else max(self.obj.members.filter(live=True).count(), 1)
        self.initial = {**self.initial, "year": year, "period_start": begin, "period_end": end, "size": size}
        if known:
            self.initial = {**self.initial, "version": known.version, "size_basis": known.size_basis}
            for line in known.income_lines.all():
                self.initial[f"amount_{line.kind}"] = Decimal(line.amount) / FEN
            for name in DEPRIVATIONS:
                self.initial[name] = {True: "yes", False: "no", None: ""}[getattr(known, name)]

    def _known(self) -> HouseholdYear | None:
        latest: HouseholdYear | None = self.obj.years.order_by("-year").first()
        return latest if latest is not None and latest.year == clock.today().year else None

    @property
    def income_lines(self) -> list[tuple[str, str, int]]:
        kinds = [kind for kind, _label in IncomeLine._meta.get_field("kind").choices or ()]
        amounts = ((kind, self.cleaned_data[f"amount_{kind}"]) for kind in kinds)
        return [(kind, "", amount) for kind, amount in amounts if amount is not None]

    @property
    def deprivations(self) -> dict[str, bool | None]:
        said = {"yes": True, "no": False}
        return {name: said.get(self.cleaned_data[name]) for name in DEPRIVATIONS}


class ItemChoice(RowChoice):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Item.objects.all(), to_field_name="slug", empty_label=_("nothing chosen"), **kwargs)


class MeasureForm(DeskForm):
    kind = forms.ChoiceField(label=_("What help is it?"))
    source = forms.ChoiceField(
        label=_("From whom?"),
        choices=MeasureReceived._meta.get_field("source").choices or (),
        widget=forms.RadioSelect,
    )
    item = ItemChoice(
        label=_("The same as which need?"),
        required=False,
        help_text=_("So that nobody gives the same thing twice."),
    )
    amount = Yuan(label=_("Amount"))
    period_start = forms.DateField(label=_("First day"), widget=day_input())
    period_end = forms.DateField(label=_("Last day"), required=False, widget=day_input())
    member: Any = MemberChoice(
        None,
        label=_("For one person"),
        required=False,
        empty_label=_("for the whole family"),
        to_field_name="public_id",
    )
    document = forms.CharField(label=_("Document"), max_length=80, required=False)

    def prepare(self) -> None:
        self.fields["kind"].choices = choices("measure")  # type: ignore[attr-defined]
        self.fields["member"].queryset = self.obj.members.filter(live=True)  # type: ignore[attr-defined]


class StatusForm(DeskForm):
    status = forms.ChoiceField(label=_("Official status"))
    issuer = forms.CharField(label=_("Issuer"), max_length=120)
    document = forms.CharField(label=_("Document number"), max_length=80)
    valid_from = forms.DateField(label=_("Valid from"), widget=day_input())
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=day_input())

    def prepare(self) -> None:
        self.fields["status"].choices = choices("household_attribute")  # type: ignore[attr-defined]


class SeverityForm(DeskForm):
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        coerce=int,
        choices=[
            (5, _("5 · most urgent")),
            (4, _("4 · urgent")),
            (3, _("3 · ordinary")),
            (2, _("2 · can wait")),
            (1, _("1 · can wait")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why does the rule not fit here?"), max_length=200)

    def prepare(self) -> None:
        self.fields["severity"].initial = self.obj.severity


class EpisodeForm(DeskForm):
    """A reason out of a list: the journal keeps codes, never free text."""

    listed: tuple[tuple[str, Any], ...] = ()
    reason = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.fields["reason"].choices = self.listed  # type: ignore[attr-defined]


class ExitForm(EpisodeForm):
    listed = tuple(EXIT_REASONS)


class SuspendForm(EpisodeForm):
    listed = (
        ("death", _("the person concerned has died")),
        ("moved", _("the family moved away")),
        ("investigation", _("something is being looked into")),
    )


class ReturnToSupportForm(EpisodeForm):
    def prepare(self) -> None:
        self.fields["reason"].choices = choices("risk")  # type: ignore[attr-defined]
