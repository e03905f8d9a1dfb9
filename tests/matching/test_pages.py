"""The pages: who may open them, what they show, how many queries they cost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import clock
from common.actors import SYSTEM
from donors.models import Pledge
from households.models import Need
from households.services import reserve_need
from matching import services
from matching.enums import ProposalState
from matching.models import Proposal, Run
from tests import cast
from tests.cast import AT, COUNTY, signed_in
from tests.matching.conftest import Scene, listed_lot
from tests.matching.test_answers import PIXEL, proposed, say_yes, widow
from tests.matching.test_run import performed, started

DESK = "/admin/matching/proposal/"


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed(AT + timedelta(minutes=1)):
        yield


def count(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def more_families(scene: Scene, *numbers: int) -> list[Need]:
    """One quilt each."""
    made = [cast.approved(cast.applies(cast.clean_answers(number)), scene.cast) for number in numbers]
    return [need for application in made for need in cast.needs_of(application)]


# --- catalogue --------------------------------------------------------------------------------------------------------
def test_catalogue_shows_the_need_and_nobody(scene: Scene):
    page = signed_in(scene.miller).get("/match/catalogue/").content.decode()

    assert scene.quilts.item.label in page
    assert "清河县" in page
    for secret in (cast.WIDOW, cast.WIDOW_ID, cast.WIDOW_PHONE, "河湾村", cast.WIDOW_WORDS):
        assert secret not in page


def test_catalogue_is_closed_to_donors_not_checked_yet(scene: Scene):
    scene.donor.state = "registered"
    scene.donor.save(update_fields=["state"])

    page = signed_in(scene.miller).get("/match/catalogue/").content.decode()

    assert scene.quilts.item.label not in page
    assert reverse("donors:start") in page


def test_catalogue_never_says_donate_now(scene: Scene):
    assert "捐款" not in signed_in(scene.miller).get("/match/catalogue/").content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("category=N02", {"quilt"}),
        ("item=chronic_medicine", {"chronic_medicine"}),
        ("kind=goods", {"quilt", "chronic_medicine"}),
        ("kind=job", set()),
        ("group=orphans", set()),
        ("group=chronically_ill", {"quilt", "chronic_medicine"}),
        (f"area={COUNTY}", {"quilt", "chronic_medicine"}),
        ("area=99", {"quilt", "chronic_medicine"}),
        ("area=990102", set()),
        ("urgency=soon", {"quilt"}),
    ],
)
def test_catalogue_filters(scene: Scene, query: str, shown: set[str]):
    answer = signed_in(scene.miller).get(f"/match/catalogue/?{query}")

    assert {card.need.item.slug for card in answer.context["cards"]} == shown


@pytest.mark.parametrize("url", ["/match/catalogue/", "/admin/matching/proposal/", "/policy/"])
def test_unknown_filter_is_an_error(scene: Scene, url: str):
    who = scene.cast.worker if url.startswith("/admin/") else scene.miller

    assert signed_in(who).get(f"{url}?wish=everything").status_code == 400


def test_catalogue_costs_the_same_at_one_and_three_needs(scene: Scene):
    client = signed_in(scene.miller)
    Need.objects.filter(pk=scene.medicine.pk).update(listed=False)
    one = count(client, "/match/catalogue/")
    more_families(scene, 1, 2)

    assert len(client.get("/match/catalogue/").context["cards"]) == 3
    assert count(client, "/match/catalogue/") == one


def test_need_that_is_covered_leaves_the_catalogue(scene: Scene):
    services.pledge_to_need(
        need=scene.quilts, donor=scene.donor, quantity=2, fund_holder=None, binding="intention",
        confirm_each=False, by=scene.miller, at=AT,
    )  # fmt: skip
    client = signed_in(scene.miller)

    shown = client.get("/match/catalogue/").context["cards"]

    assert [card.need.pk for card in shown] == [scene.medicine.pk]
    met = client.get(f"/match/needs/{scene.quilts.public_id}/")
    assert (met.status_code, met.templates[0].name) == (200, "matching/need_met.html")
    assert 'href="/match/catalogue/"' in met.content.decode()


def test_pledge_sent_when_others_were_quicker_changes_nothing(scene: Scene):
    client = signed_in(scene.miller)
    url = f"/match/needs/{scene.quilts.public_id}/pledge/"
    assert client.get(url).status_code == 200
    reserve_need(need=scene.quilts, amount=2, by=SYSTEM, at=AT)
    before = list(Pledge.objects.values()), list(Proposal.objects.values())

    answer = client.post(url, {"share": "all", "binding": "intention", "_key": "late"})

    assert answer.status_code == 409
    assert answer.templates[0].name == "matching/need_met.html"
    assert (list(Pledge.objects.values()), list(Proposal.objects.values())) == before


def test_need_that_was_met_stays_hidden_where_it_never_stood_in_the_catalogue(scene: Scene):
    reserve_need(need=scene.quilts, amount=2, by=SYSTEM, at=AT)
    client = signed_in(scene.miller)
    url = f"/match/needs/{scene.quilts.public_id}/"
    assert client.get(url).status_code == 200

    Need.objects.filter(pk=scene.quilts.pk).update(listed=False)
    assert client.get(url).status_code == 404
    assert client.get("/match/needs/nothing-here/").status_code == 404


def test_what_helps_most_comes_from_the_certified_run(scene: Scene):
    run = Run.objects.create(
        prefix=COUNTY, on=AT.date(), started_by="system", created_at=AT, state="running", state_since=AT
    )
    run.shortages.create(item=scene.quilts.item, area=COUNTY, severity=4, missing=5, needs=3)
    client = signed_in(scene.miller)
    assert client.get("/match/catalogue/").context["most"] is None

    Run.objects.filter(pk=run.pk).update(state="certified", inputs_hash="x", finished_at=AT)

    assert client.get("/match/catalogue/").context["most"]["row"].item == scene.quilts.item


# --- pledge -----------------------------------------------------------------------------------------------------------
def test_pledge_page_takes_a_part_once_however_often_it_is_sent(scene: Scene):
    client = signed_in(scene.miller)
    url = f"/match/needs/{scene.medicine.public_id}/pledge/"
    data = {"share": "part", "quantity": "2", "fair_value": "360", "binding": "intention", "_key": "once"}

    first, again = client.post(url, data), client.post(url, data)

    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert Pledge.objects.get().quantity == 2
    assert Pledge.objects.get().lot.fair_value == 36_000
    assert client.get(first["Location"]).status_code == 200


def test_pledge_page_says_what_is_wrong(scene: Scene):
    client = signed_in(scene.miller)
    url = f"/match/needs/{scene.medicine.public_id}/pledge/"

    assert client.post(url, {"share": "part", "binding": "intention", "_key": "a"}).status_code == 422
    too_much = {"share": "part", "quantity": "7", "binding": "intention", "_key": "b"}
    assert client.post(url, too_much).status_code == 409
    assert not Pledge.objects.exists()


def test_pledged_page_undoes_within_ten_minutes(scene: Scene):
    client = signed_in(scene.miller)
    proposal = services.pledge_to_need(
        need=scene.quilts, donor=scene.donor, quantity=2, fund_holder=None, binding="intention",
        confirm_each=False, by=scene.miller, at=AT,
    )  # fmt: skip
    url = f"/match/pledged/{proposal.public_id}/"

    assert client.post(url, {"_key": "undo"}).status_code == 302

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.EXPIRED


# --- desk -------------------------------------------------------------------------------------------------------------
def suggestions(scene: Scene, needs: list[Need]) -> list[Proposal]:
    lot = listed_lot(scene)
    return [
        services.propose_by_hand(need=need, lot=lot, amount=1, by=scene.cast.worker, at=AT) for need in needs
    ]


def test_desk_shows_queue_and_evidence(scene: Scene):
    listed = suggestions(scene, [scene.quilts, *more_families(scene, 1)])

    answer = signed_in(scene.cast.worker).get(f"{DESK}?at={listed[1].public_id}")

    page = answer.content.decode()
    assert answer.context["chosen"] == listed[1]
    assert "✓" in page
    assert scene.project.title in page
    assert 'data-key="a"' in page


def test_desk_costs_the_same_at_one_and_three_suggestions(scene: Scene):
    client = signed_in(scene.cast.worker)
    suggestions(scene, [scene.quilts])
    one = count(client, DESK)
    suggestions(scene, more_families(scene, 1, 2))

    assert len(client.get(DESK).context["rows"]) == 3
    assert count(client, DESK) == one


def test_desk_of_another_county_is_empty_and_its_matches_404(scene: Scene):
    [proposal] = suggestions(scene, [scene.quilts])
    client = signed_in(scene.cast.stranger)

    assert client.get(DESK).context["rows"] == []
    for url in (f"{DESK}?at={proposal.public_id}", f"{DESK}{proposal.public_id}/decide/"):
        assert client.get(url).status_code == 404


def test_desk_is_closed_to_everybody_else(scene: Scene):
    for who in (scene.miller, scene.agent):
        assert signed_in(who).get(DESK).status_code in {302, 403, 404}


def test_desk_decides_with_one_click(scene: Scene):
    [proposal] = suggestions(scene, [scene.quilts])
    client = signed_in(scene.cast.worker)
    data = {"project": scene.project.public_id, "amount": "1", "_key": "go"}

    assert client.post(f"{DESK}{proposal.public_id}/decide/", data).status_code == 302

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED


def test_desk_shows_a_stale_decision_as_conflict(scene: Scene):
    [proposal] = suggestions(scene, [scene.quilts])
    services.decide(proposal=proposal, project=scene.project, amount=1, by=scene.cast.supervisor, at=AT)
    data = {"project": scene.project.public_id, "amount": "1", "_key": "late"}

    assert signed_in(scene.cast.worker).post(f"{DESK}{proposal.public_id}/decide/", data).status_code == 409

    assert Need.objects.get(pk=scene.quilts.pk).reserved == 1


def test_desk_bans_and_offers_another_resource(scene: Scene):
    [proposal] = suggestions(scene, [scene.quilts])
    other = listed_lot(scene, quantity=3)
    client = signed_in(scene.cast.worker)

    data = {"lot": other.public_id, "amount": "2", "_key": "other"}
    answer = client.post(f"{DESK}{proposal.public_id}/other/", data)
    assert answer.status_code == 302
    assert Proposal.objects.get(lot=other).origin == "worker"

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decisions.get().kind) == (ProposalState.DECLINED, "other_lot")

    made = Proposal.objects.get(lot=other)
    answer = client.post(f"{DESK}{made.public_id}/not-this/", {"reason": "太薄", "_key": "no"})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.state == ProposalState.DECLINED


def test_worker_writes_down_the_familys_yes_with_its_photo(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)
    question = proposal.confirmations.get(party="household")
    url = f"/admin/matching/confirmation/{question.public_id}/answer/"
    client = signed_in(scene.cast.worker)

    assert client.post(url, {"answer": "yes", "_key": "1"}).status_code == 409
    photo = SimpleUploadedFile("yes.png", PIXEL, content_type="image/png")
    assert client.post(url, {"answer": "yes", "evidence": photo, "_key": "2"}).status_code == 302

    question.refresh_from_db()
    assert (question.state, question.method) == ("given", "worker")
    assert question.evidence is not None
    assert client.get(f"/files/{question.evidence.public_id}/").status_code == 200


@pytest.mark.parametrize("page", ["run", "unmetreason", "confirmation", "proposal"])
def test_desk_lists_open(scene: Scene, page: str):
    proposed(scene)

    assert signed_in(scene.cast.worker).get(f"/admin/matching/{page}/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_run_page_explains_itself(scene: Scene):
    listed_lot(scene, quantity=1)
    more_families(scene, 1)
    client = signed_in(scene.cast.worker)
    run = started(scene)
    waiting = client.get(f"/admin/matching/run/{run.public_id}/result/").content.decode()
    assert "data-poll" in waiting

    performed(run)

    page = client.get(f"/admin/matching/run/{run.public_id}/result/").content.decode()
    assert "<svg" in page
    assert scene.medicine.item.label in page
    assert client.get("/admin/matching/unmetreason/").context["unmet"]
    assert (
        signed_in(scene.cast.stranger).get(f"/admin/matching/run/{run.public_id}/result/").status_code == 404
    )


@pytest.mark.django_db(transaction=True)
def test_run_is_started_from_the_page(scene: Scene):
    client = signed_in(scene.cast.worker)

    answer = client.post("/admin/matching/run/start/", {"area": COUNTY, "_key": "run"})

    assert answer.status_code == 302
    assert Run.objects.get().prefix == COUNTY


# --- parties ----------------------------------------------------------------------------------------------------------
def test_agency_answers_its_matches(scene: Scene):
    proposal = proposed(scene)
    client = signed_in(scene.agent)
    page = client.get("/match/matches/").content.decode()
    assert scene.quilts.item.label in page
    assert cast.WIDOW not in page

    assert client.post(f"/match/matches/{proposal.public_id}/yes/", {"_key": "y"}).status_code == 302
    assert client.post(f"/match/matches/{proposal.public_id}/undo/", {"_key": "u"}).status_code == 302
    assert client.post(f"/match/matches/{proposal.public_id}/no/", {"_key": "n"}).status_code == 422
    answer = client.post(f"/match/matches/{proposal.public_id}/no/", {"reason": "车坏了", "_key": "n2"})
    assert answer.status_code == 302

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.RELEASED


def test_donor_without_a_question_sees_no_match(scene: Scene):
    proposal = proposed(scene)

    assert signed_in(scene.miller).get(f"/match/matches/{proposal.public_id}/").status_code == 404


def test_matches_cost_the_same_at_one_and_three(scene: Scene):
    client = signed_in(scene.agent)
    decided = suggestions(scene, [scene.quilts])
    services.decide(proposal=decided[0], project=scene.project, amount=1, by=scene.cast.worker, at=AT)
    one = count(client, "/match/matches/")
    for proposal in suggestions(scene, more_families(scene, 1, 2)):
        services.decide(proposal=proposal, project=scene.project, amount=1, by=scene.cast.worker, at=AT)

    assert len(client.get("/match/matches/").context["cards"]) == 3
    assert count(client, "/match/matches/") == one


# --- household --------------------------------------------------------------------------------------------------------
def at_home(scene: Scene) -> Client:
    """The widow's browser after code and number."""
    client = Client()
    session = client.session
    session["household"] = {"application": widow(scene).actor_ref, "delegation": "", "seen": 2**33}
    session.save()
    return client


