"""Acting on a danger, and closing it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from households.desk.forms.base import LONG, DeskForm, day_input, words


class SafetyForm(DeskForm):
    """What of the list was done, in words with whom, and when somebody is there again."""

    steps = forms.MultipleChoiceField(label=_("What have you done?"), widget=forms.CheckboxSelectMultiple)
    done = words(_("What did you do, with whom, and how is the person now?"), required=True)
    next_contact = forms.DateField(label=_("By when does somebody see the person again?"), widget=day_input())

    def prepare(self) -> None:
        steps = self.obj.result.instrument.scale.safety_steps
        self.fields["steps"].choices = [(step.slug, str(step.words)) for step in steps]  # type: ignore[attr-defined]
        self.fields["next_contact"].initial = clock.today()


class SafetyCloseForm(DeskForm):
    closing = forms.CharField(
        label=_("How do things stand now?"), max_length=1000, widget=forms.Textarea(attrs=LONG)
    )
