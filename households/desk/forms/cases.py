"""Applications, data questions, visits, objections: what a worker writes down at each step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from common.masking import mask_id, mask_name
from households.answers import NeedAnswer
from households.desk.forms.base import NOBODY, DeskForm, MemberChoice, RowChoice, RowChoices, day_input, words
from households.desk.words import SUBJECTS_TOLD
from households.enums import IdentityLevel, Outcome, Urgency, VisitKind
from households.forms.decisions import DecisionField
from households.forms.public.needs import units_of
from households.forms.public.topics import TOPICS
from households.models import Member
from households.queries.colleagues import colleagues, fit_deciders
from reference.queries import add_working_days, items

PLACES = [("home", _("at home")), ("station", _("at the station")), ("elsewhere", _("elsewhere"))]


class UserChoice(RowChoice):
    """A colleague, named by the number that tells nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), to_field_name="public_id", empty_label=NOBODY, **kwargs)


class ReturnForm(DeskForm):
    missing = words(
        _("What is missing?"), required=True, help_text=_("One thing a line, in the family's words.")
    )

    def clean_missing(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["missing"].splitlines() if line.strip()]


class NoteForm(DeskForm):
    note = words(_("What did the family bring or say?"), required=True)


class AssignForm(DeskForm):
    worker = UserChoice(label=_("Who takes care of this family?"))

    def prepare(self) -> None:
        self.fields["worker"].queryset = colleagues(self.obj.area)  # type: ignore[attr-defined]


class ExplainForm(DeskForm):
    explanation = words(_("How does the family explain it?"), required=True)


