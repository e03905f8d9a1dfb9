"""Questionnaires as versioned data: a refusal is no zero, a danger is acted on at once, nobody else reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from common import clock
from common.actors import SYSTEM, CodeHolder
from common.todos import Todo, by_urgency
from households import services
from households.desk import worklist
from households.measures.scale_files import Unreadable, read_scale
from households.measures.scales import REFUSED
from households.models import Household, Instrument, InstrumentResult, Member, SafetyAlert, Training
from households.queries.scales import asked_in_assessments, series_of
from households.services.instruments import SHIPPED
from journal.models import Entry
from notices.models import Notice
from tests import cast as people
from tests.cast import AT, COUNTY, Cast
from tests.households.test_desk_acts import address, post
from tests.refusing import refuses

DAY = timedelta(days=1)
WELL = {"cheerful": "3", "calm": "2", "active": "1", "rested": "2", "interested": "3"}
CALM = dict.fromkeys(
    ("interest", "down", "sleep", "tired", "appetite", "failure", "concentration", "slow"), "1"
) | {"self_harm": "0"}
ABLE = ("seeing", "hearing", "walking", "remembering", "washing", "communicating")
OTHER_ROLES = {Role.DONOR: "enterprise", Role.AGENCY: "service_organisation", Role.OFFICER: "government"}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def household(cast: Cast) -> Household:
    return people.approved(people.widow_applies(), cast).household


@pytest.fixture
def widow(household: Household) -> Member:
    found: Member = household.members.get(is_head=True)
    return found


def instrument(code: str) -> Instrument:
    found: Instrument = Instrument.objects.current().get(code=code)
    return found


def asked(code: str, widow: Member, answers: dict[str, str], by: User, **changes: Any) -> InstrumentResult:
    given: dict[str, Any] = {
        "household": widow.household,
        "instrument": instrument(code),
        "member": widow,
        "mode": "interviewer",
        "proxy": "",
        "answers": answers,
        "asked_on": AT.date(),
        "by": by,
        "at": AT,
    }
    return services.record_answers(**(given | changes))


def trained(cast: Cast, holder: User | None = None) -> Training:
    return services.record_training(
        holder=holder or cast.worker,
        code="phq9",
        course="县精神卫生中心培训，证书 12 号",
        valid_to=AT.date() + 365 * DAY,
        by=cast.supervisor,
        at=AT,
    )


@pytest.fixture
def alert(cast: Cast, widow: Member) -> SafetyAlert:
    trained(cast)
    result = asked("phq9", widow, CALM | {"self_harm": "1"}, cast.worker)
    return SafetyAlert.objects.get(result=result)


@pytest.mark.parametrize(
    ("code", "answers", "score", "look"),
    [
        ("who5", WELL, 44, True),
        ("who5", WELL | {"active": "3"}, 52, False),
        ("phq2", {"interest": "2", "down": "1"}, 3, True),
        ("phq2", {"interest": "1", "down": "1"}, 2, False),
        ("phq9", CALM, 8, False),
        ("phq9", CALM | {"sleep": "3"}, 10, True),
        ("wgss", dict.fromkeys(ABLE, "some"), 1, False),
    ],
)  # fmt: skip
def test_scores_are_those_of_the_instruments(
    db: None, code: str, answers: dict[str, str], score: int, look: bool
) -> None:
    found = instrument(code).scale.outcome(answers)

    assert (found.score, found.band and found.band.look) == (score, look)


def test_refusal_and_open_question_leave_no_score_and_are_told_apart(db: None) -> None:
    found = instrument("who5").scale.outcome({"cheerful": REFUSED, "calm": "5", "active": "5"})

    assert (found.score, found.refused, found.open, found.band) == (None, 1, 2, None)


def test_band_stands_where_no_open_answer_could_move_it(db: None) -> None:
    scale = instrument("wgss").scale

    assert scale.outcome({"walking": "lot", "seeing": REFUSED}).band == scale.bands[-1]
    assert scale.outcome({"walking": "some", "seeing": REFUSED}).band is None


@pytest.mark.parametrize(
    "change",
    [
        {"items": []}, {"scoring": {"kind": "mean"}}, {"bands": [{"from": 3, "look": True, "zh": "x", "en": "x"}]},
        {"safety": {"item": "nowhere"}}, {"better": "left"}, {"title": {"zh": "x"}},
    ],
)  # fmt: skip
def test_file_that_is_no_questionnaire_is_named(db: None, change: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_scale(instrument("phq2").content | change)


def test_loading_again_changes_nothing(db: None) -> None:
    before = list(Instrument.objects.values())

    call_command("load_instruments", verbosity=0)

    assert list(Instrument.objects.values()) == before
    assert set(Instrument.objects.current().values_list("code", flat=True)) == {
        "who5",
        "phq2",
        "phq9",
        "wgss",
    }


def test_newer_version_retires_the_old_one_which_stays_readable(
    cast: Cast, widow: Member, tmp_path: Path
) -> None:
    first = asked("who5", widow, WELL, cast.worker)
    newer = tmp_path / "who5.toml"
    newer.write_text((SHIPPED / "who5-1.toml").read_text().replace('version = "1"', 'version = "2"'))

    done = services.load_instruments(files=[newer], by=SYSTEM, at=AT)

    assert done["loaded"] == ["who5 2"]
    assert instrument("who5").version == "2"
    with refuses("instrument_retired"):
        asked("who5", widow, WELL, cast.worker, instrument=Instrument.objects.get(pk=first.instrument_id))
    client = people.signed_in(cast.worker)
    page = client.get(f"/admin/households/instrument/{first.instrument.public_id}/read/").content.decode()
    assert "停用" in page
    assert client.get(f"/admin/households/instrumentresult/{first.public_id}/read/").status_code == 200
    services.load_instruments(by=SYSTEM, at=AT)
    assert instrument("who5").version == "2"


def test_loaded_version_is_never_altered(db: None, tmp_path: Path) -> None:
    other, broken = tmp_path / "who5.toml", tmp_path / "broken.toml"
    other.write_text((SHIPPED / "who5-1.toml").read_text().replace("偶尔", "有时"))
    broken.write_text("code = 1")

    with refuses("instrument_altered"):
        services.load_instruments(files=[other], by=SYSTEM, at=AT)
    with refuses("instrument_unreadable"):
        services.load_instruments(files=[broken], by=SYSTEM, at=AT)
    with pytest.raises(SystemExit) as ended:
        call_command("load_instruments", str(broken), verbosity=0)
    assert ended.value.code == 2


def test_answers_are_kept_stage_by_stage_and_encrypted(
    cast: Cast, household: Household, widow: Member
) -> None:
    asked("who5", widow, WELL, cast.worker)
    asked("who5", widow, {"cheerful": REFUSED}, cast.worker, at=AT + DAY, asked_on=(AT + DAY).date())
    asked("who5", widow, WELL | {"active": "4"}, cast.worker, at=AT + 2 * DAY, asked_on=(AT + 2 * DAY).date())

    [series] = series_of(household, cast.worker)
    told = [(one.result.stage_label, one.found.score, one.change, one.better) for one in series.stages]
    assert told == [("T0", 44, None, False), ("T1", None, None, False), ("T2", 56, 12, True)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, outcome FROM households_instrumentresult")
        assert not any("cheerful" in value or "score" in value for row in cursor for value in row)
    entry = Entry.objects.filter(action="instrument.asked").latest("id")
    assert set(entry.parameters) == {"household", "code", "version", "stage", "mode"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"answers": {}}, "nothing_answered"),
        ({"answers": {"cheerful": "9"}}, "answer_unknown"),
        ({"answers": {"taste": "1"}}, "answer_unknown"),
        ({"mode": "telepathy"}, "answer_unknown"),
        ({"mode": "proxy", "proxy": " "}, "proxy_missing"),
        ({"asked_on": (AT + DAY).date()}, "in_the_future"),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, widow: Member, changes: dict[str, Any], code: str) -> None:
    with refuses(code):
        asked("who5", widow, **({"answers": WELL} | changes), by=cast.worker)


def test_who_may_not_be_asked(cast: Cast, household: Household, widow: Member) -> None:
    other = people.applies(people.clean_answers(3)).household.members.get()
    with refuses("other_household"):
        asked("who5", widow, WELL, cast.worker, member=other)
    with refuses("not_your_case"):
        asked("who5", widow, WELL, cast.stranger)
    Member.objects.filter(pk=widow.pk).update(birth_date="2020-01-01")
    with refuses("too_young"):
        asked("who5", widow, WELL, cast.worker, member=Member.objects.get(pk=widow.pk))
    Member.objects.filter(pk=widow.pk).update(birth_date="1954-03-08")
    asked("who5", widow, WELL, cast.worker)
    with refuses("before_last_stage"):
        asked("who5", widow, WELL, cast.worker, asked_on=(AT - DAY).date())
    household.consents.filter(purpose="sensitive").update(withdrawn_at=AT)
    with refuses("consent_missing"):
        asked("who5", widow, WELL, cast.worker)
    services.suspend_household(household=household, reason="外出", by=cast.supervisor, at=AT)
    with refuses("paused"):
        asked("who5", widow, WELL, cast.worker)


def test_ended_file_is_asked_nothing(cast: Cast) -> None:
    application = people.widow_applies()
    services.withdraw_application(application=application, by=people_code(application), at=AT)
    widow = application.household.members.get(is_head=True)
    with refuses("file_ended"):
        asked("who5", widow, WELL, cast.worker)


def people_code(application: Any) -> Any:

    return CodeHolder(application.public_id)


def test_only_trained_colleagues_ask_the_nine_questions(cast: Cast, widow: Member) -> None:
    with refuses("training_needed"):
        asked("phq9", widow, CALM, cast.worker)

    training = trained(cast)
    asked("phq9", widow, CALM, cast.worker)
    assert not SafetyAlert.objects.exists()

    services.revoke_training(training=training, by=cast.second_supervisor, at=AT)
    with refuses("training_needed"):
        asked("phq9", widow, CALM, cast.worker)
    with refuses("revoked_already"):
        services.revoke_training(training=training, by=cast.supervisor, at=AT)


def test_training_is_seen_by_somebody_else_and_counts_until_its_day(cast: Cast, widow: Member) -> None:
    given: dict[str, Any] = {"code": "phq9", "course": "证书", "valid_to": (AT + DAY).date(), "at": AT}
    with refuses("own_training"):
        services.record_training(holder=cast.supervisor, by=cast.supervisor, **given)
    with refuses("supervisors_only"):
        services.record_training(holder=cast.colleague, by=cast.worker, **given)
    with refuses("not_a_colleague"):
        services.record_training(holder=cast.stranger, by=cast.supervisor, **given)
    with refuses("course_missing"):
        services.record_training(holder=cast.worker, by=cast.supervisor, **(given | {"course": " "}))
    with refuses("training_period"):
        services.record_training(holder=cast.worker, by=cast.supervisor, **(given | {"valid_to": AT.date()}))
    with refuses("answer_unknown"):
        services.record_training(holder=cast.worker, by=cast.supervisor, **(given | {"code": "iq"}))

    services.record_training(holder=cast.worker, by=cast.supervisor, **given)
    with refuses("training_needed"):
        asked("phq9", widow, CALM, cast.worker, at=AT + 2 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Training.objects.update(recorded_by=cast.worker)


def test_danger_alerts_the_supervisors_at_once_and_stands_on_top(
    cast: Cast, household: Household, alert: SafetyAlert
) -> None:
    assert (alert.state, alert.due) == ("open", AT + timedelta(hours=1))
    told = Notice.objects.filter(kind="safety_alert").values_list("to_ref", flat=True)
    assert {cast.supervisor.public_id, cast.second_supervisor.public_id} <= set(told)
    for todos in (worklist.for_supervisor(cast.supervisor), worklist.for_social_worker(cast.worker)):
        assert todos[0].url.endswith(f"{alert.public_id}/do/act/")
    older = Todo("x", "/", due=AT - 30 * DAY)
    assert by_urgency([older, *worklist.for_social_worker(cast.worker)])[0].kind == "safety"
    page = people.signed_in(cast.worker).get(address(alert, "act")).content.decode()
    assert "12356" in page
    assert "120" in page


def test_alert_is_closed_only_with_what_was_done_and_by_somebody_else(cast: Cast, alert: SafetyAlert) -> None:
    done: dict[str, Any] = {
        "steps": ["stay", "trusted"],
        "done": "陪她坐到女儿来，农药已锁进柜子。",
        "next_contact": (AT + DAY).date(),
        "at": AT,
    }
    with refuses("wrong_state"):
        services.close_alert(alert=alert, closing="平稳", by=cast.supervisor, at=AT)
    with refuses("steps_missing"):
        services.act_on_alert(alert=alert, by=cast.worker, **(done | {"steps": ["pray"]}))
    with refuses("text_missing"):
        services.act_on_alert(alert=alert, by=cast.worker, **(done | {"done": " "}))
    with refuses("in_the_past"):
        services.act_on_alert(alert=alert, by=cast.worker, **(done | {"next_contact": (AT - DAY).date()}))
    with refuses("not_your_case"):
        services.act_on_alert(alert=alert, by=cast.stranger, **done)

    services.act_on_alert(alert=alert, by=cast.worker, **done)
    services.act_on_alert(
        alert=alert, by=cast.supervisor, **(done | {"steps": ["doctor"], "done": "明早去医院。"})
    )
    alert.refresh_from_db()
    assert alert.steps == ["doctor", "stay", "trusted"]
    assert alert.done.endswith("明早去医院。")
    with refuses("supervisor_needed"):
        services.close_alert(alert=alert, closing="平稳", by=cast.worker, at=AT)
    with refuses("four_eyes"):
        services.close_alert(alert=alert, closing="平稳", by=cast.supervisor, at=AT)
    with refuses("text_missing"):
        services.close_alert(alert=alert, closing=" ", by=cast.second_supervisor, at=AT)

    services.close_alert(alert=alert, closing="医生已看，女儿同住。", by=cast.second_supervisor, at=AT)
    alert.refresh_from_db()
    assert alert.state == "closed"
    assert not [todo for todo in worklist.for_supervisor(cast.supervisor) if todo.kind == "safety"]
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyAlert.objects.update(closed_by=None)


def test_neither_donors_agencies_nor_government_see_them(
    cast: Cast, household: Household, alert: SafetyAlert
) -> None:
    for role, kind in OTHER_ROLES.items():
        prefix = COUNTY if role == Role.OFFICER else ""
        employer = people.body(f"单位{role}", kind, 60 + len(role))
        person = people.hire(
            f"p{role}", "某人", role, organisation=employer, prefix=prefix, by=cast.administrator
        )
        for model in (InstrumentResult, SafetyAlert, Training, Instrument):
            assert not model.objects.visible_to(person).exists(), (role, model)
    assert not InstrumentResult.objects.visible_to(cast.stranger).exists()
    assert not InstrumentResult.objects.visible_to(cast.colleague).exists()
    assert InstrumentResult.objects.visible_to(cast.worker).exists()


def test_assessment_keeps_its_own_two_and_is_read_there(cast: Cast, household: Household) -> None:
    found = [
        (scale.code, outcome.score, outcome.refused) for _a, scale, outcome in asked_in_assessments(household)
    ]

    assert found == [("wgss", 2, 0), ("phq2", None, 1)]
    assert not InstrumentResult.objects.exists()


def test_worker_asks_on_the_desk_and_is_led_to_what_to_do(
    cast: Cast, household: Household, widow: Member
) -> None:
    trained(cast)
    desk = people.signed_in(cast.worker)
    url = f"/admin/households/instrument/{instrument('phq9').public_id}/ask/{household.public_id}/"
    answers = {f"item_{name}": value for name, value in (CALM | {"self_harm": "2"}).items()}
    head = {"member": widow.public_id, "mode": "interviewer", "asked_on": "2026-11-23"}

    assert desk.get(url).status_code == 200
    assert desk.post(url, {"_key": "a1", **answers, **head, "mode": "proxy"}).status_code == 409
    assert not InstrumentResult.objects.exists()
    answer = desk.post(url, {"_key": "a2", **answers, **head})

    alert = SafetyAlert.objects.get()
    assert answer.headers["Location"] == address(alert, "act")
    post(desk, alert, "act", steps=["stay"], done="已陪同", next_contact="2026-11-24")
    boss = people.signed_in(cast.supervisor)
    assert post(boss, alert, "close", closing="平稳").status_code == 302
    page = desk.get(f"/admin/households/household/{household.public_id}/file/?tab=care").content.decode()
    assert "<svg" in page
    assert "已陪同" in page


def test_supervisor_writes_a_training_down_and_takes_it_back(cast: Cast) -> None:
    boss = people.signed_in(cast.supervisor)
    given = {"holder": cast.worker.public_id, "code": "phq9", "course": "证书", "valid_to": "2027-11-01"}

    assert boss.post("/admin/households/training/record/", {"_key": "t1", **given}).status_code == 302
    training = Training.objects.get()
    assert "周敏" in boss.get("/admin/households/training/").content.decode()
    url = f"/admin/households/training/{training.public_id}/revoke/"
    assert boss.get(url).status_code == 200
    assert boss.post(url, {"_key": "t2"}).status_code == 302
    training.refresh_from_db()
    assert training.revoked_at == AT
    assert boss.get(url).status_code == 404
    assert people.signed_in(cast.worker).get("/admin/households/training/").status_code == 404


@pytest.mark.parametrize("name", ["instrument", "instrumentresult", "safetyalert"])
def test_lists_open(cast: Cast, alert: SafetyAlert, name: str) -> None:
    client: Client = people.signed_in(cast.worker)

    assert client.get(f"/admin/households/{name}/").status_code == 200
