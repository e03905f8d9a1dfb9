"""What can be done with an agreement on the side of agency, fund holder and donor."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.enums import Role
from common import clock
from delivery import services
from delivery.enums import AgreementKind, AgreementState, RemarkKind, Signer
from delivery.forms.money import ReasonForm
from delivery.forms.negotiation import KeepForm, joined, split
from delivery.models import Agreement
from delivery.queries import open_ending, open_remarks, own_signature
from delivery.rules import SIGNERS, asked_donor
from delivery.views.acts import Act
from delivery.views.parties import STEPS
from donors.models import Donor
from donors.rules import DONOR_SEATS

_A = AgreementState
OWN_SIGNER = {Role.AGENCY: Signer.AGENCY, Role.FUND_HOLDER: Signer.FUND_HOLDER}
PARTIES = frozenset({Role.AGENCY, Role.FUND_HOLDER, *DONOR_SEATS})


def is_entrustment(row: Agreement) -> bool:
    return row.kind == AgreementKind.ENTRUSTMENT


def signer_of(row: Agreement, user: Any) -> tuple[Signer | None, Donor | None]:
    """For which party the user signs this agreement, and for which donor."""
    if user.seat.role in OWN_SIGNER:
        signer = OWN_SIGNER[user.seat.role]
        return (signer if signer in SIGNERS[AgreementKind(row.kind)] else None), None
    donor = asked_donor(row, user)
    return (Signer.DONOR if donor else None), donor


def _undo_open(row: Agreement, user: Any) -> bool:
    signer, donor = signer_of(row, user)
    signature = own_signature(row, signer, donor) if signer else None
    return signature is not None and clock.now() < signature.undo_until


def _signable(row: Agreement, user: Any) -> bool:
    return is_entrustment(row) == (row.state == _A.NEGOTIATING) and not open_remarks(row).exists()


ACTS: dict[str, Act] = {
    "show": Act(
        gettext_lazy("Lay it before the parties"),
        gettext_lazy(
            "The fund holder, the platform and the donors read it and can ask for changes. "
            "From now on every text is kept as a version."
        ),
        Role.AGENCY,
        frozenset({_A.DRAFT}),
        lambda row, data, by, at: services.open_negotiation(agreement=row, by=by, at=at),
        when=lambda row, user: is_entrustment(row),
    ),
    "open": Act(
        gettext_lazy("Open for signing"),
        gettext_lazy("The text is fixed, and every party is asked to sign it."),
        Role.AGENCY,
        frozenset({_A.DRAFT, _A.NEGOTIATING}),
        lambda row, data, by, at: services.open_signing(agreement=row, by=by, at=at),
        when=_signable,
    ),
    "keep": Act(
        gettext_lazy("Keep the text and say why"),
        gettext_lazy("Your answer stands beside the remarks. Whoever made them can ask once more."),
        Role.AGENCY,
        frozenset({_A.NEGOTIATING}),
        lambda row, data, by, at: services.keep_text(
            agreement=row, answer=data["answer"], seen=split(data["seen"]), by=by, at=at
        ),
        KeepForm,
        is_main=False,
        when=lambda row, user: (
            open_remarks(row).exists() and not open_remarks(row).filter(kind=RemarkKind.DECLINED).exists()
        ),
        initial=lambda row: {"seen": joined(open_remarks(row))},
    ),
    "undo": Act(
        gettext_lazy("Take our signature back"),
        gettext_lazy("Within ten minutes, as if it had not been signed."),
        PARTIES,
        frozenset({_A.SIGNING, _A.SIGNED}),
        lambda row, data, by, at: services.undo_signature(
            agreement=row, signer=signer_of(row, by)[0] or "", by=by, at=at
        ),
        is_main=False,
        when=_undo_open,
    ),
    "fulfil": Act(
        gettext_lazy("Everything agreed was done"),
        gettext_lazy("The agreement is fulfilled and ends; what was shared with you for it is closed."),
        Role.AGENCY,
        frozenset({_A.EFFECTIVE}),
        lambda row, data, by, at: services.fulfil_agreement(agreement=row, by=by, at=at),
        is_main=False,
        when=lambda row, user: open_ending(row) is None,
    ),
    "end": Act(
        gettext_lazy("End the agreement early"),
        gettext_lazy("The other parties read why. What was not handed over yet goes back."),
        Role.AGENCY,
        frozenset({_A.DRAFT, _A.NEGOTIATING, _A.SIGNING, _A.SIGNED, _A.EFFECTIVE}),
        lambda row, data, by, at: services.terminate_agreement(
            agreement=row, reason=data["reason"], by=by, at=at
        ),
        ReasonForm,
        is_main=False,
        when=lambda row, user: not (is_entrustment(row) and row.state == _A.EFFECTIVE),
        is_danger=True,
    ),
    **{
        slug: Act(
            step.title,
            step.text,
            PARTIES,
            frozenset(AgreementState),
            step.run,
            step.form,
            is_main=step.is_main,
            is_danger=step.is_danger,
            when=step.when,
            initial=step.initial,
        )
        for slug, step in STEPS.items()
    },
}
