"""Bad input in a browser: one clear message that says what to do, 4xx, nothing stored, nothing typed lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accounts.enums import Role
from common.identity import resident_id_check_digit
from households.models import Application, Draft, Household, Member
from journal.models import Entry
from matching.models import Decision, Proposal
from matching.services import propose_by_hand
from projects.models import Project
from tests import cast
from tests.cast import AT, GRANDSON_ID, WIDOW, WIDOW_ID, WIDOW_PHONE, resident_id
from tests.journeys.pages import MAIN, Window
from tests.journeys.site import Site
from tests.journeys.stage import open_pages, seated, somebody
from tests.journeys.steps_household import asks_for, place
from tests.matching.conftest import Scene, laid, listed_lot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OTHER_ID = resident_id(44, born=date(1961, 7, 9))
LIMIT = 12 * 1024 * 1024


@pytest.fixture(scope="module")
def pages(django_db_setup: None, tmp_path_factory: Any) -> Iterator[Site]:
    """One web process for them all."""
    with open_pages(tmp_path_factory.mktemp("refusals"), Path(os.environ["BANGFU_VAR"]) / "clock") as site:
        yield site


@pytest.fixture(autouse=True)
def closed_afterwards(browser: Any) -> Iterator[None]:
    yield
    for context in list(browser.contexts):
        context.close()


@pytest.fixture
def scene() -> Scene:
    return laid()


def is_told(window: Window, *, once: bool = True) -> None:
    """One summary on top that says what to do, in the reader's words."""
    messages = window.page.locator("main .error-summary li")
    assert messages.count() == 1 if once else messages.count() >= 1, window.text()
    assert not any(word in window.text() for word in ("无效", "非法", "请填写必填项"))


DECIDE = 'main button[form="decide"]'  # the button of the matching desk stands beside its form


def twice(window: Window, button: str = f"{MAIN} button.button") -> None:
    """An impatient double click."""
    with window.page.expect_navigation(wait_until="load"):
        window.page.locator(button).first.dblclick()
    window.page.wait_for_load_state("load")
    window.page.wait_for_timeout(500)  # an answer to the second send may still be on its way


def begins(window: Window) -> None:
    window.open("/help/")
    window.send(whose="self")
    window.send(apply=True, sensitive=True)
    window.send(name=WIDOW, sex="female", relation="head")


def test_numbers_and_days_that_cannot_be_are_asked_again(browser: Any, pages: Site):
    widow = somebody(browser, pages, "widow", javascript=False)
    begins(widow)
    answers = Draft.objects.get().answers
    digit = next(one for one in "0123456789X" if one != WIDOW_ID[-1])
    thirteenth = "99010119541308002"
    for number in (WIDOW_ID[:-1] + digit, thirteenth + resident_id_check_digit(thirteenth), WIDOW_ID[:-2]):
        widow.send(id_kind="resident_id", id_number=number, status=422)
        is_told(widow)
        assert widow.page.input_value("[name=id_number]") == number
    widow.send(id_kind="none", id_number="", birth_year="2023", birth_month="2", birth_day="30", status=422)
    is_told(widow)
    assert widow.page.input_value("[name=birth_day]") == "30"

    assert Draft.objects.get().answers == answers
    assert not Household.objects.exists()


def test_same_number_twice_is_refused_in_the_family_and_on_file(browser: Any, pages: Site):
    cast.widow_applies()
    window = somebody(browser, pages, "cousin", javascript=False)
    begins(window)
    window.send(id_kind="resident_id", id_number=WIDOW_ID)
    window.send(schooling="e:primary", health=["chronic"], labour="lost")
    window.send(more="yes")
    window.send(name="王小军", sex="male", relation="son")
    window.send(id_kind="resident_id", id_number=WIDOW_ID, status=422)
    is_told(window)
    window.send(id_number=OTHER_ID)
    window.send(schooling="e:primary", health=["healthy"], labour="ordinary")
    window.send(more="no")
    window.send(phone="13712345678")
    place(window)
    window.send(causes=["illness"], story="老伴走后，买药的钱不够。")
    asks_for(window, topic="things", item="quilt", quantity=1, urgency="soon")
    window.send(more="no")
    window.send(measures=["dibao"])
    window.send(status=409)  # this number belongs to a family on file
    is_told(window)
    window.sees(WIDOW, "13712345678"[-4:])

    assert (Application.objects.count(), Household.objects.count(), Member.objects.count()) == (1, 1, 2)
    assert Draft.objects.get().used_at is None


