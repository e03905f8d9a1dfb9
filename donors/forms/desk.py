"""Decisions at the desk: which acts are open for a donor or a lot, and what each of them runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from donors import services
from donors.enums import DonorState, LotState
from donors.models import Donor, Lot


@dataclass(frozen=True)
class Act:
    """One decision: its words, the states it is open in, the service it runs (object, reason, by, at)."""

    label: Any
    states: frozenset[str]
    run: Callable[[Any, str, Any, Any], Any]


DONOR_ACTS: Mapping[str, Act] = {
    "verify": Act(
        _("I have seen the papers, everything agrees: accept"),
        frozenset({DonorState.REGISTERED, DonorState.CHECKING}),
        lambda donor, reason, by, at: services.verify_donor(donor=donor, seen=reason, by=by, at=at),
    ),
    "take_on": Act(
        _("I take the check on"),
        frozenset({DonorState.REGISTERED, DonorState.REFUSED}),
        lambda donor, reason, by, at: services.start_checking_donor(donor=donor, by=by, at=at),
    ),
    "refuse": Act(
        _("Do not accept"),
        frozenset({DonorState.REGISTERED, DonorState.CHECKING}),
        lambda donor, reason, by, at: services.refuse_donor(donor=donor, reason=reason, by=by, at=at),
    ),
    "suspend": Act(
        _("No new offers for now"),
        frozenset({DonorState.VERIFIED}),
        lambda donor, reason, by, at: services.suspend_donor(donor=donor, reason=reason, by=by, at=at),
    ),
    "resume": Act(
        _("May offer again"),
        frozenset({DonorState.SUSPENDED}),
        lambda donor, reason, by, at: services.resume_donor(donor=donor, by=by, at=at),
    ),
}
LOT_ACTS: Mapping[str, Act] = {
    "review": Act(
        _("I take the review on"),
        frozenset({LotState.SUBMITTED}),
        lambda lot, reason, by, at: services.review_lot(lot=lot, by=by, at=at),
    ),
    "list": Act(
        _("Everything agrees: list it"),
        frozenset({LotState.REVIEWING}),
        lambda lot, reason, by, at: services.list_lot(lot=lot, by=by, at=at),
    ),
    "reject": Act(
        _("Do not list it"),
        frozenset({LotState.REVIEWING}),
        lambda lot, reason, by, at: services.reject_lot(lot=lot, reason=reason, by=by, at=at),
    ),
    "freeze": Act(
        _("Hold it while a doubt is looked into"),
        frozenset({LotState.LISTED, LotState.USED_UP}),
        lambda lot, reason, by, at: services.freeze_lot(lot=lot, reason=reason, by=by, at=at),
    ),
    "unfreeze": Act(
        _("The doubt is settled: go on"),
        frozenset({LotState.FROZEN}),
        lambda lot, reason, by, at: services.unfreeze_lot(lot=lot, by=by, at=at),
    ),
    "default": Act(
        _("It was promised and did not come, after two reminders"),
        frozenset({LotState.LISTED, LotState.FROZEN}),
        lambda lot, reason, by, at: services.default_lot(lot=lot, reason=reason, by=by, at=at),
    ),
    "close": Act(
        _("Everything handed over and told: close it"),
        frozenset({LotState.USED_UP, LotState.WITHDRAWN, LotState.EXPIRED, LotState.DEFAULTED}),
        lambda lot, reason, by, at: services.close_lot(lot=lot, by=by, at=at),
    ),
}


class DecisionForm(Form):
    """The acts open now, and a reason for those that say no."""

    act = forms.ChoiceField(label=_("What do you decide?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for every no; the donor reads it."),
    )

    def offer(self, acts: Mapping[str, Act], state: str) -> None:
        """Only what may be done in this state can be chosen."""
        field: Any = self.fields["act"]
        field.choices = [(slug, act.label) for slug, act in acts.items() if state in act.states]

    @property
    def has_acts(self) -> bool:
        field: Any = self.fields["act"]
        return bool(field.choices)


class DonorDecisionForm(DecisionForm):
    """Whoever looks in from another place decides nothing."""

    def __init__(self, *args: Any, donor: Donor, near: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(DONOR_ACTS if near else {}, donor.state)
        if donor.organisation and not donor.licence:
            self.fields["reason"].help_text = _(
                "To accept: which original did you see? For a no: why; the donor reads it."
            )


class LotDecisionForm(DecisionForm):
    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(LOT_ACTS, lot.state)
