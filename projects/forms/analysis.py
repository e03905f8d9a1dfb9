"""Forms of the joint analysis, its confirmations, and of the desk's decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from projects.models import JointAnalysis
from projects.services.analysis import CAUSES_AT_MOST, GOALS
from reference.queries import choices


class AnalysisForm(Form):
    """Causes, strengths, answers and goals, in the words both sides found."""

    causes = forms.MultipleChoiceField(
        label=_("What makes it hard, first the main cause?"),
        help_text=_("Three at most."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    cause_notes = forms.CharField(
        label=_("How did you come to this?"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    strengths = forms.CharField(
        label=_("What can the family build on?"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    responses = forms.CharField(
        label=_("What will you do together?"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    goals = forms.CharField(
        label=_("Which goals do you set yourselves?"), required=False, max_length=1000,
        help_text=_("One to five, each on a line of its own."), widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["causes"].choices = choices("cause", for_household=True)  # type: ignore[attr-defined]

    @staticmethod
    def opened(analysis: JointAnalysis) -> dict[str, Any]:
        """What the form shows of a stored text."""
        names = ("causes", "cause_notes", "strengths", "responses", "version")
        return {name: getattr(analysis, name) for name in names} | {"goals": "\n".join(analysis.goals)}

    def clean_causes(self) -> list[str]:
        causes = list(self.cleaned_data["causes"])
        if len(causes) > CAUSES_AT_MOST:
            raise forms.ValidationError(_("Name one main cause and at most two others."))
        return causes

    def clean_goals(self) -> list[str]:
        goals = [line.strip() for line in self.cleaned_data["goals"].splitlines() if line.strip()]
        if len(goals) > max(GOALS):
            raise forms.ValidationError(_("Write down one to five goals."))
        return goals


class NoteForm(Form):
    """The household's answer, given to a worker."""

    evidence = forms.FileField(label=_("Photo or recording that shows the family's answer"))


class OpenAnalysisForm(Form):
    """Which family of the own area the text is written with."""

    household = forms.ChoiceField(label=_("Which family?"))

    def __init__(self, *args: Any, households: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["household"].choices = [("", _("Choose")), *households.items()]  # type: ignore[attr-defined]


class StepForm(Form):
    """One step of a project's course; a refusal or a pause says why."""

    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for sending back, refusing, pausing and ending."),
    )  # fmt: skip
