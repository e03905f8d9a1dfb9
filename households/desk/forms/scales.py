"""The questions of one version, as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from households.desk.forms.base import DeskForm, MemberChoice, day_input
from households.enums import AskedBy
from households.measures.scales import REFUSED
from households.models import Instrument, Member

HEAD = ("member", "mode", "proxy", "asked_on")


class QuestionnaireForm(DeskForm):
    """The questions of one version, each with the answer that nothing is said; `obj` is the household."""

    member = MemberChoice(Member.objects.none(), label=_("Who is asked?"), to_field_name="public_id")
    mode = forms.ChoiceField(
        label=_("How is it asked?"),
        choices=AskedBy.choices,
        initial=AskedBy.INTERVIEWER,
        widget=forms.RadioSelect,
    )
    proxy = forms.CharField(
        label=_("Who answers instead?"),
        max_length=60,
        required=False,
        help_text=_("Only when somebody else answers: who it is, for example the daughter."),
    )
    asked_on = forms.DateField(label=_("On which day?"), widget=day_input())

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        self.instrument = instrument
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        living = self.obj.members.filter(live=True).order_by("pk")
        self.fields["member"].queryset = living  # type: ignore[attr-defined]
        self.fields["asked_on"].initial = clock.today()
        scale = self.instrument.scale
        choices = [(choice.slug, str(choice.words)) for choice in scale.choices]
        for number, question in enumerate(scale.questions, start=1):
            self.fields[f"item_{question.slug}"] = forms.ChoiceField(
                label=f"{number}. {question.words}",
                choices=[*choices, (REFUSED, _("prefers not to say"))],
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def sections(self) -> Any:
        asked = [name for name in self.fields if name.startswith("item_")]
        return self.split((_("Who and how"), list(HEAD)), (_("The questions"), asked))

    @property
    def answers(self) -> dict[str, str]:
        """What was answered or refused; what was not asked is left out."""
        return {
            name.removeprefix("item_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("item_") and value
        }
