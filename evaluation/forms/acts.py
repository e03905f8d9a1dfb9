"""Forms of the agency and of the supervisors' desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.forms import Form
from evaluation.enums import BY_HAND, FREEZES, REVIEWS, Measure
from evaluation.models import EliminationCase
from evaluation.rules import open_measures
from files.forms import UploadField


class TextForm(Form):
    """A comment, a statement, an appeal."""

    text = forms.CharField(max_length=3000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, label: Any, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, hint


class SummaryForm(Form):
    summary = forms.CharField(
        label=_("Summary for everybody"),
        max_length=2000,
        help_text=_("What the project achieved and what it should do better; no names of households."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AnswerForm(Form):
    answer = forms.CharField(
        label=_("How was it put right, and by what did you see it?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(Form):
    reason = forms.CharField(label=_("Why?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class DayForm(Form):
    """As of the end of which day."""

    as_of = forms.DateField(
        label=_("As of the end of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day > clock.today():
            raise forms.ValidationError(_("This day has not been yet. Choose an earlier one."))
        return day


class InquiryForm(Form):
    """What a case is opened on by hand; what freezes the agency says so beside the choice."""

    trigger = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[(one.value, one.label) for one in BY_HAND],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("What was found?"),
        max_length=1000,
        help_text=_("The agency reads this and answers it. Name nobody who reported it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    evidence = UploadField(
        purpose="case_evidence",
        label=_("What shows it"),
        help_text=_(
            "A photo or file of at most 10 MB. Only the workers of the place open it, not the agency."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Frozen at once: nothing new goes to the agency until two people have decided.")
        self.fields["trigger"].option_hints = {  # type: ignore[attr-defined]
            one.value: hint for one in BY_HAND if one in FREEZES
        }


class MeasureForm(Form):
    """At a review of a running measure only what follows it; the first choice lifts it."""

    decision = forms.ChoiceField(
        label=_("What is to happen?"), choices=Measure.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1000,
        help_text=_("The agency reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, case: EliminationCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Measure.choices)
        if case.trigger in REVIEWS:
            words[Measure.NONE.value] = _("lift the measure: in good standing again")
        decision: Any = self.fields["decision"]
        decision.choices = [(measure, words[measure]) for measure in open_measures(case)]


class AppealForm(Form):
    granted = forms.TypedChoiceField(
        label=_("Is the agency right?"),
        choices=[("yes", _("yes, the result changes")), ("no", _("no, the result stands"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    corrected_score = forms.DecimalField(
        label=_("Corrected score"), required=False, min_value=0, max_value=100, decimal_places=2,
        help_text=_("Only when an evaluation changes."), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Answer to the agency"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
