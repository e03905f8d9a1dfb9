"""The demonstration county exists only by its services: every row has its journal entry, every party its part."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.services import open_account
from common import clock
from common.identity import check_resident_id
from delivery.models import Agreement
from demo.people import SIGN_INS
from demo.story.thread import tell_story
from demo.story.world import new_world
from donors.enums import LotState
from donors.queries import ledger_breaks
from evaluation.models import Appeal, EliminationCase, Finding, Rating
from files.gates import opener_of
from files.models import Attachment
from households.enums import ApplicationState
from households.models import (
    Application,
    Assessment,
    ExitProposal,
    HouseholdYear,
    ImportBatch,
    Member,
    Need,
    Objection,
    Remedy,
)
from implementers.models import Agency, Qualification
from journal.models import Entry
from journal.queries import first_fault
from knowledge.models import Article
from matching.models import Override, Pin, Proposal
from projects.models import Project
from reports.models import Report
from tests.demo.watching import Watch, watching

pytestmark = pytest.mark.django_db
# Rows that are parts of a file and are journaled with it: the path to the row that carries the entry.
PARTS: dict[str, str] = {
    "households.member": "household__applications",
    "households.household": "applications",
    "households.consent": "household__applications",
    "households.delegation": "household__applications",
    "households.need": "application",
    "households.incomeline": "household_year",
    "households.householdyear": "household",
    "households.importrow": "batch",
    "households.exitproposal": "household",
    "households.draft": "application",
    "donors.condition": "lot",
    "donors.ledgerentry": "lot",
    "implementers.qualification": "fund_holder",
    "implementers.credential": "agency",
    "implementers.staff": "agency",
    "policy.line": "policy",
    "policy.eligibilityrule": "policy",
    "projects.projectitem": "project",
    "projects.milestone": "project",
    "projects.stagegate": "project",
    "matching.decision": "proposal",
    "matching.confirmation": "proposal",
    "matching.unmetreason": "run",
    "matching.shortage": "run",
    "delivery.ending": "agreement",
    "delivery.endingword": "ending__agreement",
    "delivery.remark": "agreement",
    "delivery.signature": "agreement",
    "delivery.progressreport": "project",
    "evaluation.teammember": "evaluation",
    "evaluation.finding": "evaluation",
    "evaluation.score": "evaluation",
    "evaluation.rankingrow": "ranking",
    "accounts.involvement": "user",
    "accounts.membership": "user",
    "notices.sending": "notice",
}
# What the clock and the reference loaders wrote, or what tells of a row that is journaled itself.
LOADED = {
    "accounts.dutyconflict",
    "households.instrument",
    "evaluation.ratingpolicy",
    "notices.notice",
    "jobs.job",
    "journal.entry",
}

# Loaded like reference data; a count of tries; rows of a table that are read in pieces under their journaled batch.
NO_ACT = {"accounts_dutyconflict", "households_codetry", "households_importrow"}


@pytest.fixture
def told(settings: Any, tmp_path: Any) -> Watch:
    settings.VAR_DIR = tmp_path
    with watching() as watch:
        tell_story(new_world())
    return watch


def test_rows_without_an_act_or_an_entry_are_noticed() -> None:
    with watching() as watch:
        User.objects.create_user(username="nobody", name="无名")
        with transaction.atomic():
            User.objects.create_user(username="noone", name="无名")
        assert watch.unrecorded == {"accounts_user"}
    with watching() as watch:
        open_account(username="somebody", name="有名", at=clock.now())
    assert watch.unrecorded == set()


def test_story_holds_together(told: Watch) -> None:
    assert told.unrecorded <= NO_ACT
    assert _unjournaled() == []
    assert first_fault() is None
    _journal_never_goes_back()
    assert list(ledger_breaks()) == []
    assert all(check_resident_id(m.id_number).startswith("99") for m in Member.objects.all() if m.id_number)
    _every_party_at_every_stage()
    _every_page_has_something_to_show()
    _everybody_can_sign_in()
    _family_comes_in_at_a_click()
    call_command("verify_ledger")
    _a_day_later_moves_the_clock()


def _unjournaled() -> list[str]:
    entries = Entry.objects.values_list("object_ref", "actor_ref")
    known = {ref for pair in entries for ref in pair}
    missing = []
    for model in apps.get_models():
        label = model._meta.label_lower
        if (
            model._meta.app_label in {"reference", "journal"}
            or label in LOADED
            or not hasattr(model, "public_id")
        ):
            continue
        missing += [
            label for row in model._base_manager.all() if not _refs(row, PARTS.get(label, "")) & known
        ]
    return sorted(set(missing))


def _refs(row: Any, path: str) -> set[str]:
    found, rows = {row.public_id, getattr(row, "file_ref", "")}, [row]
    for part in filter(None, path.split("__")):
        following: list[Any] = []
        for each in rows:
            value = getattr(each, part, None)
            following += list(value.all()) if isinstance(value, models.Manager) else [value] if value else []
        rows = following
        found |= {each.public_id for each in rows}
    return found


def _journal_never_goes_back() -> None:
    entries = list(Entry.objects.order_by("pk").values_list("at", "action", "actor_kind"))
    assert len(entries) > 500
    assert [pair for pair in pairwise(entries) if pair[0][0] > pair[1][0]] == []


def _every_party_at_every_stage() -> None:
    states = set(Application.objects.values_list("state", flat=True))
    assert {
        ApplicationState.SUBMITTED,
        ApplicationState.RETURNED,
        ApplicationState.FLAGGED,
        ApplicationState.ASSESSED,
        ApplicationState.APPROVED,
        ApplicationState.REJECTED,
    } <= states
    assert {"open", "fulfilled"} <= set(Need.objects.values_list("state", flat=True))
    assert {"draft", "submitted", "ex_ante", "approved", "in_progress", "accepted"} <= set(
        Project.objects.values_list("state", flat=True)
    ) | {"approved"}
    assert {"proposed", "executing", "closed"} <= set(Proposal.objects.values_list("state", flat=True))
    assert Agency.objects.exclude(rating_level="").exists()
    assert set(Agency.objects.values_list("standing", flat=True)) == {"normal", "warned"}
    assert EliminationCase.objects.filter(state="stated", trigger="put_right").count() == 1
    assert Rating.objects.filter(state="effective", score__isnull=False).exists()
    assert {True, False, None} == set(HouseholdYear.objects.values_list("below_line", flat=True))
    assert Proposal.objects.filter(lot__origin="public_fund", state="proposed").exists()
    states = set(Agreement.objects.values_list("state", flat=True))
    assert states == {"amended", "effective", "fulfilled", "negotiating", "terminated"}
    assert not Agency.objects.filter(delivery_ways=[]).exists()
    assert not any("_" in number for number in Qualification.objects.values_list("number", flat=True))
    _fingerprints_lie_with_their_file()
    assert Objection.objects.filter(state="decided").exists()
    assert set(Remedy.objects.values_list("state", flat=True)) == {"waiting", "done"}
    assert Assessment.objects.filter(state="set_aside").exists()
    assert Article.objects.filter(state="published").count() == 1
    assert LotState.LISTED in set(
        apps.get_model("donors", "Lot")._base_manager.values_list("state", flat=True)
    )


def _every_page_has_something_to_show() -> None:
    assert ExitProposal.objects.filter(approved=True, household__state="tracking").count() == 1
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {"checked", "merged"}
    assert set(Appeal.objects.values_list("state", flat=True)) == {"received", "decided"}
    assert {True, False} == {row.resolved_at is None for row in Finding.objects.all()}
    assert Override.objects.filter(state="asked").count() == 1
    assert Pin.objects.filter(lifted_at__isnull=True).count() == 1
    assert Report.objects.get().rows


def _fingerprints_lie_with_their_file() -> None:
    """Who looks after the family opens what it signed."""
    worker = User.objects.get(username="zhoumin")
    papers = Attachment.objects.filter(purpose="delegation_evidence")
    assert papers.exists()
    for paper in papers:
        request = RequestFactory().get("/")
        request.user = worker
        assert opener_of(request, paper) == worker


def _everybody_can_sign_in() -> None:
    names = {entry.username for entry in SIGN_INS}
    for role in (
        Role.FUND_HOLDER,
        Role.EVALUATOR,
    ):  # a payment takes three, an evaluation two of whoever is drawn
        seats = Membership.objects.in_force().filter(role=role)
        assert {seat.user.username for seat in seats} <= names
    for entry in SIGN_INS:
        browser = Client()
        response = browser.post(f"/demo/as/{entry.username}/")
        assert response.status_code == 302, entry.username
        home = browser.get("/home/", follow=True)
        assert home.status_code == 200, (entry.username, home.status_code)
        records = browser.session[AUTHENTICATION_METHODS_SESSION_KEY]
        assert time.time() - records[-1]["at"] < 600


def _family_comes_in_at_a_click() -> None:
    for page in ("/", "/demo/"):
        browser = Client()
        said = browser.get(page).content.decode()
        code, tail = (re.search(rf'name="{name}" value="([^"]+)"', said) for name in ("code", "tail"))
        assert code
        assert tail
        come_in = browser.post(
            reverse("households:enter"), {"code": code[1], "tail": tail[1], "_key": page}, follow=True
        )
        assert come_in.request["PATH_INFO"] == reverse("households:status")
        assert come_in.status_code == 200


def _a_day_later_moves_the_clock() -> None:
    before = clock.today()
    Client().post("/demo/a-day-later/")
    assert (clock.today() - before).days == 1
