"""Writing down who is trained."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from households.desk.forms.base import DeskForm, day_input
from households.desk.forms.cases import UserChoice
from households.models import Instrument
from households.queries.colleagues import colleagues


class TrainingForm(DeskForm):
    """`obj` is the prefix of the supervisor's area."""

    holder = UserChoice(label=_("Which colleague?"))
    code = forms.ChoiceField(label=_("Trained to ask"))
    course = forms.CharField(
        label=_("Course and certificate"),
        max_length=120,
        help_text=_("As it stands on the paper you have seen."),
    )
    valid_to = forms.DateField(label=_("Valid until"), widget=day_input())

    def prepare(self) -> None:
        people = colleagues(self.obj, within=True).exclude(pk=self.user.pk)
        self.fields["holder"].queryset = people  # type: ignore[attr-defined]
        trained = [row.scale for row in Instrument.objects.current().order_by("code") if row.scale.trained]
        self.fields["code"].choices = [(scale.code, str(scale.title)) for scale in trained]  # type: ignore[attr-defined]
