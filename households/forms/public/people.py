"""Who lives in the household: the fields the form guide marks as mandatory (domain §2.1), in small groups."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.identity import birth_date_of, holder_of
from households.forms.public import vocabulary, words
from households.forms.public.dates import PartialDateField, as_date
from households.forms.public.step import StepForm, each, for_other, refusing
from households.rules import NUMBER_TELLS_BIRTH, check_document

FIRST = "m1"


class WhoForm(StepForm):
    name = forms.CharField(label=_("Name"), max_length=60, error_messages={"required": _("Write the name.")})
    sex = forms.ChoiceField(
        label=_("Sex"),
        widget=forms.RadioSelect,
        choices=[("female", _("female")), ("male", _("male"))],
        error_messages={"required": _("Choose one.")},
    )
    relation = forms.ChoiceField(
        label=_("Relation to the head of the household"),
        error_messages={"required": _("Choose the relation to the head of the household.")},
    )

    def prepare(self) -> None:
        choices = vocabulary.choices("relation_to_head")
        self.offer("relation", [("", _("Choose")), *words.said(words.RELATIONS, choices)])
        if self.slot == FIRST:
            self.fields["relation"].help_text = _(
                "The head is the person on the first page of the household register."
            )
            self.fields["relation"].initial = "head"

    def clean_relation(self) -> str:
        """One household, one head (domain §2.9 HH-01)."""
        relation = str(self.cleaned_data["relation"])
        if relation == "head":
            for slot, other in each(self.answers, "who"):
                if slot != self.slot and other["relation"] == "head":
                    raise forms.ValidationError(
                        _(
                            "You already named %(name)s as head of the household. Choose another relation here."
                        ),
                        code="two_heads",
                        params={"name": other["name"]},
                    )
        return relation


class PapersForm(StepForm):
    id_kind = forms.ChoiceField(
        label=_("Document"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )
    id_number = forms.CharField(
        label=_("Number on the document"),
        help_text=_("No document at hand? Leave it empty; the social worker adds it at the visit."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth = PartialDateField(
        label=_("Born"), help_text=_("Only when there is no identity number. The year alone is enough.")
    )

    def prepare(self) -> None:
        self.offer("id_kind", vocabulary.choices("identity_document"))
        self.fields["id_kind"].initial = "resident_id"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        number, kind = data.get("id_number", ""), data.get("id_kind") or "resident_id"
        if number and kind == "none":
            kind = "resident_id"
        if number:
            try:
                data["id_number"] = refusing(lambda: check_document(kind, number))
            except forms.ValidationError as error:
                self.add_error("id_number", error)
                return data
            self._refuse_twice(data["id_number"])
        data["id_kind"] = kind
        return data

    def _refuse_twice(self, number: str) -> None:
        for slot, other in each(self.answers, "papers"):
            if slot != self.slot and holder_of(other.get("id_number", "")) == holder_of(number):
                name = self.answers.get(f"who:{slot}", {}).get("name", "")
                message = gettext("You wrote the same number for %(name)s. Look at both documents once more.")
                self.add_error("id_number", forms.ValidationError(message % {"name": name}, code="id_twice"))


class LifeForm(StepForm):
    schooling = forms.ChoiceField(
        label=pgettext_lazy("question", "School"),
        error_messages={"required": _("Choose one; “not sure” is also an answer.")},
    )
    health = forms.MultipleChoiceField(
        label=_("Health"),
        help_text=_("More than one may be true."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what is true; “healthy” when nothing is wrong.")},
    )
    labour = forms.ChoiceField(
        label=pgettext_lazy("question", "Work"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is closest.")},
    )

    def prepare(self) -> None:
        student = [(f"s:{slug}", label) for slug, label in vocabulary.choices("student")]
        education = [(f"e:{slug}", label) for slug, label in vocabulary.choices("education")]
        self.offer(
            "schooling",
            [
                ("", _("Choose")),
                (_("Goes to school, or is too small for it"), student),
                (_("No longer at school; went as far as"), education),
                ("unknown", _("Not sure")),
            ],
        )
        health = vocabulary.choices("health")
        labour = vocabulary.choices("labour")
        self.offer("health", words.said(words.HEALTH, health))
        self.offer("labour", words.said(words.LABOUR, labour))

    def clean_health(self) -> list[str]:
        """“Healthy” stands alone (domain §2.1)."""
        health = list(self.cleaned_data["health"])
        if "healthy" in health and len(health) > 1:
            raise forms.ValidationError(
                _("“Healthy” and something else do not go together. Keep what is true."), code="healthy_alone"
            )
        return health


class DisabilityForm(StepForm):
    disability_kind = forms.ChoiceField(
        label=_("Kind of disability"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is closest.")},
    )
    disability_grade = forms.ChoiceField(label=_("Grade on the certificate"), required=False)

    def prepare(self) -> None:
        self.offer("disability_kind", vocabulary.choices("disability_kind"))
        grades = vocabulary.choices("disability_grade")
        self.offer("disability_grade", [("", _("Not sure, or no certificate")), *grades])


class FamilyForm(StepForm):
    more = forms.ChoiceField(
        label=_("Does anybody else live and eat with you?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes, add a person")), ("no", _("No, that is everybody"))],
        error_messages={"required": _("Say whether somebody is still missing.")},
    )

    def prepare(self) -> None:
        if for_other(self.answers):
            self.fields["more"].label = _("Does anybody else live and eat with them?")


def born(papers: dict[str, Any]) -> date | None:
    """The birth date from the number, or the first day that what was written allows."""
    if papers.get("id_number") and papers.get("id_kind") in NUMBER_TELLS_BIRTH:
        return birth_date_of(papers["id_number"])
    return as_date(papers["birth"]) if papers.get("birth") else None