def test_body_over_the_limit_leaves_the_saved_draft(browser: Any, pages: Site):
    window = somebody(browser, pages, "widow")
    begins(window)
    window.send(id_kind="resident_id", id_number=WIDOW_ID)
    window.send(schooling="e:primary", health=["chronic"], labour="lost")
    window.send(more="no")
    window.send(phone=WIDOW_PHONE)
    place(window)
    here, before = window.path, Draft.objects.get().answers
    window.fill(causes=["illness"])
    story = window.page.locator("main [name=story]")
    story.evaluate("(field, many) => { field.value = '药'.repeat(many); }", LIMIT // 9 + 1)  # nine bytes each
    window.send(status=413)
    assert "12 MB" in window.text()
    assert Draft.objects.get().answers == before
    window.open(here)
    window.send(causes=["illness"], story="老伴走后，买药的钱不够。")
    assert window.path != here


def test_double_click_and_back_send_one_application(browser: Any, pages: Site):
    window = somebody(browser, pages, "widow", javascript=False)
    begins(window)
    window.send(id_kind="resident_id", id_number=WIDOW_ID)
    window.send(schooling="e:primary", health=["chronic"], labour="lost")
    window.send(more="no")
    window.send(phone=WIDOW_PHONE)
    place(window)
    window.send(causes=["illness"], story="老伴走后，买药的钱不够。")
    asks_for(window, topic="things", item="quilt", quantity=1, urgency="soon")
    window.send(more="no")
    window.send(measures=["dibao"])
    twice(window)
    number = Application.objects.get().number
    window.sees(number)
    window.page.go_back()
    if window.page.locator(f"{MAIN} button.button").count():
        twice(window)
    assert Application.objects.count() == 1
    window.open("/help/status/")
    window.sees(number)


def test_guessed_code_is_paused_after_five_tries(browser: Any, pages: Site):
    application = cast.widow_applies()
    code, tail = application.query_code, WIDOW_PHONE[-4:]
    stranger, widow = somebody(browser, pages, "stranger"), somebody(browser, pages, "widow")
    stranger.open("/help/status/enter/")
    for guess in range(5):
        stranger.send(code=code, tail=f"000{guess}", status=409)
        is_told(stranger)
        assert stranger.page.input_value("[name=code]") == code
    said = stranger.text()
    for window in (stranger, widow):  # now not even the right number opens it
        window.open("/help/status/enter/")
        window.send(code=code, tail=tail, status=409)
        is_told(window)
        assert window.page.input_value("[name=tail]") == tail
    assert widow.text() != said
    assert not Entry.objects.filter(action="application.opened_by_code").exists()


def test_stale_form_shows_both_answers_and_keeps_what_is_chosen(browser: Any, pages: Site):
    application = cast.widow_applies()
    windows = [somebody(browser, pages, name, javascript=False) for name in ("widow", "daughter")]
    for window in windows:
        window.open("/help/status/enter/")
        window.send(code=application.query_code, tail=WIDOW_PHONE[-4:])
        window.open("/help/status/contact/")
    first, second = windows
    first.send(phone="13811110000", group="三组", address="村口第二家")
    second.send(phone="13822220000", group="四组", address="村口第二家", status=409)
    second.sees("138****0000", "13822220000", "三组", "四组")
    household = Household.objects.get()
    assert (household.phone, household.group) == ("13811110000", "三组")

    second.send(phone="", group="四组")
    household.refresh_from_db()
    assert (household.phone, household.group, household.address) == ("13811110000", "四组", "村口第二家")


def test_unknown_filter_is_named(browser: Any, pages: Site, scene: Scene):
    worker, donor = seated(browser, pages, scene.cast.worker), seated(browser, pages, scene.miller)
    for window, path in (
        (donor, "/match/catalogue/?colour=red"),
        (donor, "/api/v1/needs/?colour=red"),
        (worker, "/admin/matching/proposal/?colour=red"),
    ):
        window.open(path, status=400)
        assert "colour" in window.text()


def test_file_of_another_area_is_not_there(browser: Any, pages: Site, scene: Scene):
    stranger = seated(browser, pages, scene.cast.stranger)
    application = Application.objects.get()
    proposal = suggested(scene)
    for path in (
        f"/admin/households/application/{application.public_id}/file/",
        f"/admin/matching/proposal/{proposal.public_id}/decide/",
        f"/admin/projects/project/{scene.project.public_id}/file/",
    ):
        stranger.open(path, status=404)
        stranger.sees_not(WIDOW, WIDOW_ID, GRANDSON_ID, scene.project.title)


def test_forged_step_changes_nothing(browser: Any, pages: Site, scene: Scene):
    supervisor = seated(browser, pages, scene.cast.supervisor)
    for value, status in (("approve", 409), ("archive", 409), ("accept", 400)):
        supervisor.open(f"/admin/projects/project/{scene.project.public_id}/file/")
        supervisor.page.locator("main button[name=act]").first.evaluate(
            "(button, value) => { button.value = value; }", value
        )
        supervisor.send("main button[name=act]", status=status)
        assert Project.objects.get().state == "in_progress"


def test_worker_does_not_decide_for_the_own_employer(browser: Any, pages: Site, scene: Scene):
    proposal = suggested(scene)
    worker, people = scene.cast.worker, scene.cast
    agent = cast.hire(
        "zhou2", worker.name, Role.AGENCY, organisation=people.association, by=people.administrator
    )
    agent.memberships.update(user=worker)  # at weekends the worker is paid by the association
    worker.forget_seats()
    window = seated(browser, pages, worker)
    window.open(f"/admin/matching/proposal/?at={proposal.public_id}")
    window.send(DECIDE, status=409)
    is_told(window)

    proposal.refresh_from_db()
    assert proposal.state == "suggested"
    assert not Decision.objects.exists()


def test_double_click_and_back_decide_once(browser: Any, pages: Site, scene: Scene):
    proposal = suggested(scene)
    worker = seated(browser, pages, scene.cast.worker)
    worker.open(f"/admin/matching/proposal/?at={proposal.public_id}")
    twice(worker, DECIDE)
    worker.page.go_back()
    if worker.page.locator(DECIDE).count():
        twice(worker, DECIDE)

    scene.quilts.refresh_from_db()
    assert (scene.quilts.reserved, Decision.objects.count()) == (2, 1)


def suggested(scene: Scene) -> Proposal:
    return propose_by_hand(need=scene.quilts, lot=listed_lot(scene), amount=2, by=scene.cast.worker, at=AT)