def test_household_says_yes_and_thinks_again(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)
    client = at_home(scene)
    url = f"/match/household/{proposal.public_id}"
    page = client.get(f"{url}/yes/").content.decode()
    assert scene.quilts.item.label in page
    assert scene.cast.association.name in page

    assert client.post(f"{url}/yes/", {"_key": "y"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.CONFIRMED
    assert client.post(f"{url}/undo/", {"_key": "u"}).status_code == 302
    assert client.post(f"{url}/no/", {"_key": "n"}).status_code == 302

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.RELEASED


def test_household_page_of_another_family_is_404(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)
    other = cast.applies(cast.clean_answers(5))
    client = Client()
    session = client.session
    session["household"] = {"application": other.public_id, "delegation": "", "seen": 2**33}
    session.save()

    assert client.get(f"/match/household/{proposal.public_id}/yes/").status_code == 404
    assert Client().get(f"/match/household/{proposal.public_id}/yes/").status_code == 302


# --- to-dos and clock work --------------------------------------------------------------------------------------------
def test_todos_name_who_has_to_act(scene: Scene):
    from common.panels import collect

    [proposal] = suggestions(scene, [scene.quilts])
    assert any(todo.kind == "matching.queue" for todo in collect("todo.social_worker", scene.cast.worker))
    services.decide(proposal=proposal, project=scene.project, amount=1, by=scene.cast.worker, at=AT)
    assert any(todo.kind == "matching.agency" for todo in collect("todo.agency", scene.agent))
    say_yes(proposal, "agency", scene.agent)
    assert any(todo.kind == "matching.household" for todo in collect("todo.social_worker", scene.cast.worker))
    assert collect("application.status", scene.quilts.application)


@pytest.mark.django_db(transaction=True)
def test_clock_work_starts_a_run_a_county_and_ends_late_matches(scene: Scene):
    from jobs.models import Job
    from jobs.services import enqueue
    from jobs.worker import perform

    proposal = proposed(scene)
    with clock.fixed(AT + timedelta(days=9)):
        for kind in ("matching.nightly", "matching.time_out"):
            perform(enqueue(kind, key=kind, by=SYSTEM, at=clock.now()).pk)

    assert list(Run.objects.values_list("prefix", flat=True)) == [COUNTY]
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.RELEASED
    assert Job.objects.get(kind="matching.time_out").result == {"released": 1, "visit": 0}


def test_pages_of_the_desk_lie_under_their_own_entry(scene: Scene):
    worker = signed_in(scene.cast.worker)

    for path in ("/admin/matching/proposal/", "/admin/matching/run/", "/admin/matching/run/start/"):
        shown = worker.get(path).content.decode()
        assert re.findall(r'<a href="([^"]+)" aria-current="page"', shown)[:1] == [
            "/admin/matching/proposal/"
        ]


# --- words ------------------------------------------------------------------------------------------------------------
def in_english(client: Client, url: str) -> str:
    """The page as it reads in English."""
    client.cookies["language"] = "en"
    return re.sub(r"\s+", " ", client.get(url).content.decode())


def test_donor_reads_that_it_never_learns_who_and_that_a_match_called_off_is_free_again(scene: Scene):
    proposal = proposed(scene, conditions=[{"field": "confirm_each", "op": "is", "value": True}])
    url = f"/match/matches/{proposal.public_id}/"
    opened, never = "Names and addresses are opened", "Who the family is you never learn."
    agent, miller = signed_in(scene.agent), signed_in(scene.miller)
    assert opened in in_english(agent, url)
    say_yes(proposal, "agency", scene.agent)
    page = in_english(miller, url)
    assert never in page
    assert opened not in page
    lot = reverse("donors:lot", args=[proposal.lot.public_id])
    assert lot not in page

    services.release(proposal=proposal, reason="太晚了", by=scene.cast.worker, at=AT)

    page = in_english(miller, url)
    assert "Called off" in page
    assert lot in page
    assert never not in page
    assert opened not in in_english(agent, url)


def test_desk_counts_what_waits_and_names_day_and_rating(scene: Scene):
    Need.objects.filter(pk=scene.quilts.pk).update(deadline=AT.date())
    suggestions(scene, [scene.quilts])
    started_run = Run.objects.create(
        prefix=COUNTY, on=AT.date(), started_by="system", created_at=AT, state="certified", state_since=AT,
        inputs_hash="x", finished_at=AT, figures={"needs": 3, "pieces": 3},
    )  # fmt: skip

    page = in_english(signed_in(scene.cast.worker), DESK)

    assert started_run.figures["pieces"] == 3
    assert "needs 3, suggestions 3." in page
    assert "1 waits for you." in page
    assert f"needed by {AT.date()}" in page
    assert "· not rated yet ·" in page
    assert "rating not rated" not in page
    assert '<span class="unit">pieces</span>' in page


def test_desk_keeps_its_buttons_outside_the_part_that_scrolls(scene: Scene):
    suggestions(scene, [scene.quilts])

    page = signed_in(scene.cast.worker).get(DESK).content.decode()

    assert page.index('<form id="decide"') < page.index("</form>", page.index('<form id="decide"'))
    assert page.index("</form>", page.index('<form id="decide"')) < page.index('class="decision actions"')
    assert '<button class="button" form="decide" data-key="a">' in page


def test_refusing_a_pair_says_what_it_does(scene: Scene):
    [proposal] = suggestions(scene, [scene.quilts])

    page = in_english(signed_in(scene.cast.worker), f"{DESK}{proposal.public_id}/not-this/")

    assert "No later run suggests this pair again" in page


@pytest.mark.parametrize("name", ["confirmation", "override", "unmetreason", "pin", "ban", "run"])
def test_index_calls_each_list_what_its_page_is_called(scene: Scene, name: str):
    client = signed_in(scene.cast.worker)
    index = in_english(client, "/admin/matching/")
    found = re.search(rf'href="/admin/matching/{name}/">([^<]+)<', index)
    assert found is not None

    assert f"<h1>{found[1]}</h1>" in in_english(client, f"/admin/matching/{name}/")


@pytest.mark.django_db(transaction=True)
def test_run_gives_one_reason_and_draws_no_bars_that_are_all_alike(scene: Scene):
    listed_lot(scene, quantity=1)
    run = performed(started(scene))

    page = in_english(signed_in(scene.cast.worker), f"/admin/matching/run/{run.public_id}/result/")

    assert "recounted: everything that fits is used up" in page  # quilts: one of two
    assert "recounted: nothing on offer fits" in page  # medicine: nobody offers any
    assert page.count("recounted:") == 2
    assert f"Right now nobody offers “{scene.medicine.item.label_en}”" in page
    assert "1 family · 1 piece" in page
    figure = page[page.index('<figure class="chart">') : page.index("</figure>")]
    assert "<svg" not in figure
    assert "<table" in figure


def test_list_of_runs_says_that_a_part_counts_twice(scene: Scene):
    Run.objects.create(
        prefix=COUNTY, on=AT.date(), started_by="system", created_at=AT, state="certified", state_since=AT,
        inputs_hash="x", finished_at=AT, figures={"needs": 16, "pieces": 10, "unmet": 7},
    )  # fmt: skip

    page = in_english(signed_in(scene.cast.worker), "/admin/matching/run/")

    assert "Still missing something" in page
    assert "met in part counts as suggested and as still missing something" in page


def test_one_family_is_one(scene: Scene):
    run = Run.objects.create(
        prefix=COUNTY, on=AT.date(), started_by="system", created_at=AT, state="certified", state_since=AT,
        inputs_hash="x", finished_at=AT,
    )  # fmt: skip
    run.shortages.create(item=scene.quilts.item, area=COUNTY, severity=4, missing=1, needs=1)

    assert "1 family still lacks 1 piece" in in_english(signed_in(scene.miller), "/match/catalogue/")
