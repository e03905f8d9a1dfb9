"""Ratings and boards over a whole county that only services made: by button and by the clock, into force by people."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from common import clock
from common.actors import SYSTEM
from demo import population
from demo.population import Population, sheet, totals_of
from donors.models import Donor, LedgerEntry
from donors.queries import ledger_breaks
from evaluation import services
from evaluation.formulas.scorecard import sheet_total
from evaluation.models import Ranking, RankingRow, Rating
from evaluation.parameters import Parameters
from implementers.models import Agency
from jobs.models import Job
from jobs.services import enqueue_due
from jobs.worker import perform
from journal.queries import first_fault

DAY = date(
    2026, 6, 1
)  # a Monday and the first of a month: both clocks, the weekly and the monthly, name this day
EVENING = datetime.combine(DAY, time(18), clock.SHANGHAI)
WORKED = {"few": Decimal("83.14"), "many": Decimal("86.00"), "donor": Decimal("6750.80")}


@pytest.mark.parametrize("agencies", [8, 12, 33, 300])
def test_totals_have_a_mean_of_exactly_78(agencies: int) -> None:
    totals = totals_of(agencies)

    every = [total for of_one in totals for total in of_one]
    assert len(totals) == agencies
    assert sum(every) / len(every) == 78
    assert all(20 <= total <= 98 for total in every)


@pytest.mark.parametrize("total", [Decimal("48.5"), Decimal(78), Decimal(97), Decimal("62.5"), Decimal(100)])
def test_sheet_adds_up_to_its_total(total: Decimal) -> None:
    points = {name: Decimal(given) for name, given in sheet(total).items()}

    assert sheet_total(points, policy=Parameters().agencies) == total


@pytest.mark.django_db
def test_small_county_is_rated_and_ranked_by_button_and_by_the_clock(capsys: Any) -> None:
    _whole_round(12, 200, capsys)


@pytest.mark.long
@pytest.mark.django_db
def test_three_hundred_agencies_and_ten_thousand_rows(capsys: Any) -> None:
    _whole_round(300, 10_000, capsys)


def _whole_round(agencies: int, rows: int, capsys: Any) -> None:
    built = population.build(agencies=agencies, ledger_rows=rows, as_of=DAY)
    assert Agency.objects.filter(state="admitted").count() == agencies
    assert LedgerEntry.objects.count() >= rows
    assert not Rating.objects.exists()
    assert not Ranking.objects.exists()
    assert not Donor.objects.filter(star__gt=0).exists()
    with clock.fixed(EVENING):
        _by_button(built)
        _worked_numbers(built, agencies)
        _by_the_clock_nothing_changes(agencies)
        _by_command(capsys, agencies)
        _people_decide(built, agencies)
        _put_into_force_stays(agencies)
    assert first_fault() is None
    assert list(ledger_breaks()) == []
    call_command("verify_journal")
    call_command("verify_ledger")


def _by_button(built: Population) -> None:
    """A supervisor asks; the jobs leave drafts, and nobody's standing has changed."""
    supervisor = built.world.person("lidu")
    for start in (services.start_rating, services.start_ranking):
        job = start(as_of=DAY, by=supervisor, at=EVENING)
        done = perform(job.pk)
        assert done is not None
        assert (done.state, done.by.actor_ref) == ("done", supervisor.actor_ref)
    assert set(Rating.objects.values_list("state", flat=True)) == {"draft"}
    assert set(Ranking.objects.values_list("state", flat=True)) == {"draft"}
    assert not Agency.objects.exclude(rating_level="").exists()


