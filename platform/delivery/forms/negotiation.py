"""Discussing an entrustment and asking for its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from delivery.enums import ENTRUSTMENT_PARTS, RemarkKind, Signer
from delivery.forms.fields import LongText, PaperField
from delivery.words import PART_LABELS

CLAUSES = [(part, PART_LABELS[part]) for part in ENTRUSTMENT_PARTS]
POINTS = [choice for choice in RemarkKind.choices if choice[0] != RemarkKind.DECLINED]
BREAKERS = [(party.value, party.label) for party in (Signer.AGENCY, Signer.FUND_HOLDER)]
PAPER_HINT = _("A photo or a PDF, up to 10 MB. Cover the names of families.")


class RemarkForm(Form):
    kind = forms.ChoiceField(label=_("What is it about?"), choices=POINTS)
    text = LongText(label=_("What should be changed?"), max_length=500, help_text=_("No names of families."))


class DeclineForm(Form):
    reason = LongText(label=_("Why do you not agree?"), max_length=500, help_text=_("No names of families."))


class KeepForm(Form):
    """Carries which remarks were read, so that no other is answered by it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    answer = LongText(label=_("Why does the text stay as it is?"), max_length=500)

    def read(self) -> list[str]:
        return split(self.cleaned_data["seen"])


class AskEndForm(Form):
    reason = LongText(label=_("Why should it end?"), max_length=300)


class ForceForm(Form):
    reason = LongText(label=_("What happened, and why can it not go on?"), max_length=300)
    upload = PaperField(label=_("The paper that shows it"), help_text=PAPER_HINT)


class BreachForm(Form):
    clause = forms.ChoiceField(label=_("Which clause was broken?"), choices=CLAUSES)
    reason = LongText(label=_("How was it broken?"), max_length=300)
    upload = PaperField(label=_("The paper that shows it"), help_text=PAPER_HINT)


class PlatformBreachForm(BreachForm):
    against = forms.ChoiceField(label=_("Who broke it?"), choices=BREAKERS)
    field_order = ["against", "clause", "reason", "upload"]


class AnswerForm(Form):
    """Carries which end was read, so that only this one is answered."""

    ending = forms.CharField(max_length=12, widget=forms.HiddenInput)


class StatementForm(AnswerForm):
    text = LongText(label=_("How do you see it?"), max_length=2000, rows=5)


class ReadForm(AnswerForm):
    text = LongText(label=_("Do you want to add something?"), required=False)


class DecideForm(AnswerForm):
    ends = forms.ChoiceField(
        label=_("Does the agreement end?"),
        choices=[("yes", _("Yes, it ends")), ("no", _("No, it stays in force"))],
        widget=forms.RadioSelect,
    )
    reason = LongText(label=_("Why?"), max_length=500)


def split(listed: str) -> list[str]:
    return [one for one in listed.split(",") if one]


def joined(rows: Any) -> str:
    """The marks of what is shown, to be sent back with the answer."""
    return ",".join(row.public_id for row in rows)
