"""A lost query code is replaced: the old one stops at once, the new one is seen once, nobody leaks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Involvement
from common import clock
from common.actors import SYSTEM, CodeHolder
from common.exceptions import Refused
from files.models import Attachment
from files.services import keep
from households import services
from households.imports import acts
from households.models import Application, Household, Need
from households.queries import keyed_application
from jobs.worker import perform_waiting
from journal.models import Entry
from notices.models import Notice, Sending
from tests import cast as people
from tests.cast import AT, WIDOW_PHONE, Cast
from tests.households import walking
from tests.households.test_desk_acts import address, photo, post
from tests.households.test_further import asks
from tests.households.test_import_pages import checked
from tests.households.test_speaking import tied
from tests.households.test_status import enter, entered


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def rows() -> list[Any]:
    models = (Application, Household, Involvement, Entry, Notice)
    return [list(model.objects.order_by("pk").values()) for model in models]


def receipt(by: Any, household: Household) -> Attachment:
    return keep(upload=photo(), purpose="confirmation_evidence", owner=household, by=by, at=AT)


def refused(code: str, household: Household, **given: Any) -> None:
    before = rows()
    with pytest.raises(Refused) as caught:
        services.reissue_code(household=household, **{"how": "document", "evidence": None} | given, at=AT)
    assert (caught.value.code, rows()) == (code, before)


def listed(cast: Cast) -> Household:
    """A family that came on file from a list: no application, no code."""
    batch = checked(cast.worker)
    acts.merge_import(batch=batch, by=cast.supervisor, at=AT)
    perform_waiting()
    return Household.objects.get(source_ref="official:990101:1")


def test_new_code_opens_and_the_old_one_stops_at_once(cast: Cast) -> None:
    application = people.widow_applies()
    old, browser, desk = application.query_code, entered(application), people.signed_in(cast.worker)
    given: dict[str, Any] = {"how": "document", "upload": photo()}

    first = post(desk, application.household, "code", **given)
    second = post(desk, application.household, "code", how="document", upload=photo())

    application.refresh_from_db()
    assert (first.status_code, second.url) == (302, first.url)
    assert application.query_code != old
    assert Entry.objects.filter(action="application.code_issued").count() == 1
    assert browser.get("/help/status/").status_code == 302  # whoever held the old code is out
    assert (
        Client().post("/help/status/enter/", {"code": old, "tail": WIDOW_PHONE[-4:], "_key": "1"}).status_code
        == 409
    )
    assert enter(Client(), application).status_code == 302
    assert Involvement.objects.get(user=cast.worker).duty == "spokesperson"


def test_slip_shows_the_code_to_whoever_handed_it_out_and_not_for_long(cast: Cast) -> None:
    application = people.widow_applies()
    desk, other, far = (people.signed_in(user) for user in (cast.worker, cast.supervisor, cast.stranger))
    slip = f"/admin/households/household/{application.household.public_id}/slip/"
    assert desk.get(slip).status_code == 404
    assert (
        "/do/code/" in desk.get(f"/admin/households/household/{application.household.public_id}/file/").text
    )

    assert post(desk, application.household, "code", how="witness", upload=photo()).url == slip

    application.refresh_from_db()
    shown = f"{application.query_code[:5]}-{application.query_code[5:]}".upper()
    page = desk.get(slip)
    assert shown in page.text
    assert application.number in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert (other.get(slip).status_code, far.get(slip).status_code) == (404, 404)
    with clock.fixed(AT + timedelta(minutes=11)):
        assert desk.get(slip).status_code == 404
    for words in (
        str(Entry.objects.values_list("parameters", flat=True)),
        str(list(Notice.objects.values())),
    ):
        assert application.query_code not in words.lower()
        assert shown not in words
    told = Sending.objects.filter(notice__kind="code_issued").get()
    assert told.address == WIDOW_PHONE


def test_code_is_handed_out_for_a_reason_that_was_seen(cast: Cast) -> None:
    household = people.widow_applies().household
    evidence = receipt(cast.worker, household)

    refused("evidence_missing", household, by=cast.worker)
    refused("identified_how", household, how="hearsay", evidence=evidence, by=cast.worker)
    refused("not_your_case", household, evidence=evidence, by=cast.stranger)
    refused("not_your_case", household, evidence=evidence, by=cast.village_worker)
    both = tied(cast.colleague, household, cast)
    refused("own_employer", household, evidence=evidence, by=both)
    services.reissue_code(household=household, how="witness", evidence=None, by=cast.supervisor, at=AT)

    assert Entry.objects.get(action="application.code_issued").parameters["how"] == "witness"


def test_desk_page_keeps_what_was_chosen_and_other_areas_find_nothing(cast: Cast) -> None:
    household = people.widow_applies().household
    desk, far = people.signed_in(cast.worker), people.signed_in(cast.stranger)
    before = rows()

    bare = post(desk, household, "code", how="witness")

    assert bare.status_code == 409
    assert re.search(r'value="witness"[^>]*checked', bare.text)
    assert post(far, household, "code", how="witness", upload=photo()).status_code == 404
    assert far.get(address(household, "code")).status_code == 404
    assert rows() == before


def test_nobody_who_handed_out_the_code_decides_the_familys_objection(cast: Cast) -> None:
    application = people.widow_applies()
    household = application.household
    services.reissue_code(
        household=household, how="document", evidence=None, by=cast.second_supervisor, at=AT
    )
    objection = services.file_objection(
        household=household, subject="conduct", about=("households.household", household.public_id), text="不公",
        channel="self", by=CodeHolder(application.public_id), at=AT,
    )  # fmt: skip

    with pytest.raises(Refused) as caught:
        services.assign_objection(
            objection=objection,
            first=cast.second_supervisor,
            second=cast.colleague,
            by=cast.supervisor,
            at=AT,
        )

    assert caught.value.code == "incompatible_duty"


def test_one_household_has_one_code_whatever_it_asked_for_since(cast: Cast) -> None:
    first = people.approved(people.widow_applies(), cast)
    more = asks(first.household, cast.worker)

    issued = services.reissue_code(
        household=first.household, how="document", evidence=None, by=cast.supervisor, at=AT
    )

    more.refresh_from_db()
    assert (issued, more.code_index) == (first, None)
    assert more.needs.get().item.label in walking.text(entered(issued).get("/help/status/"))


def test_family_from_a_list_gets_its_first_code(cast: Cast) -> None:
    household = listed(cast)
    more = asks_anyway(household, cast)
    desk = people.signed_in(cast.worker)

    assert post(desk, household, "code", how="document", upload=photo()).status_code == 302

    sheet = keyed_application(household)
    assert sheet is not None
    assert (sheet.channel, sheet.state, household.applications.count()) == ("batch", "approved", 2)
    client = entered(sheet, household.phone[-4:])
    page = walking.text(client.get("/help/status/"))
    assert more.needs.get().item.label in page
    assert f"/help/status/more/{more.needs.get().public_id}/back/" in page
    assert "/help/status/end/" in page
    assert client.get("/help/status/copy/").status_code == 200
    again = services.reissue_code(
        household=household, how="document", evidence=None, by=cast.supervisor, at=AT
    )
    assert (again, household.applications.count()) == (sheet, 2)
    issued = Entry.objects.filter(action="application.code_issued").order_by("id")
    assert [entry.parameters["first"] for entry in issued] == [True, False]


def asks_anyway(household: Household, cast: Cast) -> Application:
    """Something more, with the consent the family gives for it on paper."""
    services.record_consent(
        household=household, purpose="apply", data_classes=["contact"], receiver=None, method="signature",
        evidence=receipt(cast.worker, household), by=cast.worker, at=AT,
    )  # fmt: skip
    return asks(household, cast.worker)


def test_without_a_number_or_a_filed_file_no_code_is_handed_out(cast: Cast) -> None:
    household = listed(cast)
    members = household.members.all()

    Household.objects.filter(pk=household.pk).update(state="pending")
    refused("not_filed", household, by=cast.supervisor)
    household.phone = ""
    household.save(update_fields=["phone"])
    for member in members:
        member.id_number = ""
        member.save(update_fields=["id_number", "id_index"])
    refused("no_number", household, by=cast.supervisor)


# --- a need that is none any more -----------------------------------------------------------------------------------
def test_family_takes_back_a_need_nothing_is_on_its_way_for(cast: Cast) -> None:
    application = people.approved(people.widow_applies(), cast)
    medicine, quilts = people.needs_of(application)
    services.reserve_need(need=medicine, amount=1, by=SYSTEM, at=AT)
    client = entered(application)
    back, busy = (f"/help/status/needs/{need.public_id}/back/" for need in (quilts, medicine))
    status = client.get("/help/status/").text
    assert (back in status, busy in status) == (True, False)
    assert client.get(busy).status_code == 404
    before = list(Need.objects.order_by("pk").values())
    assert client.post(busy, {"_key": "1"}).status_code == 409
    assert quilts.item.label in client.get(back).text
    assert list(Need.objects.order_by("pk").values()) == before

    assert client.post(back, {"_key": "2"}).status_code == 302
    assert client.post(back, {"_key": "2"}).status_code == 302

    quilts.refresh_from_db()
    assert (quilts.state, Household.objects.get().state) == ("cancelled", "active")
    assert Entry.objects.filter(action="households.need.cancelled").count() == 1
    assert client.get(back).status_code == 404
    other = people.applies(people.clean_answers(5))
    stranger = entered(other, other.household.phone[-4:])
    assert stranger.post(busy, {"_key": "3"}).status_code == 404
