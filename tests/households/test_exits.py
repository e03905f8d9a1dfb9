"""The end of support: a worker proposes, the family says yes or no, another supervisor decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from common import clock
from common.actors import CodeHolder
from common.exceptions import Refused
from files.services import keep
from households import services
from households.desk import worklist
from households.models import Application, ExitProposal, Household, HouseholdYear, Objection, Visit
from notices.models import Notice
from tests import cast as people
from tests.cast import AT, Cast
from tests.households import walking
from tests.households.objecting import objects
from tests.households.test_apply_other import photo
from tests.households.test_status import entered
from tests.households.test_submit import HELPER

UNDO = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def application(cast: Cast) -> Application:
    """On file, with an income above the line."""
    approved = people.approved(people.widow_applies(), cast)
    earned(approved.household, below=False)
    return approved


def earned(household: Household, *, below: bool | None) -> None:
    HouseholdYear.objects.create(
        household=household, year=2026, period_start=date(2025, 10, 1), period_end=date(2026, 10, 1), size=4,
        net_income=3163000, per_capita=Decimal("7907.50"), below_line=below,
    )  # fmt: skip


def proposed(application: Application, cast: Cast) -> Household:
    services.propose_exit(household=application.household, reason="income_stable", by=cast.worker, at=AT)
    return Household.objects.get()


def agreed(application: Application, cast: Cast, *, at: Any = AT) -> Household:
    household = proposed(application, cast)
    services.confirm_exit(household=household, evidence=None, by=CodeHolder(application.public_id), at=at)
    return Household.objects.get()


def refused(code: str, act: Any, *, at: Any = AT, **given: Any) -> None:
    models = (Household, ExitProposal, Visit)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(Refused) as caught:
        act(at=at, **given)
    assert caught.value.code == code
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


@pytest.mark.parametrize("below", [True, None])
def test_exit_needs_an_income_known_to_be_above_the_line(cast: Cast, below: bool | None) -> None:
    household = people.approved(people.widow_applies(), cast).household
    earned(household, below=below)

    refused("income_unknown", services.propose_exit, household=household, reason="risk_gone", by=cast.worker)


def test_family_then_another_supervisor_end_the_support(cast: Cast, application: Application) -> None:
    household = agreed(application, cast)
    assert (household.state, Visit.objects.filter(kind="follow_up").count()) == ("exit_agreed", 0)

    services.approve_exit(household=household, by=cast.supervisor, at=AT + UNDO)

    proposal = ExitProposal.objects.get()
    household.refresh_from_db()
    assert household.state == "tracking"
    assert (proposal.approved, proposal.proposed_by, proposal.decided_by) == (
        True,
        cast.worker,
        cast.supervisor,
    )
    assert Visit.objects.filter(kind="follow_up", state="planned").count() == 4
    assert Notice.objects.filter(kind="exit_approved_for_household").count() == 1


def test_support_does_not_end_without_the_family(cast: Cast, application: Application) -> None:
    household = proposed(application, cast)

    refused("not_agreed", services.approve_exit, household=household, by=cast.supervisor, at=AT + UNDO)
    refused("not_agreed", services.refuse_exit, household=household, by=cast.supervisor, at=AT + UNDO)


def test_support_does_not_end_by_one_person(cast: Cast, application: Application) -> None:
    household = agreed(application, cast)

    later: dict[str, Any] = {"household": household, "at": AT + UNDO}
    refused("supervisor_needed", services.approve_exit, by=cast.worker, **later)
    refused("undo_running", services.approve_exit, household=household, by=cast.supervisor)
    ExitProposal.objects.update(proposed_by=cast.supervisor)
    refused("four_eyes", services.approve_exit, by=cast.supervisor, **later)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExitProposal.objects.update(decided_by=cast.supervisor)


def test_supervisor_finds_it_too_early(cast: Cast, application: Application) -> None:
    household = agreed(application, cast)

    services.refuse_exit(household=household, by=cast.supervisor, at=AT + UNDO)

    household.refresh_from_db()
    assert (household.state, ExitProposal.objects.get().approved) == ("active", False)
    refused("no_exit", services.approve_exit, household=household, by=cast.supervisor, at=AT + UNDO)
    assert proposed(application, cast).state == "exit_proposed"


def test_worker_brings_the_family_own_word(cast: Cast, application: Application) -> None:
    household = proposed(application, cast)

    refused("evidence_missing", services.confirm_exit, household=household, evidence=None, by=cast.worker)
    refused("not_your_case", services.confirm_exit, household=household, evidence=None, by=cast.stranger)
    word = keep(upload=photo(), purpose="confirmation_evidence", owner=household, by=cast.worker, at=AT)
    services.confirm_exit(household=household, evidence=word, by=cast.worker, at=AT)

    assert ExitProposal.objects.get().method == "worker"


def test_who_brought_the_yes_neither_ends_the_support_nor_decides_an_objection(
    cast: Cast, application: Application
) -> None:
    speaker, household = cast.second_supervisor, proposed(application, cast)
    word = keep(upload=photo(), purpose="confirmation_evidence", owner=household, by=speaker, at=AT)
    services.confirm_exit(household=household, evidence=word, by=speaker, at=AT)

    decided = {"household": household, "by": speaker, "at": AT + UNDO}
    refused("four_eyes", services.approve_exit, **decided)
    refused("four_eyes", services.refuse_exit, **decided)
    assert not [todo for todo in worklist.for_supervisor(speaker) if "approve-exit" in todo.url]
    assert [todo for todo in worklist.for_supervisor(cast.supervisor) if "approve-exit" in todo.url]
    refuse_to_decide(cast, household, speaker)


@pytest.mark.parametrize("said", ["no", "leave"])
def test_who_brought_the_familys_no_decides_no_objection(
    cast: Cast, application: Application, said: str
) -> None:
    speaker, household = cast.second_supervisor, proposed(application, cast)
    if said == "no":
        services.dispute_exit(household=household, by=speaker, at=AT)
    else:
        word = keep(upload=photo(), purpose="confirmation_evidence", owner=household, by=speaker, at=AT)
        services.leave_support(household=household, evidence=word, by=speaker, at=AT)

    refuse_to_decide(cast, household, speaker)


def refuse_to_decide(cast: Cast, household: Household, speaker: User) -> None:
    objection = objects(household, "conduct")
    asked = {"objection": objection, "first": speaker, "second": cast.village_worker, "by": cast.supervisor}
    refused("incompatible_duty", services.assign_objection, **asked)
    assert Objection.objects.get().state == "received"


def test_delegate_answers_within_the_scope_and_with_evidence(cast: Cast, application: Application) -> None:
    household = proposed(application, cast)
    by = {
        scope: CodeHolder(
            services.grant_delegation(
                household=household,
                delegate=replace(HELPER, scope=(scope,)),
                evidence=None,
                by=CodeHolder(application.public_id),
                at=AT,
            ).public_id,
            "delegate",
        )
        for scope in ("receive_notice", "update")
    }
    act = services.confirm_exit

    refused("not_yours", act, household=household, evidence=None, by=by["receive_notice"])
    refused("evidence_missing", act, household=household, evidence=None, by=by["update"])
    refused("not_yours", act, household=household, evidence=None, by=CodeHolder("nobodynobody"))


def test_answer_is_taken_back_for_ten_minutes_and_a_no_counts_until_the_decision(
    cast: Cast, application: Application
) -> None:
    family = CodeHolder(application.public_id)
    household = agreed(application, cast)
    services.undo_exit_answer(household=household, by=family, at=AT + UNDO - timedelta(seconds=1))
    household.refresh_from_db()
    assert (household.state, ExitProposal.objects.get().agreed_at) == ("exit_proposed", None)
    refused("nothing_to_undo", services.undo_exit_answer, household=household, by=family)

    services.confirm_exit(household=household, evidence=None, by=family, at=AT)
    refused("too_late_to_undo", services.undo_exit_answer, household=household, by=family, at=AT + UNDO)
    services.dispute_exit(household=household, by=family, at=AT + UNDO)

    household.refresh_from_db()
    assert household.state == "active"
    refused("no_exit", services.dispute_exit, household=household, by=family)


def test_exit_is_closed_after_the_visits_or_support_returns(cast: Cast, application: Application) -> None:
    household = agreed(application, cast)
    services.approve_exit(household=household, by=cast.supervisor, at=AT + UNDO)

    refused("visits_open", services.close_household, household=household, by=cast.worker)
    services.return_household(household=household, reason="illness", by=cast.worker, at=AT)

    household.refresh_from_db()
    assert (household.state, household.episode) == ("active", 2)


def test_family_answers_on_its_page_and_is_asked_first(cast: Cast, application: Application) -> None:
    household = proposed(application, cast)
    client = entered(application)
    page = walking.text(client.get("/help/status/"))
    assert page.index("/help/status/exit/") < page.index("<h2>")
    assert client.get("/help/status/exit/undo/").status_code == 404

    assert client.post("/help/status/exit/", {"_key": walking.key()}).status_code == 302
    household.refresh_from_db()
    assert household.state == "exit_agreed"
    assert "/help/status/exit/undo/" in walking.text(client.get("/help/status/"))
    assert client.post("/help/status/exit/", {"_key": walking.key()}).status_code == 409
    assert client.post("/help/status/exit/undo/", {"_key": walking.key()}).status_code == 302
    assert client.post("/help/status/exit/no/", {"_key": walking.key()}).status_code == 302

    household.refresh_from_db()
    assert household.state == "active"
    assert client.get("/help/status/exit/").status_code == 404


def test_desk_offers_the_decision_to_another_supervisor_alone(cast: Cast, application: Application) -> None:
    household = agreed(application, cast)
    address = f"/admin/households/household/{household.public_id}/do/approve-exit/"

    assert people.signed_in(cast.worker).get(address).status_code == 404
    with clock.fixed(AT + UNDO):
        response = people.signed_in(cast.supervisor).post(address, {"_key": "k1"})

    assert response.status_code == 302
    household.refresh_from_db()
    assert household.state == "tracking"
