"""A run from the click to the certificate; a plan that does not hold is never shown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from households.answers import NeedAnswer
from jobs.models import Job
from jobs.worker import perform
from matching import services
from matching.bundles import bundles_of, untagged
from matching.engine import Piece, solve
from matching.enums import ProposalState, RunState
from matching.models import Proposal, Run, Shortage, UnmetReason
from matching.queries import reason_words, unmet_rows
from matching.services import run as running
from matching.services.storing import store_solution
from matching.snapshot import take_snapshot
from tests import cast
from tests.cast import AT, COUNTY, signed_in
from tests.matching.conftest import Scene, listed_lot


def performed(run: Run) -> Run:
    """The run's job done by a worker."""
    with clock.fixed(AT):
        perform(Job.objects.get(key=f"matching.run:{run.public_id}").pk)
    run.refresh_from_db()
    return run


def started(scene: Scene) -> Run:
    return services.start_run(prefix=COUNTY, by=scene.cast.worker, at=AT)


@pytest.mark.django_db(transaction=True)
def test_run_ends_with_a_certificate_suggestions_and_reasons(scene: Scene):
    lot = listed_lot(scene, quantity=1)

    run = performed(started(scene))

    assert run.state == RunState.CERTIFIED, run.figures
    assert run.certificate["optimal"]
    assert run.inputs_hash
    proposal = Proposal.objects.get(run=run)
    assert (proposal.need, proposal.lot, proposal.amount) == (scene.quilts, lot, 1)
    assert (proposal.state, proposal.explanation["rank"]) == (ProposalState.SUGGESTED, 1)
    reasons = {
        row.need_id: (row.kind, row.blocker, row.missing) for row in UnmetReason.objects.filter(run=run)
    }
    assert reasons == {
        scene.quilts.pk: ("exhausted", "", 1),
        scene.medicine.pk: ("no_eligible_lot", "item", 6),
    }
    assert set(Shortage.objects.filter(run=run).values_list("item__slug", "area", "missing")) == {
        ("quilt", COUNTY, 1),
        ("chronic_medicine", COUNTY, 6),
    }


@pytest.mark.django_db(transaction=True)
def test_broken_plan_is_refused_and_suggests_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    lot = listed_lot(scene, quantity=1)

    def broken(*given: Any, **more: Any) -> Any:
        plan = solve(*given, **more)
        return replace(plan, pieces=(Piece(lot.pk, scene.quilts.pk, 2),))

    monkeypatch.setattr(running, "solve", broken)

    run = performed(started(scene))

    assert run.state == RunState.REFUSED
    assert not Proposal.objects.exists()
    assert not UnmetReason.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_newer_run_replaces_undecided_suggestions_and_keeps_the_donors(scene: Scene):
    listed_lot(scene, quantity=2)
    pledged = services.pledge_to_need(
        need=scene.medicine, donor=scene.donor, quantity=2, fund_holder=None, binding="intention",
        confirm_each=False, by=scene.miller, at=AT,
    )  # fmt: skip
    first = performed(started(scene))
    second = performed(started(scene))

    live = Proposal.objects.filter(state=ProposalState.SUGGESTED)
    assert set(live.values_list("run", "lot", "amount", "origin")) == {
        (second.pk, Proposal.objects.filter(run=second).exclude(lot=pledged.lot).get().lot_id, 2, "run"),
        (second.pk, pledged.lot_id, 2, "donor"),
    }
    assert not live.filter(run=first).exists()


@pytest.mark.django_db(transaction=True)
def test_unmet_need_is_listed_once_by_the_newest_run_that_looked_at_it(scene: Scene):
    worker, day = scene.cast.worker, AT.date()
    county = performed(started(scene))
    country = performed(services.start_run(prefix="", by=SYSTEM, at=AT))
    both = {scene.quilts.pk, scene.medicine.pk}
    assert UnmetReason.objects.filter(run__in=[county, country]).count() == 4

    assert {(row.need_id, row.run_id) for row in unmet_rows(worker, day)} == {
        (need, country.pk) for need in both
    }
    with clock.fixed(AT):
        page = signed_in(worker).get("/admin/matching/unmetreason/")
    assert len(page.context["unmet"]) == 2

    listed_lot(scene, quantity=2)
    again = performed(started(scene))
    assert Proposal.objects.get(run=again).need == scene.quilts  # whole: this run has no reason for it
    assert [(row.need_id, row.run_id) for row in unmet_rows(worker, day)] == [(scene.medicine.pk, again.pk)]


@pytest.mark.django_db(transaction=True)
def test_second_piece_of_a_pair_may_be_suggested_while_the_first_waits(scene: Scene):
    lot = listed_lot(scene)
    proposal = services.propose_by_hand(need=scene.quilts, lot=lot, amount=1, by=scene.cast.worker, at=AT)
    services.decide(proposal=proposal, project=scene.project, amount=1, by=scene.cast.worker, at=AT)

    run = performed(started(scene))

    assert run.state == RunState.CERTIFIED
    assert Proposal.objects.get(run=run).amount == 1


def test_start_run_returns_the_one_under_way(scene: Scene):
    assert started(scene) == started(scene)
    assert Run.objects.count() == 1


def test_start_run_is_refused_outside_the_own_area(scene: Scene):
    with pytest.raises(Refused) as refused:
        services.start_run(prefix=COUNTY, by=scene.cast.stranger, at=AT)

    assert refused.value.code == "not_your_area"
    assert not Run.objects.exists()


