"""What happened, in the household's words, and which help already comes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from households.forms.public import vocabulary, words
from households.forms.public.step import StepForm, for_other

MOST_CAUSES = 3


class CauseForm(StepForm):
    causes = forms.MultipleChoiceField(
        label=_("What made things hard?"),
        help_text=_("Up to three. Not sure? Leave it empty."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    story = forms.CharField(
        label=_("Tell us in your own words"),
        help_text=_("A few sentences are enough. Only the social worker reads them."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def prepare(self) -> None:
        choices = vocabulary.choices("cause")
        self.offer("causes", words.said(words.CAUSES, choices))

    def clean_causes(self) -> list[str]:
        """One main cause and at most two others (domain §2.1)."""
        causes = list(self.cleaned_data["causes"])
        if len(causes) > MOST_CAUSES:
            raise forms.ValidationError(
                _("Choose the three that weigh most; tell the rest in your own words."), code="too_many"
            )
        return causes


class MainCauseForm(StepForm):
    main = forms.ChoiceField(
        label=_("Which of these weighs most?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the one that weighs most.")},
    )

    def prepare(self) -> None:
        chosen = self.answers.get("cause", {}).get("causes", [])
        choices = words.said(words.CAUSES, vocabulary.choices("cause"))
        self.offer("main", [choice for choice in choices if choice[0] in chosen])


class MeasuresForm(StepForm):
    measures = forms.MultipleChoiceField(
        label=_("Which help does the family already get?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        if not for_other(self.answers):
            self.fields["measures"].label = _("Which help do you already get?")
        self.offer("measures", vocabulary.choices("measure"))
