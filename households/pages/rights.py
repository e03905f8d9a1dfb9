"""The household's consents and delegates: seen, withdrawn, undone, revoked, given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from common import clock
from common.exceptions import Refused
from common.forms import ConfirmForm
from common.pages import page, submit
from files.services import keep
from households import access, services
from households.access import OWN, held, household_page, own_row
from households.answers import DelegateAnswer
from households.enums import DelegationState, HouseholdState
from households.forms.public import DelegateForm
from households.models import Consent, Delegation, Household
from reference import queries as reference


@dataclass(frozen=True)
class ConsentLine:
    """A consent in words, and whether the ten minutes to take its withdrawal back still run."""

    consent: Consent
    purpose: str
    can_restore: bool


def _consents(request: HttpRequest) -> QuerySet[Consent]:
    return held(request).application.household.consents.select_related("receiver")


@household_page(needs=OWN)
def consents(request: HttpRequest) -> HttpResponse:
    """Everything the household agreed to, and to whom."""
    household = held(request).application.household
    labels = reference.labels("consent_purpose")
    since = clock.now() - timedelta(minutes=settings.UNDO_MINUTES)
    withdrawn = household.state == HouseholdState.WITHDRAWN
    lines = [
        ConsentLine(
            consent,
            labels.get(consent.purpose, consent.purpose),
            consent.withdrawn_at is not None and consent.withdrawn_at >= since and not withdrawn,
        )
        for consent in household.consents.select_related("receiver").order_by("withdrawn_at", "pk")
    ]
    return page(request, "households/public/consents.html", {"lines": lines, "form": ConfirmForm()})


@household_page(needs=OWN)
def withdraw_consent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop sharing from this moment, after saying what it means."""
    consent = own_row(held(request).application.household.consents.select_related("receiver"), public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.withdraw_consent(consent=consent, by=access.actor(request), at=clock.now()),
        to="households:consents",
    )
    purpose = reference.label_of("consent_purpose", consent.purpose)
    context = {"form": form, "consent": consent, "purpose": purpose}
    return answer or page(request, "households/public/consent_withdraw.html", context, form=form)


@household_page(needs=OWN)
def restore_consent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a withdrawal back within ten minutes."""
    consent = own_row(held(request).application.household.consents.select_related("receiver"), public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.restore_consent(consent=consent, by=access.actor(request), at=clock.now()),
        to="households:consents",
    )
    purpose = reference.label_of("consent_purpose", consent.purpose)
    context = {"form": form, "consent": consent, "purpose": purpose}
    return answer or page(request, "households/public/consent_restore.html", context, form=form)


@household_page(needs=OWN)
def delegates(request: HttpRequest) -> HttpResponse:
    """Who may speak for the household, for what and until when."""
    household = held(request).application.household
    relations, scopes = reference.labels("delegate_relation"), reference.labels("delegation_scope")
    today = clock.today()
    rows = [
        {
            "delegation": delegation,
            "relation": relations.get(delegation.relation, delegation.relation),
            "scope": [scopes.get(slug, slug) for slug in delegation.scope],
            "in_force": delegation.state == DelegationState.GIVEN and delegation.valid_to >= today,
        }
        for delegation in household.delegations.order_by("state", "-given_at")
    ]
    return page(request, "households/public/delegates.html", {"rows": rows})


@household_page(needs=OWN)
def revoke_delegate(request: HttpRequest, public_id: str) -> HttpResponse:
    """From this moment the delegate may do nothing more."""
    delegation: Delegation = own_row(held(request).application.household.delegations, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.revoke_delegation(
            delegation=delegation, by=access.actor(request), at=clock.now()
        ),
        to="households:delegates",
    )
    context = {"form": form, "delegation": delegation}
    return answer or page(request, "households/public/delegate_revoke.html", context, form=form)


@household_page(needs=OWN)
def add_delegate(request: HttpRequest) -> HttpResponse:
    """The household names somebody, with evidence, scope and an end."""
    household = held(request).application.household
    form = DelegateForm(request.POST or None, request.FILES or None, answers={})
    answer = submit(request, form, lambda data: _entrust(request, household, data), to="households:delegates")
    return answer or page(request, "households/public/delegate_add.html", {"form": form}, form=form)


def _entrust(request: HttpRequest, household: Household, data: Mapping[str, Any]) -> Delegation:
    by, at = access.actor(request), clock.now()
    evidence = None
    if data["photo"] and data["evidence_kind"] != "witness":
        try:
            evidence = keep(
                upload=data["photo"], purpose="delegation_evidence", owner=household, by=by, at=at
            )
        except Refused as refused:
            raise Refused(refused.code, refused.message, field="photo") from refused
    fields = ("name", "relation", "phone", "id_number", "evidence_kind", "witness", "valid_to", "read_back")
    delegate = DelegateAnswer(scope=tuple(data["scope"]), **{name: data[name] for name in fields})
    return services.grant_delegation(household=household, delegate=delegate, evidence=evidence, by=by, at=at)
