"""A rating is announced for seven days in which objections are heard, and is in force only then (domain §10.9)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.actors import SYSTEM
from evaluation import services
from evaluation.models import EliminationCase, Rating
from jobs.services import enqueue
from jobs.worker import perform
from notices.models import Notice
from tests.cast import AT, COUNTY, hire, signed_in
from tests.evaluation.test_pages import send
from tests.evaluation.test_rating import computed, finished
from tests.projects import stage as s
from tests.refusing import refuses

pytestmark = pytest.mark.django_db
OVER = AT + timedelta(days=8)


@pytest.fixture
def on() -> s.Stage:
    return s.stage(evaluators=8)


def announced(on: s.Stage) -> Rating:
    """Low enough to open a case once it is in force."""
    finished(on, [40, 40, 40])
    rating = computed()[on.agency.pk]
    services.review_rating(rating=rating, by=on.cast.worker, at=AT)
    return services.approve_rating(rating=rating, by=on.cast.supervisor, at=AT)


def the_day_begins(at: Any) -> Any:
    """The job of the night."""
    with clock.fixed(at):
        job = enqueue("evaluation.put_into_force", key=f"night-{at}", by=SYSTEM, at=at)
        done = perform(job.pk)
    assert done is not None
    assert done.state == "done"
    return done.result


def test_announced_rating_changes_nothing_until_its_seven_days_are_over(on: s.Stage) -> None:
    rating = announced(on)
    on.agency.refresh_from_db()
    assert (rating.state, on.agency.rating_level, EliminationCase.objects.count()) == ("announced", "", 0)
    assert Notice.objects.filter(kind="rating_announced", to_ref=on.leader.public_id).exists()
    with clock.fixed(AT):
        assert str(rating.score) in Client().get("/evaluation/agencies/").content.decode()
    with refuses("announcement_running"):
        services.put_into_force(rating=rating, by=SYSTEM, at=AT + timedelta(days=7))
    assert the_day_begins(AT + timedelta(days=7)) == {"in_force": 0}

    assert the_day_begins(OVER) == {"in_force": 1}

    rating.refresh_from_db()
    on.agency.refresh_from_db()
    assert (rating.state, on.agency.rating_level) == ("effective", rating.level)
    assert EliminationCase.objects.filter(agency=on.agency).exists()


def test_objection_holds_an_announced_rating_and_sets_it_aside_when_it_is_right(on: s.Stage) -> None:
    rating = announced(on)
    with clock.fixed(AT):
        send(signed_in(on.leader), f"/evaluation/appeal/rating/{rating.public_id}/", text="少算了一个项目。")
    assert the_day_begins(OVER) == {"in_force": 0}
    with refuses("appeal_open"):
        services.put_into_force(rating=rating, by=SYSTEM, at=OVER)
    appeal = on.agency.appeals.get()
    others = [
        hire(f"judge{number}", "督导", "supervisor", organisation=on.cast.station, prefix=COUNTY,
               by=on.cast.administrator)
        for number in range(2)
    ]  # fmt: skip

    for judge in others:
        services.decide_appeal(appeal=appeal, granted=True, answer="确实漏算了。", by=judge, at=OVER)

    rating.refresh_from_db()
    on.agency.refresh_from_db()
    assert (rating.state, on.agency.rating_level) == ("set_aside", "")
    assert not EliminationCase.objects.exists()


def test_supervisor_sets_an_announced_rating_aside(on: s.Stage) -> None:
    rating = announced(on)

    services.set_aside(rating=rating, reason="公示期收到反映，需重新核。", by=on.cast.supervisor, at=AT)

    assert the_day_begins(OVER) == {"in_force": 0}
    rating.refresh_from_db()
    assert rating.state == "set_aside"


def test_older_rating_is_not_announced_beside_a_newer(on: s.Stage) -> None:
    finished(on, [96, 96])
    later = AT + timedelta(days=30)
    older, newer = computed()[on.agency.pk], computed(later.date(), later)[on.agency.pk]
    for rating in (older, newer):
        services.review_rating(rating=rating, by=on.cast.worker, at=later)
    services.approve_rating(rating=newer, by=on.cast.supervisor, at=later)

    with refuses("older_rating"):
        services.approve_rating(rating=older, by=on.cast.supervisor, at=later)

    assert Rating.objects.get(state="announced") == newer


def test_page_says_how_an_objection_is_brought_and_breaks_no_date(on: s.Stage, settings: Any) -> None:
    rating = announced(on)
    for phone, way in (("0900-1234567", "0900-1234567</span>"), ("", "到县社会工作站")):
        settings.COUNTY_PHONE = phone
        with clock.fixed(AT):
            page = Client().get("/evaluation/agencies/").content.decode()
        section = page.split('id="announced"')[1].split("</section>")[0]
        assert way in section
        assert f'<span class="nowrap">{rating.announced_until}</span>' in section