def test_lot_of_several_items_serves_both_and_never_more_than_it_holds(scene: Scene):
    """Fifteen kilograms, rice or flour: needs of both are computed together, the second lot fills what it alone can."""
    asked = (NeedAnswer(item="rice", quantity=10), NeedAnswer(item="flour", quantity=10))
    rice, flour = cast.needs_of(cast.approved(cast.applies(cast.clean_answers(1, needs=asked)), scene.cast))
    either = listed_lot(scene, items=["rice", "flour"], quantity=15)
    only_rice = listed_lot(scene, items=["rice"], quantity=5)

    snapshot = take_snapshot(prefix=COUNTY, on=AT.date())
    solution, failure = running.computed(snapshot)

    assert failure == ""
    given = {(piece.lot, piece.need): piece.amount for piece in solution.pieces}
    assert sum(given.values()) == 20
    assert given.get((only_rice.pk, flour.pk), 0) == 0
    assert sum(amount for (lot, _need), amount in given.items() if lot == either.pk) == 15
    assert sum(amount for (_lot, need), amount in given.items() if need == rice.pk) <= 10


def test_reason_among_tied_items_counts_the_needs_own_item(scene: Scene):
    """Rice and flour are tied by a far lot; the flour need learns that no offer of flour reaches its place."""
    asked = (NeedAnswer(item="rice", quantity=10), NeedAnswer(item="flour", quantity=10))
    cast.approved(cast.applies(cast.clean_answers(1, needs=asked)), scene.cast)
    listed_lot(
        scene, items=["flour", "seed_fertiliser"], quantity=12,
        conditions=[{"field": "group", "op": "any_of", "value": ["orphans"]}],
    )  # fmt: skip
    snapshot = take_snapshot(prefix=COUNTY, on=AT.date())
    solution, failure = running.computed(snapshot)
    run = Run.objects.create(
        prefix=COUNTY,
        on=AT.date(),
        started_by="system",
        created_at=AT,
        state=RunState.RUNNING,
        state_since=AT,
    )

    store_solution(run=run, snapshot=snapshot, solution=solution, at=AT)

    assert failure == ""
    reasons = {row.need.item.slug: row.blocker for row in UnmetReason.objects.filter(run=run)}
    assert reasons["rice"] == "item"
    assert reasons["flour"] == "group"


def test_items_are_tied_through_common_lots():
    bundles = bundles_of([[1, 2], [2, 3], [4], [5, 6]])

    assert dict(bundles.name_of) == {1: "1+2+3", 2: "1+2+3", 3: "1+2+3", 5: "5+6", 6: "5+6"}
    assert untagged(["1|*", "1|elderly", "2|elderly"]) == ["elderly"]


def test_reason_speaks_to_the_family(scene: Scene):
    said = reason_words(
        kind="no_eligible_lot", blocker="item", detail={}, item=scene.quilts.item, place="清河县"
    )

    assert "清河县" in said
    assert scene.quilts.item.label in said


@pytest.mark.django_db(transaction=True)
def test_match_command_prints_one_object(scene: Scene):
    listed_lot(scene)
    out = StringIO()

    with clock.fixed(AT + timedelta(hours=1)):
        call_command("match", "--prefix", COUNTY, "--json", stdout=out)

    result = json.loads(out.getvalue())
    assert result["optimal"] is True
    assert result["served"]["3"] + sum(result["served"].values()) >= 2
    assert Run.objects.get().state == RunState.CERTIFIED


def test_run_counts_what_the_family_already_has_towards_the_cap(scene: Scene):
    """Two quilts asked, one of a lot with a cap of one promised already: the run suggests no second one."""
    lot = listed_lot(scene, conditions=[{"field": "household_cap", "value": 1}])
    proposal = services.propose_by_hand(need=scene.quilts, lot=lot, amount=1, by=scene.cast.worker, at=AT)
    services.decide(proposal=proposal, project=scene.project, amount=1, by=scene.cast.worker, at=AT)

    snapshot = take_snapshot(prefix=COUNTY, on=AT.date())
    solution, failure = running.computed(snapshot)

    assert [(row.lot, row.household, row.amount) for row in snapshot.held] == [
        (lot.pk, scene.quilts.household_id, 1)
    ]
    assert failure == ""
    assert not [piece for piece in solution.pieces if piece.lot == lot.pk]
    assert solution.reasons[scene.quilts.pk].blocker == "household_cap"


@pytest.mark.django_db(transaction=True)
def test_trial_prefecture_is_matched_also_while_its_places_have_no_name(scene: Scene):
    need = scene.quilts
    type(need).objects.filter(pk=need.pk).update(area="998101100")
    said = StringIO()

    with clock.fixed(AT):
        call_command("match", "--prefix", "998101", "--json", stdout=said)

    assert json.loads(said.getvalue())["needs"] == 1
    assert UnmetReason.objects.get().need == need


@pytest.mark.parametrize("prefix", ["98", "9981011", "998x01"])
def test_match_over_a_place_nobody_knows_is_refused(scene: Scene, capsys: Any, prefix: str):
    with pytest.raises(SystemExit) as ended:
        call_command("match", "--prefix", prefix)

    assert ended.value.code == 2
    assert prefix in capsys.readouterr().err
    assert not Run.objects.exists()
