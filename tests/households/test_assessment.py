"""The three-level assessment: typed answers, all levels, agreed with the household, no identity in public words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from common.exceptions import Refused, Stale
from households import services
from households.models import Application, Assessment, Need
from tests import cast as people
from tests.cast import AT, Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    application = people.visited(people.widow_applies(), cast)
    return services.start_assessment(application=application, by=cast.worker, at=AT)


def written(assessment: Assessment, cast: Cast, **changes: Any) -> Assessment:
    return services.save_assessment(
        assessment=assessment,
        version=assessment.version,
        changes=people.full_assessment() | changes,
        by=cast.worker,
        at=AT,
    )


def refused(code: str, act: Any, **given: Any) -> Refused:
    models = (Application, Assessment, Need)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(Refused) as caught:
        act(at=AT, **given)
    assert caught.value.code == code
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    return caught.value


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "approved"},
        {"reviewer_id": 1},
        {"frequency": "often"},
        {"risks": ["boredom"]},
        {"functioning": {"seeing": "bad"}},
        {"functioning": {"smelling": "none"}},
        {"mood": {"down": "9"}},
        {"causes": [{"code": "illness", "level": "sky"}]},
    ],
)
def test_answers_come_from_their_lists(cast: Cast, assessment: Assessment, changes: dict[str, Any]) -> None:
    refused(
        "answer_unknown",
        services.save_assessment,
        assessment=assessment,
        version=1,
        changes=changes,
        by=cast.worker,
    )


def test_at_most_three_causes(cast: Cast, assessment: Assessment) -> None:
    causes = [{"code": code, "level": "person"} for code in ("illness", "disability", "skill", "land")]
    given = {"assessment": assessment, "version": 1, "by": cast.worker}

    refused("causes", services.save_assessment, changes={"causes": causes}, **given)
    refused("causes", services.save_assessment, changes={"causes": [causes[0], causes[0]]}, **given)


def test_stale_save_shows_both_versions(cast: Cast, assessment: Assessment) -> None:
    written(assessment, cast)

    with pytest.raises(Stale) as caught:
        services.save_assessment(
            assessment=assessment, version=1, changes={"wish": "想搬家"}, by=cast.worker, at=AT
        )

    [difference] = caught.value.differences
    assert (difference.theirs, difference.yours) == ("能按时吃上药。", "想搬家")
    assert Assessment.objects.get().wish == "能按时吃上药。"


@pytest.mark.parametrize("ranks", [(1, 1), (1, None), (None, None), (1, 3), (0, 1)])
def test_every_need_has_a_place_of_its_own(
    cast: Cast, assessment: Assessment, ranks: tuple[int | None, int | None]
) -> None:
    saved = written(assessment, cast)
    needs = people.needs_of(Application.objects.get())
    entries = [{"need": need, "rank": rank} for need, rank in zip(needs, ranks, strict=True)]

    refused(
        "ranking_incomplete",
        services.submit_assessment,
        assessment=saved,
        household_confirms=True,
        needs=entries,
        by=cast.worker,
    )


def test_ranked_needs_are_kept_in_their_order(cast: Cast, assessment: Assessment) -> None:
    saved = written(assessment, cast)
    medicine, quilt = people.needs_of(Application.objects.get())
    both = [{"need": medicine, "rank": 2}, {"need": quilt, "rank": 1}]
    given: dict[str, Any] = {"household_confirms": True, "by": cast.worker, "at": AT}

    sent = services.submit_assessment(assessment=saved, needs=both, **given)

    assert sent.ranking == [quilt.public_id, medicine.public_id]


@pytest.mark.parametrize("given", [0, 1])
def test_no_need_of_the_application_is_left_out_of_the_order(
    cast: Cast, assessment: Assessment, given: int
) -> None:
    saved = written(assessment, cast)
    needs = people.needs_of(Application.objects.get())

    fault = refused(
        "ranking_incomplete",
        services.submit_assessment,
        assessment=saved,
        household_confirms=True,
        needs=[{"need": need, "rank": 1} for need in needs[:given]],
        by=cast.worker,
    )
    assert fault.field == f"rank_{needs[given].public_id}"


def test_one_need_alone_comes_first_without_being_asked(cast: Cast) -> None:
    application = people.visited(people.applies(people.clean_answers(4)), cast)
    saved = written(services.start_assessment(application=application, by=cast.worker, at=AT), cast)
    [need] = people.needs_of(application)

    sent = services.submit_assessment(
        assessment=saved, household_confirms=True, needs=[{"need": need}], by=cast.worker, at=AT
    )
    assert sent.ranking == [need.public_id]


def test_page_proposes_no_order_nobody_gave(cast: Cast, assessment: Assessment) -> None:
    written(assessment, cast)
    medicine, quilt = people.needs_of(Application.objects.get())
    desk = people.signed_in(cast.worker)
    send = f"/admin/households/assessment/{assessment.public_id}/do/send/"

    page = desk.get(send)
    form = page.context["form"]
    label = page.content.decode().partition(f'for="id_rank_{quilt.public_id}"')[2].partition("<select")[0]
    assert "选填" not in label
    assert [form[f"rank_{need.public_id}"].value() for need in (medicine, quilt)] == [None, None]
    given = {name: form[name].value() or "" for name in form.fields if not name.startswith("rank_")}
    answer = desk.post(send, {**given, "agreed": "on", "_key": "1"})
    assert answer.status_code == 409
    assert Assessment.objects.get().state == "draft"


def test_colleague_does_not_edit_it(cast: Cast, assessment: Assessment) -> None:
    refused(
        "not_yours",
        services.save_assessment,
        assessment=assessment,
        version=1,
        changes={"wish": "x"},
        by=cast.colleague,
    )


@pytest.mark.parametrize("empty", ["problem_words", "grade", "strengths", "language", "objectives", "causes"])
def test_every_level_is_written_before_it_goes_up(cast: Cast, assessment: Assessment, empty: str) -> None:
    nothing: Any = {"grade": None, "causes": []}.get(empty, "")
    saved = written(assessment, cast, **{empty: nothing})

    fault = refused(
        "levels_incomplete",
        services.submit_assessment,
        assessment=saved,
        household_confirms=True,
        needs=[],
        by=cast.worker,
    )
    assert fault.field == empty


def test_half_an_instrument_is_not_an_answer(cast: Cast, assessment: Assessment) -> None:
    saved = written(assessment, cast, functioning={"seeing": "none"})

    refused(
        "levels_incomplete",
        services.submit_assessment,
        assessment=saved,
        household_confirms=True,
        needs=[],
        by=cast.worker,
    )


def test_household_agrees_first(cast: Cast, assessment: Assessment) -> None:
    saved = written(assessment, cast)

    refused(
        "household_confirms",
        services.submit_assessment,
        assessment=saved,
        household_confirms=False,
        needs=[],
        by=cast.worker,
    )


@pytest.mark.parametrize(
    "text",
    [
        "帮帮王秀兰",
        "秀兰需要药",
        "住在河湾村三组12号",
        "电话 13800001234",
        "尾号1234",
        "证件990101195403081022",
        "1 3 8 0 0 0",
    ],
)
def test_public_words_tell_no_identity(cast: Cast, assessment: Assessment, text: str) -> None:
    saved = written(assessment, cast)
    need = Need.objects.order_by("pk")[0]

    refused(
        "identity_in_public_text",
        services.submit_assessment,
        assessment=saved,
        household_confirms=True,
        needs=[{"need": need, "public_title": "需要药", "public_summary": text}],
        by=cast.worker,
    )


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"requested": 0}, "quantity_too_small"),
        ({"deadline": date(2026, 11, 1)}, "deadline_past"),
    ],
)
def test_need_goes_up_with_something_that_can_be_given(
    cast: Cast, assessment: Assessment, entry: dict[str, Any], code: str
) -> None:
    saved = written(assessment, cast)
    need = Need.objects.order_by("pk")[0]

    refused(
        code,
        services.submit_assessment,
        assessment=saved,
        household_confirms=True,
        needs=[{"need": need, **entry}],
        by=cast.worker,
    )


def test_visit_comes_before_the_assessment_goes_up(cast: Cast) -> None:
    application = people.verified(people.widow_applies(), cast)
    assessment = services.start_assessment(application=application, by=cast.worker, at=AT)
    saved = written(assessment, cast)

    refused(
        "visit_missing",
        services.submit_assessment,
        assessment=saved,
        household_confirms=True,
        needs=[],
        by=cast.worker,
    )


def test_supervisor_sends_back_with_a_reason(cast: Cast) -> None:
    people.assessed(people.widow_applies(), cast)
    assessment = Assessment.objects.get()

    refused(
        "supervisor_needed",
        services.send_back_assessment,
        assessment=assessment,
        reason="x",
        by=cast.colleague,
    )
    refused(
        "reason_missing", services.send_back_assessment, assessment=assessment, reason=" ", by=cast.supervisor
    )
    services.send_back_assessment(assessment=assessment, reason="家庭图缺了。", by=cast.supervisor, at=AT)

    assert Assessment.objects.get().state == "sent_back"
    assert Application.objects.get().state == "verifying"


def test_immediate_risk_makes_needs_most_urgent(cast: Cast) -> None:
    application = people.visited(people.widow_applies(), cast)
    assessment = services.start_assessment(application=application, by=cast.worker, at=AT)
    saved = written(assessment, cast, risks=["food"], no_risk_seen=False)
    services.submit_assessment(
        assessment=saved, household_confirms=True, needs=people.in_order(application), by=cast.worker, at=AT
    )
    application.refresh_from_db()
    services.start_review(application=application, by=cast.supervisor, at=AT)
    application.refresh_from_db()

    services.approve_application(application=application, by=cast.supervisor, at=AT)

    assert set(Need.objects.values_list("severity", flat=True)) == {5}


@pytest.mark.parametrize("name", ["policies_enjoyed", "policies_missing"])
def test_policies_are_named_or_there_is_none(cast: Cast, assessment: Assessment, name: str) -> None:
    none = {"policies_enjoyed": "no_policy_enjoyed", "policies_missing": "no_policy_missing"}[name]
    saved = written(assessment, cast, **{name: [], none: False})
    needs = people.in_order(Application.objects.get())
    sending: dict[str, Any] = {"household_confirms": True, "needs": needs, "by": cast.worker}

    fault = refused("levels_incomplete", services.submit_assessment, assessment=saved, **sending)
    assert fault.field == name
    both = {name: ["dibao"], none: True}
    fault = refused(
        "policy_or_none",
        services.save_assessment,
        assessment=saved,
        version=saved.version,
        changes=both,
        by=cast.worker,
    )
    assert fault.field == name
    desk = people.signed_in(cast.worker)
    page = f"/admin/households/assessment/{assessment.public_id}/write/situation/"
    given = {"version": saved.version, name: "dibao", none: "on", "_key": "1"}
    assert desk.post(page, given).status_code == 422
    services.save_assessment(
        assessment=saved, version=saved.version, changes={none: True}, by=cast.worker, at=AT
    )
    services.submit_assessment(assessment=Assessment.objects.get(), at=AT, **sending)
    assert Assessment.objects.get().state == "submitted"
