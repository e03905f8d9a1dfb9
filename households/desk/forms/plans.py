"""The service plan as a form, its rating and its steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.attainment import GOALS_AT_MOST, LEVELS
from households.desk.forms.base import DeskForm, day_input, optional, words
from households.enums import Doer
from households.planning import LEVEL_WORDS, STEPS_AT_MOST, flat, goals_of, steps_of

OPEN_AT_FIRST = {"goal": 2, "step": 3}  # the rest is folded until something stands in it


class PlanForm(DeskForm):
    """Up to five goals, each with its five levels, and up to eight steps; `obj` is the plan being written."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    review_due = forms.DateField(
        label=_("By when do you look at the plan together again?"), required=False, widget=day_input()
    )

    def prepare(self) -> None:
        self.fields["version"].initial = self.obj.version
        self.fields["review_due"].initial = self.obj.review_due
        known = flat(self.obj.goals, self.obj.steps)
        for number in range(1, GOALS_AT_MOST + 1):
            self._goal(f"goal_{number}_")
        for number in range(1, STEPS_AT_MOST + 1):
            self._step(f"step_{number}_")
        for name, value in known.items():
            self.fields[name].initial = value

    def _goal(self, name: str) -> None:
        self.fields[f"{name}text"] = words(
            _("What does the family want to reach?"),
            help_text=_("In its own words: to be seen, to be counted, by a day."),
            limit=300,
        )
        self.fields[f"{name}weight"] = forms.TypedChoiceField(
            label=_("How much does it matter to the family?"),
            coerce=int,
            choices=[(5, "5"), (4, "4"), (3, "3"), (2, "2"), (1, "1")],
            initial=1,
            required=False,
        )
        for level in LEVELS:
            self.fields[f"{name}level_{level + 3}"] = forms.CharField(
                label=LEVEL_WORDS[level], max_length=200, required=False
            )
        self.fields[f"{name}now"] = forms.TypedChoiceField(
            label=_("Where is the family now?"),
            coerce=int,
            empty_value=None,
            choices=optional((level, LEVEL_WORDS[level]) for level in LEVELS),
            required=False,
        )

    def _step(self, name: str) -> None:
        self.fields[f"{name}what"] = forms.CharField(label=_("What is done?"), max_length=300, required=False)
        self.fields[f"{name}who"] = forms.ChoiceField(
            label=_("Who does it?"), choices=Doer.choices, required=False
        )
        self.fields[f"{name}due"] = forms.DateField(label=_("By when?"), required=False, widget=day_input())

    @property
    def blocks(self) -> list[tuple[str, int, bool, list[Any]]]:
        """Kind, number, whether it stands open, and its fields."""
        found = []
        for kind, most in (("goal", GOALS_AT_MOST), ("step", STEPS_AT_MOST)):
            for number in range(1, most + 1):
                bound = [self[name] for name in self.fields if name.startswith(f"{kind}_{number}_")]
                said = bound[0].value() or any(field.errors for field in bound)
                found.append((kind, number, number <= OPEN_AT_FIRST[kind] or bool(said), bound))
        return found

    @property
    def changes(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"goals": goals_of(data), "steps": steps_of(data), "review_due": data["review_due"]}


class RatingForm(DeskForm):
    """One level for each goal, held against what was written before."""

    rated_on = forms.DateField(label=_("On which day?"), widget=day_input())
    note = words(_("What does the family say to it?"))

    def prepare(self) -> None:
        self.fields["rated_on"].initial = clock.today()
        fields: dict[str, forms.Field] = {}
        for number, goal in enumerate(self.obj.goals, start=1):
            fields[f"level_{number}"] = forms.TypedChoiceField(
                label=goal["text"],
                coerce=int,
                choices=[
                    (level, f"{level:+d} · {said}" if level else f"0 · {said}")
                    for level, said in zip(LEVELS, goal["levels"], strict=True)
                ],
                widget=forms.RadioSelect,
            )
        self.fields = fields | self.fields

    @property
    def levels(self) -> list[int]:
        return [self.cleaned_data[f"level_{number}"] for number in range(1, len(self.obj.goals) + 1)]


class StepForm(DeskForm):
    word = words(_("What came of it?"), required=True, limit=1000)