def _worked_numbers(built: Population, agencies: int) -> None:
    ratings = {rating.agency_id: rating for rating in Rating.objects.all()}
    few, many = ratings[built.few.pk], ratings[built.many.pk]
    assert len(ratings) == agencies
    assert {Decimal(rating.inputs["mean"]) for rating in ratings.values()} == {Decimal(78)}
    assert (few.project_score, few.projects_counted) == (WORKED["few"], 2)
    assert (many.project_score, many.projects_counted) == (WORKED["many"], 20)
    assert few.score < many.score
    assert all(services.recomputes(rating) for rating in ratings.values())

    row = RankingRow.objects.get(donor=built.donor)
    assert (row.score, row.contributions, row.value) == (WORKED["donor"], 2, 1_500_000)
    for ranking in Ranking.objects.all():
        scores = list(ranking.rows.order_by("place").values_list("score", flat=True))
        assert scores == sorted(scores, reverse=True)
    assert RankingRow.objects.count() == Donor.objects.count()


def _by_the_clock_nothing_changes(agencies: int) -> None:
    """The beat's own jobs for the same day find everything as it is."""
    jobs = [job for job in enqueue_due(at=EVENING) if job.kind in {"evaluation.rate", "evaluation.rank"}]
    assert {job.params["as_of"] for job in jobs} == {DAY.isoformat()}
    assert len(jobs) == 2
    for job in jobs:
        done = perform(job.pk)
        assert done is not None
        assert done.state == "done"
        assert (done.result["new"], done.result["changed"]) == (0, 0)
    assert Rating.objects.count() == agencies
    assert enqueue_due(at=EVENING) == []  # the period is done


def _by_command(capsys: Any, agencies: int) -> None:
    capsys.readouterr()
    for name, rows in (("rate", "ratings"), ("rank", "rows")):
        call_command(name, "--as-of", DAY.isoformat(), "--json")
        report = json.loads(capsys.readouterr().out)
        assert (report["new"], report["changed"]) == (0, 0)
        assert report["inputs_hash"] == _asked_first(name).result["inputs_hash"]
        assert len(report[rows]) == (agencies if name == "rate" else Donor.objects.count())


def _asked_first(name: str) -> Job:
    job: Job = Job.objects.filter(kind=f"evaluation.{name}").order_by("pk")[0]
    return job


def _people_decide(built: Population, agencies: int) -> None:
    """One looks and recomputes, another puts into force; standing and stars follow."""
    one, other = built.world.person("zhaohua"), built.world.person("wuping")
    for rating in Rating.objects.order_by("pk"):
        rating = services.review_rating(rating=rating, by=one, at=EVENING)
        rating = services.approve_rating(rating=rating, by=other, at=EVENING)
        services.put_into_force(rating=rating, by=SYSTEM, at=EVENING + timedelta(days=8))
    for ranking in Ranking.objects.order_by("pk"):
        services.approve_ranking(ranking=ranking, by=other, at=EVENING)
    assert {rating.state for rating in Rating.objects.all()} == {"effective"}
    assert Agency.objects.exclude(rating_level="").count() >= agencies // 3
    for rating in Rating.objects.select_related("agency"):
        assert (rating.agency.rating_level, rating.agency.rating_score) == (rating.level, rating.score)
        assert rating.agency.rating_ref == rating.public_id
        assert _differ(rating.reviewed_by, rating.approved_by)
    for row in RankingRow.objects.select_related("donor"):
        assert (row.donor.star, row.donor.score) == (row.stars, row.score)
    built.donor.refresh_from_db()
    assert built.donor.star == 3  # an individual: ten times as quick


def _differ(one: User | None, other: User | None) -> bool:
    return one is not None and other is not None and one != other


def _put_into_force_stays(agencies: int) -> None:
    """Computed once more, what people put into force is left alone."""
    before = _stored()
    for start in (services.start_rating, services.start_ranking):
        job = start(as_of=DAY, by=User.objects.get(username="lidu"), at=EVENING)
        done = perform(job.pk)
        assert done is not None
        assert (done.result["new"], done.result["changed"]) == (0, 0)
    assert _stored() == before
    assert len(before[0]) == agencies


def _stored() -> tuple[list[Any], list[Any]]:
    ratings = Rating.objects.order_by("pk").values_list("pk", "state", "score", "level", "inputs_hash")
    rows = RankingRow.objects.order_by("pk").values_list("pk", "place", "score", "stars", "donor__star")
    return list(ratings), list(rows)
