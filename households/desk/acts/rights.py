"""Consents, delegations, objections: what the household allows, contests and takes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from files.models import Attachment
from files.services import keep
from households import services
from households.desk.acts.base import Act, register
from households.desk.acts.word import brought
from households.desk.forms.base import OwnWordForm
from households.desk.forms.cases import DecidersForm, OpinionForm, RemedyForm
from households.desk.forms.rights import ConsentForm, DelegationForm
from households.enums import ObjectionState, RemedyState
from households.models import Consent, Delegation, Household, Objection, Remedy
from households.services.intake import DATA_CLASSES

SUPERVISOR = frozenset({Role.SUPERVISOR})


@transaction.atomic
def take_consent(obj: Household, form: ConsentForm, by: User, at: datetime) -> Consent:
    """The paper is kept with the consent, or neither is."""
    data = form.cleaned_data
    return services.record_consent(
        household=obj,
        purpose=data["purpose"],
        data_classes=DATA_CLASSES.get(data["purpose"], ["ordinary"]),
        receiver=data["receiver"],
        method=data["method"],
        evidence=_kept(obj, data["evidence"], "consent_evidence", by, at),
        by=by,
        at=at,
    )


@transaction.atomic
def take_delegation(obj: Household, form: DelegationForm, by: User, at: datetime) -> Delegation:
    """The form is kept with the delegation, or neither is."""
    kept = _kept(obj, form.cleaned_data["evidence"], "delegation_evidence", by, at)
    return services.grant_delegation(household=obj, delegate=form.delegate, evidence=kept, by=by, at=at)


def _kept(household: Household, upload: Any, purpose: str, by: User, at: datetime) -> Attachment | None:
    return keep(upload=upload, purpose=purpose, owner=household, by=by, at=at) if upload else None


register(
    Household,
    (
        Act(
            "consent",
            _("Take down a consent"),
            take_consent,
            _("Noted, with its evidence. The family can take it back at any time."),
            form=ConsentForm,
            lead=_("Only what the family said itself, on paper or recorded."),
            tab="rights",
        ),
        Act(
            "delegation",
            _("Let somebody speak for the family"),
            take_delegation,
            _("Noted. The family can take it back at any time."),
            form=DelegationForm,
            lead=_("Read it aloud first. Taking money stays off unless the family wants it."),
            tab="rights",
        ),
    ),
)

register(
    Objection,
    (
        Act(
            "assign",
            _("Name two people to decide"),
            lambda obj, form, by, at: services.assign_objection(
                objection=obj, **form.cleaned_data, by=by, at=at
            ),
            _("Both have it on their list."),
            form=DecidersForm,
            states=frozenset({ObjectionState.RECEIVED}),
            roles=SUPERVISOR,
            look="primary",
            tab="rights",
        ),
        Act(
            "decide",
            _("Give your opinion"),
            lambda obj, form, by, at: services.decide_objection(
                objection=obj, **form.cleaned_data, by=by, at=at
            ),
            _("Noted. When the two opinions differ, the family's side prevails."),
            form=OpinionForm,
            states=frozenset({ObjectionState.INVESTIGATING}),
            look="primary",
            fits=lambda obj, user: _asked(obj, user.pk),
            tab="rights",
        ),
        Act(
            "withdraw",
            _("The family no longer objects"),
            brought(services.withdraw_objection, "objection"),
            _("Noted."),
            form=OwnWordForm,
            states=frozenset({ObjectionState.RECEIVED, ObjectionState.INVESTIGATING}),
            fits=lambda obj, user: user.pk not in {obj.first_decider_id, obj.second_decider_id},
            look="link",
            tab="rights",
        ),
    ),
)
register(
    Remedy,
    (
        Act(
            "act",
            _("Write down what was done"),
            lambda obj, form, by, at: services.record_remedy(remedy=obj, **form.cleaned_data, by=by, at=at),
            _("Noted. The family reads what was done."),
            form=RemedyForm,
            states=frozenset({RemedyState.WAITING}),
            roles=SUPERVISOR,
            lead=_("The family was right. Act on the decision first, then say here what was done."),
            look="primary",
            fits=lambda obj, user: (
                user.pk not in {obj.objection.first_decider_id, obj.objection.second_decider_id}
            ),
            tab="rights",
        ),
    ),
)
register(
    Consent,
    (
        Act(
            "withdraw",
            _("The family withdraws it"),
            brought(services.withdraw_consent, "consent"),
            _("Withdrawn; sharing has stopped."),
            form=OwnWordForm,
            lead=_("Sharing stops at once. What the law says must be kept is kept."),
            look="link",
            fits=lambda obj, user: obj.withdrawn_at is None,
            tab="rights",
        ),
    ),
)
register(
    Delegation,
    (
        Act(
            "revoke",
            _("The family takes it back"),
            brought(services.revoke_delegation, "delegation"),
            _("From now on this person may do nothing more for the family."),
            form=OwnWordForm,
            lead=_("Only what the family said itself, on paper or recorded."),
            states=frozenset({"given"}),
            look="link",
            tab="rights",
        ),
    ),
)


def _asked(objection: Objection, pk: int) -> bool:
    """Named as one of the two, and not heard yet."""
    given = {
        objection.first_decider_id: objection.first_opinion,
        objection.second_decider_id: objection.second_opinion,
    }
    return pk in given and not given[pk]
