"""Worked numbers through the real services; ratings put into force by two people; what follows from them."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from accounts.enums import Role
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from evaluation import services
from evaluation.models import EliminationCase, Evaluation, Rating, TeamMember
from implementers.models import Agency
from jobs.models import Job
from jobs.worker import perform
from notices.models import Notice
from projects.models import Project
from tests.cast import AT, body, hire
from tests.projects import stage as s

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def on() -> s.Stage:
    return s.stage(evaluators=8)


def refused(code: str, act: Any, *args: Any, **kwargs: Any) -> None:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    assert caught.value.code == code


def finished(
    on: s.Stage, totals: list[float], *, agency: Agency | None = None, leader: Any = None, at: Any = AT
) -> None:
    """Projects of an agency whose work is done, each evaluated after the end to a total."""
    agency, leader = agency or on.agency, leader or on.leader
    for total in totals:
        project = s.drafted(on, agency=agency, leader=leader, at=at)
        Project.objects.filter(pk=project.pk).update(state="completing", started_at=at)
        s.concluded(on, s.opened(on, project, at=at), [total, total], leader=leader, at=at)


def computed(as_of: date = TODAY, at: Any = AT) -> dict[int, Rating]:
    services.compute_ratings(as_of=as_of, by=SYSTEM, at=at)
    return {rating.agency_id: rating for rating in Rating.objects.filter(as_of=as_of)}


def score_of(rating: Rating) -> Decimal:
    assert rating.score is not None
    return rating.score


def in_force(rating: Rating, on: s.Stage, at: Any = AT) -> Rating:
    announced = at - timedelta(days=8)
    services.review_rating(rating=rating, by=on.cast.worker, at=announced)
    services.approve_rating(rating=rating, by=on.cast.supervisor, at=announced)
    return services.put_into_force(rating=rating, by=SYSTEM, at=at)


def test_two_results_of_96_rank_below_twenty_of_88(on):
    """Domain §11.2: with a mean of exactly 78 and weights of one, 83.14 is less than 86.00."""
    y, y_leader = s.admitted_agency(on.cast, 20, "润泽社工服务社")
    z, z_leader = s.admitted_agency(on.cast, 21, "启明互助中心")
    finished(on, [96] * 2)
    finished(on, [88] * 20, agency=y, leader=y_leader)
    finished(on, [48.5] * 8, agency=z, leader=z_leader)

    ratings = computed()

    inputs = ratings[on.agency.pk].inputs
    assert Decimal(inputs["mean"]) == 78
    assert Decimal(inputs["results"][0]["weight"]).quantize(Decimal("0.000001")) == 1
    assert ratings[on.agency.pk].project_score == Decimal("83.14")
    assert ratings[y.pk].project_score == Decimal("86.00")
    assert score_of(ratings[on.agency.pk]) < score_of(ratings[y.pk])
    assert services.recomputes(ratings[y.pk])


def test_rating_counts_final_evaluations_after_the_end_alone(on):
    finished(on, [90, 90, 90])
    project = s.drafted(on)
    Project.objects.filter(pk=project.pk).update(state="completing", started_at=AT)
    s.scored(s.opened(on, project), [40, 40])
    s.approved(on)

    rating = computed()[on.agency.pk]

    assert rating.projects_counted == 3
    assert {result["score"] for result in rating.inputs["results"]} == {"90.00"}


def test_too_little_evidence_gives_no_level(on):
    other, _leader = s.admitted_agency(on.cast, 22, "新来机构")
    finished(on, [90, 90, 90])

    rating = computed()[other.pk]

    assert (rating.score, rating.level, rating.projects_counted) == (None, "", 0)
    in_force(rating, on)
    other.refresh_from_db()
    assert (other.rating_level, other.rating_score) == ("", None)


def test_second_run_gives_the_same_numbers_and_nothing_twice(on, capsys):
    finished(on, [80, 84])
    reports = []
    for _run in range(2):
        with clock.fixed(AT):
            call_command("rate", "--as-of", "2026-11-23", "--json")
        reports.append(json.loads(capsys.readouterr().out))

    first, second = reports
    assert first["ratings"] == second["ratings"]
    assert first["inputs_hash"] == second["inputs_hash"]
    assert (first["new"], second["new"], second["changed"]) == (1, 0, 0)
    assert Rating.objects.count() == 1


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "2027-01-01"])
def test_rate_refuses_a_day_it_cannot_compute(on, capsys, day):
    with clock.fixed(AT), pytest.raises(SystemExit) as caught:
        call_command("rate", "--as-of", day)

    assert caught.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not Rating.objects.exists()


def test_job_is_one_for_a_day_and_computes_drafts(on):
    finished(on, [80, 84])
    with clock.fixed(AT):
        job = services.start_rating(as_of=TODAY, by=on.cast.supervisor, at=AT)
        again = services.start_rating(as_of=TODAY, by=on.cast.supervisor, at=AT)
        done = perform(job.pk)

    assert job == again
    assert done is not None
    assert done.state == "done"
    assert done.result["new"] == 1
    assert Job.objects.filter(kind="evaluation.rate").count() == 1
    assert Rating.objects.get().state == "draft"


def test_two_different_people_put_a_rating_into_force(on):
    finished(on, [96, 96])
    rating = computed()[on.agency.pk]

    refused("wrong_state", services.approve_rating, rating=rating, by=on.cast.supervisor, at=AT)
    services.review_rating(rating=rating, by=on.cast.supervisor, at=AT)
    refused("second_person", services.approve_rating, rating=rating, by=on.cast.supervisor, at=AT)
    on.agency.refresh_from_db()
    assert on.agency.rating_level == ""

    services.approve_rating(rating=rating, by=on.cast.second_supervisor, at=AT)
    services.put_into_force(rating=rating, by=SYSTEM, at=AT + timedelta(days=8))

    on.agency.refresh_from_db()
    rating.refresh_from_db()
    assert (rating.state, on.agency.rating_level) == ("effective", rating.level)
    assert on.agency.rating_score == rating.score
    assert on.agency.rating_ref == rating.public_id


def test_evaluator_or_employee_of_the_agency_does_not_approve(on):
    finished(on, [96, 96])
    rating = computed()[on.agency.pk]
    services.review_rating(rating=rating, by=on.cast.worker, at=AT)
    evaluated = TeamMember.objects.order_by("pk")[0].user
    both = hire_as_supervisor(on, evaluated)

    refused("evaluator_of_agency", services.approve_rating, rating=rating, by=both, at=AT)
    Agency.objects.filter(pk=on.agency.pk).update(organisation=on.cast.station)
    refused("own_employer", services.approve_rating, rating=rating, by=on.cast.supervisor, at=AT)

    rating.refresh_from_db()
    assert rating.state == "reviewed"


def hire_as_supervisor(on: s.Stage, user: Any) -> Any:
    seat = user.memberships.create(
        role=Role.SUPERVISOR, prefix="990101", organisation=on.cast.station, state="active", active_from=AT
    )
    user.forget_seats()
    return user.take(seat)


def test_altered_numbers_are_not_put_into_force(on):
    finished(on, [96, 96])
    rating = computed()[on.agency.pk]
    Rating.objects.filter(pk=rating.pk).update(score=Decimal("99.99"))

    refused("not_reproducible", services.review_rating, rating=rating, by=on.cast.worker, at=AT)

    rating.refresh_from_db()
    assert rating.state == "draft"


def test_new_rating_supersedes_the_earlier_and_an_older_one_is_refused(on):
    finished(on, [96, 96])
    first = in_force(computed()[on.agency.pk], on)
    later, latest = AT + timedelta(days=30), AT + timedelta(days=60)
    old = computed(later.date(), later)[on.agency.pk]
    second = in_force(computed(latest.date(), latest)[on.agency.pk], on, latest)

    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "effective")
    services.review_rating(rating=old, by=on.cast.worker, at=latest)
    refused("older_rating", services.approve_rating, rating=old, by=on.cast.supervisor, at=latest)
    assert Rating.objects.filter(agency=on.agency, state="effective").get() == second


def test_set_aside_says_why_and_the_day_can_be_computed_anew(on):
    finished(on, [96, 96])
    rating = computed()[on.agency.pk]

    refused("reason_missing", services.set_aside, rating=rating, reason="", by=on.cast.supervisor, at=AT)
    services.set_aside(rating=rating, reason="漏了一个项目", by=on.cast.supervisor, at=AT)
    computed()

    assert sorted(Rating.objects.values_list("state", flat=True)) == ["draft", "set_aside"]


def test_below_sixty_twice_suspends_after_statement_and_two_decisions_then_appeal(on):
    finished(on, [52, 52, 52])
    Agency.objects.filter(pk=on.agency.pk).update(admitted_at=AT)
    on.agency.admissions.update(total=40)
    first = in_force(computed()[on.agency.pk], on)
    assert score_of(first) < 60
    failed = EliminationCase.objects.get()
    assert (failed.trigger, failed.measure) == ("project_failed", "suspended")
    later = AT + timedelta(days=30)
    with_case_open = EliminationCase.objects.filter(state="opened").count()
    in_force(computed(later.date(), later)[on.agency.pk], on, later)
    assert (
        EliminationCase.objects.filter(state="opened").count() == with_case_open
    )  # the same measure is open

    first_two: dict[str, Any] = {"case": failed, "decision": "suspended", "reason": "连续两期低于60分。"}
    refused("statement_running", services.decide_elimination, **first_two, by=on.cast.supervisor, at=AT)
    services.make_statement(case=failed, text="我们已换了负责人。", by=on.leader, at=AT)
    services.decide_elimination(**first_two, by=on.cast.supervisor, at=later)
    on.agency.refresh_from_db()
    assert on.agency.standing == "normal"
    refused("second_person", services.decide_elimination, **first_two, by=on.cast.supervisor, at=later)
    services.decide_elimination(**first_two, by=on.cast.second_supervisor, at=later)

    on.agency.refresh_from_db()
    failed.refresh_from_db()
    assert (failed.state, on.agency.standing) == ("decided", "suspended")
    appeal = services.file_appeal(about=failed, text="处理过重。", by=on.leader, at=later)
    refused(
        "decided_before", services.decide_appeal, appeal=appeal, granted=False, answer="维持",
        by=on.cast.supervisor, at=later,
    )  # fmt: skip
    refused("appealed_before", services.file_appeal, about=failed, text="再来", by=on.leader, at=later)

    even_later = later + timedelta(days=30)
    third = in_force(computed(even_later.date(), even_later)[on.agency.pk], on, even_later)
    removal = EliminationCase.objects.get(measure="eliminated")
    assert removal.trigger == "twice_low"
    assert removal.facts["rating"] == third.public_id


def test_running_project_is_listed_for_hand_over(on):
    from evaluation.queries.running import projects_to_hand_over

    project = s.under_way(on)

    assert projects_to_hand_over(on.agency) == [project]


def test_low_rating_warns(on):
    finished(on, [65, 65, 65])
    on.agency.admissions.update(total=50)

    rating = in_force(computed()[on.agency.pk], on)

    assert 60 <= score_of(rating) < 70
    case = EliminationCase.objects.get()
    assert (case.trigger, case.measure, case.state) == ("low", "warned", "opened")
    on.agency.refresh_from_db()
    assert on.agency.standing == "normal"


def test_granted_appeal_changes_the_score_that_ratings_count(on):
    finished(on, [70, 70])
    found = Evaluation.objects.filter(stage="ex_post")[0]
    appeal = services.file_appeal(about=found, text="漏看了满意度调查。", by=on.leader, at=AT)
    third = hire(
        "sun3",
        "孙三",
        Role.SUPERVISOR,
        organisation=on.cast.station,
        prefix="990101",
        by=on.cast.administrator,
    )
    given: dict[str, Any] = {
        "appeal": appeal,
        "granted": True,
        "answer": "补看调查。",
        "corrected_score": Decimal(76),
        "at": AT,
    }

    refused("incompatible_duty", services.decide_appeal, **given, by=on.cast.supervisor)  # closed it
    services.decide_appeal(**given, by=on.cast.second_supervisor)
    services.decide_appeal(**given, by=third)

    found.refresh_from_db()
    assert (found.state, found.score, found.grade) == ("changed", Decimal("76.00"), "pass")
    assert found.inputs["before_appeal"]["score"] == "70.00"
    assert "76.00" in {result["score"] for result in computed()[on.agency.pk].inputs["results"]}


def test_three_hundred_agencies_cost_a_constant_number_of_queries(on, django_assert_max_num_queries):
    finished(on, [80])
    many(300)

    with django_assert_max_num_queries(24):
        done = services.compute_ratings(as_of=TODAY, by=SYSTEM, at=AT)

    assert done["agencies"] == 301


def many(count: int) -> None:
    for number in range(count):
        place = body(f"机构{number}", "service_organisation", 1000 + number)
        Agency.objects.create(
            organisation=place, kind="service_organisation", contact_name="张", contact_phone="13800005678",
            level="L1", ceiling=5_000_000, applied_at=AT, admitted_at=AT, state="admitted", state_since=AT,
        )  # fmt: skip


def test_rating_without_a_level_is_told_in_words_and_not_with_a_dash(on):
    rating = in_force(computed()[on.agency.pk], on)

    assert rating.level == ""
    told = Notice.objects.filter(to_ref=on.leader.public_id, kind__startswith="standing_")
    assert list(told.values_list("kind", "params")) == [("standing_unrated", {})]
