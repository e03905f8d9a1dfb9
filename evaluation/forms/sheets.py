"""The evaluator's forms: the score sheet, findings, goals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from evaluation.enums import Heading, Veto
from evaluation.formulas.gas import LEVELS
from evaluation.models import Goal, Score

# What the points of a heading rest on (domain §4.7).
EVIDENCE: dict[str, Any] = {
    Heading.NEED_FIT: _("baseline, assessments, joint analyses"),
    Heading.LOGIC: _("plan, logic model, targets"),
    Heading.SCHEDULE: _("milestones, deliveries, progress reports"),
    Heading.FINANCE: _("budget, payments, vouchers, administration fee"),
    Heading.RECORDS: _("check of files and consents"),
    Heading.TEAM: _("list of staff, supervision notes"),
    Heading.ATTAINMENT: _("goals on the five-step scale, indicators"),
    Heading.SATISFACTION: _("answers of the households"),
    Heading.CHANGE: _("figures before and after, or of a comparison"),
    Heading.SUSTAINABILITY: _("report, feedback to donors, what remains"),
}
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Was it designed well?"), (Heading.NEED_FIT, Heading.LOGIC)),
    (_("Is it run by the rules?"), (Heading.SCHEDULE, Heading.FINANCE, Heading.RECORDS, Heading.TEAM)),
    (
        _("Does it have an effect?"),
        (Heading.ATTAINMENT, Heading.SATISFACTION, Heading.CHANGE, Heading.SUSTAINABILITY),
    ),
)


PARTS = ("points", "reason", "paper", "other")


class ScoreForm(Form):
    """Points, a reason and the evidence looked at for each heading; an unfinished sheet can be kept."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, scorecard: Mapping[str, int], papers: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for heading, most in scorecard.items():
            points = forms.DecimalField(
                label=Heading(heading).label,
                required=False,
                min_value=0,
                max_value=most,
                decimal_places=1,
                help_text=_("0 to %(most)d; look at: %(evidence)s")
                % {"most": most, "evidence": EVIDENCE[heading]},
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
            points.unit = _("points")  # type: ignore[attr-defined]
            self.fields[f"points_{heading}"] = points
            self.fields[f"reason_{heading}"] = forms.CharField(
                label=_("Why?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
            )
            self.fields[f"paper_{heading}"] = forms.ChoiceField(
                label=_("Which paper on record shows it?"),
                required=False,
                choices=[("", _("none named")), *papers.items()],
            )
            self.fields[f"other_{heading}"] = forms.CharField(
                label=_("Other evidence seen"),
                required=False,
                max_length=200,
                help_text=_("Without names of households."),
            )
        self.fields["veto"] = forms.ChoiceField(
            label=_("A grave breach?"),
            required=False,
            choices=[("", _("no")), *Veto.choices],
            help_text=_("One of these fails the project whatever its points say."),
        )
        self.headings = list(scorecard)

    @staticmethod
    def opened(score: Score | None) -> dict[str, Any]:
        """What the form shows of a kept sheet."""
        if score is None:
            return {}
        shown: dict[str, Any] = {"version": score.version, "veto": score.veto}
        shown |= {f"points_{heading}": value for heading, value in score.points.items()}
        for heading, named in score.evidence.items():
            shown |= {f"{name}_{heading}": words for name, words in named.items()}
        return shown | {f"reason_{heading}": text for heading, text in score.reasons.items()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for heading in self.headings:
            value = data.get(f"points_{heading}")
            if value is not None and value % Decimal("0.5"):
                self.add_error(f"points_{heading}", _("Give whole or half points."))
        return data

    def sheet(self) -> dict[str, Any]:
        """The sheet as the service takes it."""
        data = self.cleaned_data
        points = {h: str(data[f"points_{h}"]) for h in self.headings if data.get(f"points_{h}") is not None}
        return {
            "points": points,
            "reasons": {h: data[f"reason_{h}"] for h in self.headings if data[f"reason_{h}"]},
            "evidence": {
                h: {name: data[f"{name}_{h}"] for name in ("paper", "other")} for h in self.headings
            },
            "veto": data["veto"],
            "version": data["version"],
        }

    def grouped(self) -> list[tuple[Any, list[Any]]]:
        """The fields under the paper's three questions."""
        return [
            (title, [[self[f"{part}_{h}"] for part in PARTS] for h in headings if h in self.headings])
            for title, headings in GROUPS
        ]


class FindingForm(Form):
    text = forms.CharField(
        label=_("What did you find?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Without names of households."),
    )  # fmt: skip
    due = forms.DateField(
        label=_("By when must it be put right?"),
        required=False,
        help_text=_("With a date the stage is not passed before it is put right."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class RecusalForm(Form):
    reason = forms.CharField(
        label=_("What ties you to this project?"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class GoalRatingForm(Form):
    """Which step each goal reached."""

    def __init__(self, *args: Any, goals: Iterable[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for goal in goals:
            steps = [
                (level, f"{level:+d}  {text}" if level else f"0  {text}")
                for level, text in zip(LEVELS, goal.steps, strict=True)
            ]
            self.fields[goal.public_id] = forms.TypedChoiceField(
                label=goal.title, choices=steps, coerce=int, widget=forms.RadioSelect, initial=goal.attained
            )


STEPS = {
    -2: _("Much less than expected (-2)"),
    -1: _("Less than expected (-1)"),
    0: _("As expected (0)"),
    1: _("More than expected (+1)"),
    2: _("Much more than expected (+2)"),
}


class GoalForm(Form):
    """One goal with its five steps."""

    title = forms.CharField(label=_("Goal"), max_length=120)
    weight = forms.IntegerField(
        label=_("Weight"), min_value=1, max_value=5, initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    step_1 = forms.CharField(label=STEPS[-2], max_length=200)
    step_2 = forms.CharField(label=STEPS[-1], max_length=200)
    step_3 = forms.CharField(label=STEPS[0], max_length=200)
    step_4 = forms.CharField(label=STEPS[1], max_length=200)
    step_5 = forms.CharField(label=STEPS[2], max_length=200)
    baseline = forms.TypedChoiceField(
        label=_("Where does it stand today?"),
        coerce=int,
        choices=[*STEPS.items()],
    )

    def goal(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "title": data["title"],
            "weight": data["weight"],
            "baseline": data["baseline"],
            "steps": [data[f"step_{number}"] for number in range(1, 6)],
        }
