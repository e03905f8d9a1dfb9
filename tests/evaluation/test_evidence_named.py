"""Each heading may name the evidence looked at: on record of this project, sealed and opened with the sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from delivery.models import ProgressReport
from evaluation import services
from evaluation.models import Evaluation, Score
from evaluation.services.scoring import digest_of
from tests.cast import AT, signed_in
from tests.evaluation.test_pages import filled, send
from tests.projects import stage as s
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def on() -> s.Stage:
    return s.stage()


@pytest.fixture
def found(on: s.Stage) -> Evaluation:
    return s.opened(on, s.completing(on))


@pytest.fixture
def report(found: Evaluation, on: s.Stage) -> ProgressReport:
    return reported(found.project, on)


def reported(project: Any, on: s.Stage) -> ProgressReport:
    row: ProgressReport = ProgressReport.objects.create(
        project=project, period_start=AT.date() - timedelta(days=90), period_end=AT.date(), text="送了棉被。",
        households_served=3, spent=100, by=on.leader, at=AT,
    )  # fmt: skip
    return row


def test_evidence_is_named_sealed_and_shown_once_the_round_is_open(
    on: s.Stage, found: Evaluation, report: ProgressReport
) -> None:
    first, second = [member.user for member in found.team.order_by("pk").select_related("user")]
    browser, file = signed_in(first), f"/evaluation/file/{found.public_id}/"
    paper = f"report.{report.public_id}"
    named: dict[str, Any] = {"paper_schedule": paper, "other_schedule": "看了村里的签到本"}

    send(browser, f"{file}score/", check="yes", **filled(84), **named)
    assert "看了村里的签到本" in browser.get(f"{file}submit/").content.decode()
    form = browser.get(f"{file}score/").content.decode()
    assert f'value="{paper}" selected' in form
    send(browser, f"{file}submit/")

    score = Score.objects.get()
    assert score.evidence == {"schedule": {"paper": paper, "other": "看了村里的签到本"}}
    score.evidence = {}
    assert score.digest != digest_of(score)  # it lies under the seal
    assert "签到本" not in signed_in(second).get(file).content.decode()
    s.scored(found, [84])
    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)
    desk = f"/admin/evaluation/evaluation/{found.public_id}/file/"
    for reader, page in ((second, file), (on.cast.supervisor, desk)):
        shown = signed_in(reader).get(page).content.decode()
        assert f"{report.period_start} – {AT.date()} · 看了村里的签到本" in shown


def test_paper_of_another_project_is_refused(on: s.Stage, found: Evaluation) -> None:
    other = reported(s.drafted(on), on)
    given: dict[str, Any] = {"evaluation": found, "points": {}, "reasons": {}, "by": found.team.all()[0].user}

    for paper in (f"report.{other.public_id}", "rumour"):
        with refuses("paper_unknown"):
            services.save_score(**given, evidence={"schedule": {"paper": paper}}, at=AT)

    assert not Score.objects.exists()


def test_sheet_that_names_none_keeps_the_digest_it_always_had(on: s.Stage, found: Evaluation) -> None:
    first = found.team.order_by("pk")[0].user
    s.save(found, first, 84)
    score = services.submit_score(evaluation=found, by=first, at=AT)
    assert score.evidence == {}
    assert score.digest == digest_of(score)
