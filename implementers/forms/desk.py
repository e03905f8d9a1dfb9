"""The desk's forms: the scorecard of six headings, and the decisions open in each state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from implementers import services
from implementers.enums import (
    HEADING_POINTS,
    AgencyState,
    FundHolderState,
    Heading,
    Level,
)
from implementers.models import Admission

HEADING_HINTS: dict[str, Any] = {
    Heading.LEGAL: _("credit code, certificate in force, annual inspection, no entry on a list of breaches"),
    Heading.GOVERNANCE: _("board, rules, conflicts of interest, grade of social organisations"),
    Heading.TEAM: _("licensed social workers, someone named for the money, training"),
    Heading.FINANCE: _("audit, own account, costs of running"),
    Heading.EXPERIENCE: _("projects done, their size and results"),
    Heading.SAFEGUARDING: _("protection of children, privacy rules, how complaints are answered"),
}


class ScorecardForm(Form):
    """Points for each heading; together 100."""

    rationale = forms.CharField(
        label=_("What speaks for these points?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for heading in Heading:
            most = HEADING_POINTS[heading]
            self.fields[heading.value] = forms.IntegerField(
                label=f"{heading.label} (0–{most})",
                min_value=0,
                max_value=most,
                help_text=HEADING_HINTS[heading],
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )
        self.order_fields([*Heading.values, "rationale"])

    def scores(self) -> dict[str, int]:
        return {heading: self.cleaned_data[heading] for heading in Heading.values}


class AdmissionDecisionForm(Form):
    """What a supervisor decides on a proposal."""

    act = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[
            ("admit", _("Admit to the level below")),
            ("send_back", _("Send the scorecard back")),
            ("refuse", _("Do not admit")),
        ],
        widget=forms.RadioSelect,
    )
    level = forms.ChoiceField(label=_("Level"), required=False)
    reason = forms.CharField(
        label=_("Why?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for every no; the agency reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, admission: Admission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["level"]
        field.choices = [choice for choice in Level.choices if choice[0] <= admission.level]
        field.initial = admission.level


@dataclass(frozen=True)
class Act:
    """One decision: its words, the states it is open in, the service it runs (object, reason, by, at)."""

    label: Any
    states: frozenset[str]
    run: Callable[[Any, str, Any, Any], Any]


HOLDER_ACTS: Mapping[str, Act] = {
    "take_on": Act(
        _("I have looked at the papers; a supervisor decides"),
        frozenset({FundHolderState.APPLIED}),
        lambda holder, reason, by, at: services.start_checking_fund_holder(holder=holder, by=by, at=at),
    ),
    "admit": Act(
        _("Admit it"),
        frozenset({FundHolderState.CHECKING}),
        lambda holder, reason, by, at: services.admit_fund_holder(holder=holder, by=by, at=at),
    ),
    "refuse": Act(
        _("Do not admit it"),
        frozenset({FundHolderState.CHECKING}),
        lambda holder, reason, by, at: services.refuse_fund_holder(
            holder=holder, reason=reason, by=by, at=at
        ),
    ),
    "suspend": Act(
        _("No new money for now"),
        frozenset({FundHolderState.ADMITTED}),
        lambda holder, reason, by, at: services.suspend_fund_holder(
            holder=holder, reason=reason, by=by, at=at
        ),
    ),
    "resume": Act(
        _("May receive again"),
        frozenset({FundHolderState.SUSPENDED}),
        lambda holder, reason, by, at: services.resume_fund_holder(holder=holder, by=by, at=at),
    ),
}
AGENCY_ACTS: Mapping[str, Act] = {
    "take_on": Act(
        _("I take the check on"),
        frozenset({AgencyState.APPLIED}),
        lambda agency, reason, by, at: services.start_checking(agency=agency, by=by, at=at),
    ),
    "check_again": Act(
        _("Check it again; no new projects until that is done"),
        frozenset({AgencyState.ADMITTED}),
        lambda agency, reason, by, at: services.start_checking(agency=agency, by=by, at=at),
    ),
}


class ActForm(Form):
    """The acts open in a state, and a reason for those that say no."""

    act = forms.ChoiceField(label=_("What do you decide?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for every no; the organisation reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, acts: Mapping[str, Act], state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["act"]
        field.choices = [(slug, act.label) for slug, act in acts.items() if state in act.states]

    @property
    def has_acts(self) -> bool:
        field: Any = self.fields["act"]
        return bool(field.choices)
