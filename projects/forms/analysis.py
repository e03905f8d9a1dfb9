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

    main_cause = forms.ChoiceField(label=_("What is the main cause that makes it hard?"), required=False)
    causes = forms.MultipleChoiceField(
        label=_("What else makes it hard?"),
        help_text=_("Two at most, beside the main cause."),
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
        known = choices("cause", for_household=True)
        self.fields["causes"].choices = known  # type: ignore[attr-defined]
        self.fields["main_cause"].choices = [("", _("Choose")), *known]  # type: ignore[attr-defined]

    @staticmethod
    def opened(analysis: JointAnalysis) -> dict[str, Any]:
        """What the form shows of a stored text."""
        names = ("cause_notes", "strengths", "responses", "version")
        main, *others = analysis.causes or [""]
        return {
            **{name: getattr(analysis, name) for name in names},
            "main_cause": main,
            "causes": others,
            "goals": "\n".join(analysis.goals),
        }

    def clean(self) -> dict[str, Any]:
        """The main cause first, and once."""
        data = super().clean() or self.cleaned_data
        main = data.pop("main_cause", "")
        others = [cause for cause in data.get("causes", []) if cause != main]
        if others and not main:
            self.add_error("main_cause", _("Which of them is the main cause?"))
        if len(others) >= CAUSES_AT_MOST:
            self.add_error("causes", _("Name one main cause and at most two others."))
        data["causes"] = [main, *others] if main else others
        return data

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
        help_text=_(
            "Needed for sending back, refusing, pausing, ending, and for beginning with less than was asked for."
        ),
    )  # fmt: skip