class MemberChoices(RowChoices):
    """Members by masked name and number, as they stand in the file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Member.objects.none(),
            to_field_name="public_id",
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{mask_name(obj.name)} · {mask_id(obj.id_number)}"


class VisitForm(DeskForm):
    """What was seen, by two people or on video, and whether the identity document was shown."""

    done_at = forms.DateTimeField(
        label=_("When was the visit?"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    companion = UserChoice(
        label=_("Which colleague came along?"),
        required=False,
        help_text=_(
            "A visit is made by two people: answer one of these two questions, or tick that it was a video call."
        ),
    )
    companion_name = forms.CharField(
        label=_("Or somebody else who came along"),
        max_length=60,
        required=False,
        help_text=_("For example a village group head."),
    )
    by_video = forms.BooleanField(label=_("It was a video call"), required=False)
    identity_seen = forms.TypedChoiceField(
        label=_("Identity"), coerce=int, choices=IdentityLevel, widget=forms.RadioSelect
    )
    papers_of = MemberChoices(label=_("Whose document did you see?"), required=False)
    findings = words(_("What did you see?"), required=True)
    evidence = forms.FileField(
        label=_("Photo or recording"),
        required=False,
        help_text=_("At most 10 MB; place and time are removed."),
    )

    def prepare(self) -> None:
        self.fields["done_at"].initial = clock.now().astimezone(clock.SHANGHAI)
        self.fields["identity_seen"].initial = IdentityLevel.DECLARED
        people = colleagues(self.obj.household.area).exclude(pk=self.user.pk)
        self.fields["companion"].queryset = people  # type: ignore[attr-defined]
        members = self.obj.household.members.filter(live=True, id_index__isnull=False)
        self.fields["papers_of"].queryset = members.order_by("pk")  # type: ignore[attr-defined]

    def clean_done_at(self) -> datetime:
        moment: datetime = self.cleaned_data["done_at"]
        return moment


class NoShowForm(DeskForm):
    new_due = forms.DateField(label=_("When will you go again?"), widget=day_input())

    def prepare(self) -> None:
        self.fields["new_due"].initial = add_working_days(clock.today(), 2)


class RenewForm(DeskForm):
    deadline = forms.DateField(label=_("By when is it needed now?"), widget=day_input())


class OpenForm(DeskForm):
    reason = words(_("Why can it not wait?"), limit=200, required=True)


class FurtherForm(DeskForm):
    """One more need of a family on file, as it was said."""

    item = forms.ChoiceField(label=_("What is needed?"))
    quantity = forms.DecimalField(
        label=_("How much?"),
        max_digits=9,
        decimal_places=2,
        required=False,
        help_text=_("In the unit of the list. Leave it empty when it is not known yet."),
    )
    beneficiary = MemberChoice(
        Member.objects.none(),
        label=_("Who is it for?"),
        required=False,
        to_field_name="public_id",
        empty_label=_("The whole family"),
    )
    urgency = forms.ChoiceField(label=_("How soon?"), choices=Urgency, widget=forms.RadioSelect)
    deadline = forms.DateField(label=_("Needed by a certain day?"), required=False, widget=day_input())
    contribution = words(_("What can the family do itself?"), limit=200)

    def prepare(self) -> None:
        self.known = {item.slug: item for item in items()}
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            (
                topic.label,
                [
                    (slug, f"{self.known[slug].label} · {self.known[slug].unit_label}")
                    for slug in topic.items
                    if slug in self.known
                ],
            )
            for topic in TOPICS
        ]
        members = self.obj.members.filter(live=True).order_by("pk")
        self.fields["beneficiary"].queryset = members  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        item = self.known.get(data.get("item", ""))
        if item is None or "quantity" not in data:
            return data
        data["units"] = item.smallest_part or 1
        if data["quantity"] is not None:
            try:
                data["units"] = units_of(item, data["quantity"])
            except forms.ValidationError as error:
                self.add_error("quantity", error)
        return data

    @property
    def answer(self) -> NeedAnswer:
        data = self.cleaned_data
        return NeedAnswer(
            item=data["item"],
            quantity=data["units"],
            quantity_known=data["quantity"] is not None,
            urgency=data["urgency"],
            deadline=data["deadline"],
            contribution=data["contribution"],
        )


class CancelVisitForm(DeskForm):
    reason = forms.ChoiceField(
        label=_("Why is it no longer needed?"),
        choices=[
            ("answered", _("the family answered in another way")),
            ("ended", _("the file has ended")),
            ("double", _("it stood on the list twice")),
        ],
        widget=forms.RadioSelect,
    )


class PlanVisitForm(DeskForm):
    kind = forms.ChoiceField(
        label=_("Why this visit?"),
        choices=[(kind.value, kind.label) for kind in (VisitKind.FOLLOW_UP, VisitKind.VERIFICATION)],
        widget=forms.RadioSelect,
    )
    due = forms.DateField(label=_("By when?"), widget=day_input())


class DecidersForm(DeskForm):
    first = UserChoice(label=_("First person"))
    second = UserChoice(label=_("Second person"), help_text=_("Two people who had no part in this file."))

    def prepare(self) -> None:
        for name in ("first", "second"):
            self.fields[name].queryset = fit_deciders(self.obj)  # type: ignore[attr-defined]


class OpinionForm(DeskForm):
    opinion = forms.ChoiceField(
        label=_("Is the family right?"),
        choices=[
            ("uphold", _("Yes, the decision is to be changed")),
            ("dismiss", _("No, the decision stands")),
        ],
        widget=forms.RadioSelect,
    )
    answer = words(_("Answer to the family, in plain words"), required=True, limit=1000)


class RemedyForm(DeskForm):
    """What kind of thing was done, when, and in words what it was."""

    outcome = forms.ChoiceField(label=_("What came of it?"), choices=Outcome, widget=forms.RadioSelect)
    text = words(
        _("What was done?"), required=True, help_text=_("The family reads this on its page."), limit=1000
    )
    done_on = forms.DateField(label=_("On which day?"), widget=day_input())

    def prepare(self) -> None:
        self.fields["done_on"].initial = clock.today()


class ObjectionForm(DeskForm):
    decision = DecisionField(label=_("What does the family not agree with?"))
    text = words(_("In the family's words"), required=True)

    def prepare(self) -> None:
        self.fields["decision"].offer(self.obj, subjects=SUBJECTS_TOLD)  # type: ignore[attr-defined]
