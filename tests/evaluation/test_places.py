"""Agencies are rated and judged by the workers of a place where they are registered or at work, by nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from common import clock
from common.actors import SYSTEM, CodeHolder
from common.panels import collect
from evaluation import services
from evaluation.models import Appeal, EliminationCase, Rating
from projects.models import Project
from tests.cast import AT, OTHER_COUNTY, hire, signed_in
from tests.gates import assert_all_refused, assert_complete, assert_out_of_reach
from tests.projects import stage as s

pytestmark = pytest.mark.django_db
# Called by services and jobs that have checked: drawing after a recusal, loading a version from the shell.
BELOW = {"draw_or_report", "load_rating_policy"}
READS = {"agency_of", "all_submitted", "may_decide_ranking", "recomputes", "subject_of"}


@pytest.fixture
def on() -> s.Stage:
    return s.stage()


@pytest.fixture
def far(on: s.Stage) -> list[User]:
    """Two supervisors and a worker of the neighbouring county."""
    seats = [("far1", Role.SUPERVISOR), ("far2", Role.SUPERVISOR), ("far3", Role.SOCIAL_WORKER)]
    return [
        hire(name, name, role, organisation=on.cast.station, prefix=OTHER_COUNTY, by=on.cast.administrator)
        for name, role in seats
    ]


def rated(on: s.Stage) -> Rating:
    services.compute_ratings(as_of=AT.date(), by=SYSTEM, at=AT)
    return Rating.objects.get(agency=on.agency)


def case_of(on: s.Stage) -> EliminationCase:
    return services.open_elimination(
        agency=on.agency, trigger="low", measure="warned", facts={}, by=on.cast.supervisor, at=AT
    )


def test_ratings_measures_and_appeals_are_for_the_places_where_the_agency_works(
    on: s.Stage, far: list[User]
) -> None:
    rating, case = rated(on), case_of(on)
    appeal = Appeal.objects.create(
        agency=on.agency, object_label="evaluation.eliminationcase", object_ref=case.public_id, text="不公",
        received_at=AT, due=AT.date() + timedelta(days=30), state="received", state_since=AT,
    )  # fmt: skip
    why = {"rating": rating, "reason": "no"}
    table: dict[str, dict[str, Any]] = {
        "approve_rating": {"rating": rating},
        "decide_appeal": {"appeal": appeal, "granted": False, "answer": "no"},
        "decide_elimination": {"case": case, "decision": "warned", "reason": "no"},
        "open_elimination": {"agency": on.agency, "trigger": "low", "measure": "suspended", "facts": {}},
        "open_inquiry": {
            "agency": on.agency,
            "trigger": "breach_reported",
            "reason": "no",
            "evidence": s.picture(),
        },
        "review_rating": {"rating": rating},
        "set_aside": why,
    }
    _agency, other = s.admitted_agency(on.cast, 40, "别的机构")
    people = {
        **{f"another county's {one.username}": one for one in far},
        "another agency": other,
        "the agency itself": on.leader,
        "a household": CodeHolder("a"),
    }

    assert_all_refused(services, table, people, "evaluation", "implementers", "accounts", "notices")

    pages = [
        reverse("admin:evaluation_rating_file", args=[rating.public_id]),
        reverse("admin:evaluation_eliminationcase_file", args=[case.public_id]),
        reverse("admin:evaluation_appeal_file", args=[appeal.public_id]),
    ]
    with clock.fixed(AT):
        stranger, near = signed_in(far[0]), signed_in(on.cast.supervisor)
        assert [stranger.get(page).status_code for page in pages] == [404, 404, 404]
        assert [near.get(page).status_code for page in pages] == [200, 200, 200]
        for name in ("rating", "eliminationcase", "appeal"):
            rows = stranger.get(reverse(f"admin:evaluation_{name}_changelist")).content.decode()
            assert on.agency.name not in rows
        titles = {todo.url for todo in collect("todo.supervisor", far[0]) if todo.kind == "evaluation"}
        assert titles == set()


def test_a_project_in_the_county_opens_them(on: s.Stage, far: list[User]) -> None:
    rating = rated(on)
    project = s.in_ex_ante(on)
    Project.objects.filter(pk=project.pk).update(place=OTHER_COUNTY)

    assert services.review_rating(rating=rating, by=far[2], at=AT).state == "reviewed"
    assert services.approve_rating(rating=rating, by=far[0], at=AT).state == "announced"


def test_a_project_is_finished_by_a_supervisor_of_its_place(on: s.Stage, far: list[User]) -> None:
    found = s.opened(on, s.in_ex_ante(on))
    s.scored(found, [84, 84])
    one = {"evaluation": found}
    table: dict[str, dict[str, Any]] = {
        "close_round": one,
        "draw_team": one,
        "finalise": one,
        "open_due_evaluation": {"project": found.project},
        "publish_evaluation": {**one, "summary": "x"},
        "release_member": {"member": found.team.order_by("pk").first(), "reason": "no"},
    }

    people = {
        "another county's supervisor": far[0],
        "a worker": on.cast.worker,
        "a household": CodeHolder("a"),
    }
    assert_all_refused(services, table, people, "evaluation", "projects")


def test_evaluators_and_agency_do_their_own_steps_alone(on: s.Stage, far: list[User]) -> None:
    found = s.opened(on, s.in_ex_ante(on))
    case = case_of(on)
    one, own = {"evaluation": found}, {"project": found.project}
    table: dict[str, dict[str, Any]] = {
        "add_finding": {**one, "text": "x"},
        "comment": {**one, "text": "x"},
        "declare_recusal": {**one, "reason": "x"},
        "file_appeal": {"about": case, "text": "x"},
        "make_statement": {"case": case, "text": "x"},
        "rate_goals": {**one, "attained": {}},
        "report_put_right": {"agency": on.agency, "text": "x"},
        "save_score": {**one, "points": {}, "reasons": {}},
        "set_goals": {**own, "goals": []},
        "submit_score": one,
    }
    spare = next(user for user in on.evaluators if not found.team.filter(user=user).exists())

    people = {
        "another evaluator": spare,
        "another county's supervisor": far[0],
        "the supervisor": on.cast.supervisor,
        "a household": CodeHolder("a"),
    }
    assert_all_refused(services, table, people, "evaluation", "projects", "accounts")


def test_numbers_of_a_day_are_the_stations_and_the_clocks(on: s.Stage) -> None:
    day = {"as_of": AT.date()}
    clockwork: dict[str, dict[str, Any]] = {
        "compute_rankings": day,
        "compute_ratings": day,
        "finish_case": {"case": case_of(on)},
        "open_due_evaluations": {},
        "open_due_reviews": {},
        "put_into_force": {"rating": rated(on)},
    }

    strangers = {"an agency": on.leader, "an evaluator": on.evaluators[0], "a household": CodeHolder("a")}
    assert_all_refused(
        services, clockwork, {**strangers, "a supervisor": on.cast.supervisor}, "evaluation", "jobs"
    )
    assert_all_refused(services, {"start_ranking": day, "start_rating": day}, strangers, "evaluation", "jobs")


def test_every_service_is_in_one_of_these_tables() -> None:
    """`approve_ranking`, `set_ranking_aside` and `resolve_finding` are in test_ranking and test_course."""
    named = {
        "add_finding", "approve_ranking", "approve_rating", "close_round", "comment", "compute_rankings",
        "compute_ratings", "decide_appeal", "decide_elimination", "declare_recusal", "draw_team", "file_appeal",
        "finalise", "finish_case", "make_statement", "open_due_evaluation", "open_due_evaluations",
        "open_due_reviews", "open_elimination", "open_inquiry", "publish_evaluation", "put_into_force",
        "rate_goals", "release_member",
        "report_put_right", "resolve_finding", "review_rating", "save_score", "set_aside", "set_goals",
        "set_ranking_aside", "start_ranking", "start_rating", "submit_score",
    }  # fmt: skip

    assert_complete(services, {name: {} for name in named}, BELOW, READS)
    assert_out_of_reach(BELOW, owner="evaluation")
