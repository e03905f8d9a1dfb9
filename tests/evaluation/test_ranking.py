"""Boards of donors from ledger rows that the donors' own services wrote under a moved clock (domain §11.1)."""

import json
import re
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from donors import services as donors
from donors.models import Donor, LedgerEntry, Lot
from evaluation import services
from evaluation.models import Ranking, RankingRow
from evaluation.services import load_rating_policy
from reference.queries import get_item
from tests.cast import AT, county, signed_in
from tests.projects.stage import admitted_holder

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
NOT_VALUED = re.compile(">(?:not valued|未估价)<")


@pytest.fixture
def cast() -> Any:
    load_rating_policy(by=SYSTEM, at=AT)
    return county()


@pytest.fixture
def holder(cast: Any) -> Any:
    return admitted_holder(cast).organisation


def giver(cast: Any, username: str = "chen", *, on_boards: bool = True) -> Donor:
    user = User.objects.create_user(username=username, name=username.title())
    donor = donors.register_donor(
        user=user, kind="individual", name=username.title(), show_name=on_boards, on_boards=on_boards,
        contact_phone="13800001111", by=user, at=AT - timedelta(days=900),
    )  # fmt: skip
    return donors.verify_donor(donor=donor, by=cast.worker, at=AT - timedelta(days=900))


def listed(cast: Any, donor: Donor, slug: str, quantity: int, *, at: datetime, **more: Any) -> Lot:
    by = donor.user
    assert by is not None
    facts: dict[str, Any] = {"goods_condition": "new", **more} if slug == "quilt" else more
    lot = donors.draft_lot(
        donor=donor, title="心意", items=[get_item(slug)], quantity=quantity, by=by, at=at, **facts
    )
    donors.submit_lot(lot=lot, by=by, at=at)
    later = at + timedelta(minutes=11)
    donors.review_lot(lot=lot, by=cast.worker, at=later)
    return donors.list_lot(lot=lot, by=cast.worker, at=later)


def received(lot: Lot, amount: int, *, at: datetime, cause: str = "d1") -> None:
    """Set aside and handed over, as delivery does it."""
    with clock.fixed(at):
        for act in (donors.reserve_lot, donors.disburse_lot):
            act(lot=lot, amount=amount, cause=("test.delivery", cause), by=SYSTEM, at=at)


def worked(cast: Any, holder: Any) -> Donor:
    """Ten thousand yuan 730 days ago, quilts worth five thousand 30 days ago."""
    donor = giver(cast)
    long_ago, lately = AT - timedelta(days=730), AT - timedelta(days=30)
    rows = type(holder.fund_holder).objects
    rows.update(admitted_at=long_ago - timedelta(days=1))
    money = listed(cast, donor, "living_aid", 1_000_000, at=long_ago - timedelta(days=1), fund_holder=holder)
    quilts = listed(cast, donor, "quilt", 50, at=lately - timedelta(days=1), fair_value=500_000)
    received(money, 1_000_000, at=long_ago)
    received(quilts, 50, at=lately, cause="d2")
    return donor


def test_ledger_rows_give_the_worked_score(cast, holder):
    donor = worked(cast, holder)

    done = services.compute_rankings(as_of=TODAY, by=SYSTEM, at=AT)

    row = RankingRow.objects.get()
    assert (row.donor, row.place, row.score) == (donor, 1, Decimal("6750.80"))
    assert (row.contributions, row.value) == (2, 1_500_000)
    assert done["ledger_rows"] == 2


def test_a_pledge_or_a_reservation_earns_nothing(cast):
    donor = giver(cast)
    lot = listed(cast, donor, "quilt", 50, at=AT - timedelta(days=9), fair_value=500_000)
    donors.reserve_lot(lot=lot, amount=50, cause=("test.delivery", "d1"), by=SYSTEM, at=AT)

    services.compute_rankings(as_of=TODAY, by=SYSTEM, at=AT)

    assert not RankingRow.objects.exists()


def test_what_came_back_counts_no_more(cast):
    donor = giver(cast)
    lot = listed(cast, donor, "quilt", 50, at=AT - timedelta(days=9), fair_value=500_000)
    received(lot, 50, at=AT)
    donors.return_to_lot(lot=lot, amount=20, cause=("test.delivery", "d1"), by=SYSTEM, at=AT)

    services.compute_rankings(as_of=TODAY, by=SYSTEM, at=AT)

    assert RankingRow.objects.get().value == 300_000


def test_second_run_gives_the_same_board_and_nothing_twice(cast, holder, capsys):
    worked(cast, holder)
    reports = []
    for _run in range(2):
        with clock.fixed(AT):
            call_command("rank", "--as-of", "2026-11-23", "--json")
        reports.append(json.loads(capsys.readouterr().out))

    first, second = reports
    assert first["rows"] == second["rows"]
    assert first["rows"][0]["score"] == 6750.80
    assert (first["new"], second["new"], second["changed"]) == (1, 0, 0)
    assert RankingRow.objects.count() == 1


def test_earlier_day_knows_nothing_of_later_gifts(cast, holder):
    worked(cast, holder)

    services.compute_rankings(as_of=TODAY - timedelta(days=40), by=SYSTEM, at=AT)

    assert RankingRow.objects.get().contributions == 1


def test_board_in_force_sets_stars_and_shows_only_who_agreed(cast, holder):
    donor = worked(cast, holder)
    shy = giver(cast, "wu", on_boards=False)
    lot = listed(cast, shy, "quilt", 50, at=AT - timedelta(days=9), fair_value=900_000)
    received(lot, 50, at=AT, cause="d3")
    services.compute_rankings(as_of=TODAY, by=SYSTEM, at=AT)
    ranking = Ranking.objects.get()
    assert not RankingRow.objects.visible_to(AnonymousUser()).exists()

    services.approve_ranking(ranking=ranking, by=cast.supervisor, at=AT)

    donor.refresh_from_db()
    assert (donor.star, donor.score) == (3, Decimal("6750.80"))  # an individual: ten times as quick
    shown = RankingRow.objects.visible_to(AnonymousUser())
    assert [(row.place, row.donor) for row in shown] == [(2, donor)]
    assert shy.user is not None
    shy.user.forget_seats()
    assert RankingRow.objects.visible_to(shy.user).count() == 2  # one's own place is one's own to see


def test_board_is_put_into_force_by_a_supervisor_without_a_tie(cast, holder):
    worked(cast, holder)
    services.compute_rankings(as_of=TODAY, by=SYSTEM, at=AT)
    ranking = Ranking.objects.get()

    with pytest.raises(Refused) as caught:
        services.approve_ranking(ranking=ranking, by=cast.worker, at=AT)
    assert caught.value.code == "supervisors_only"

    ranking.refresh_from_db()
    assert ranking.state == "draft"
    assert Donor.objects.get().star == 0


def test_ten_thousand_ledger_rows_take_seconds_and_few_queries(cast, django_assert_max_num_queries):
    donor = giver(cast)
    lot = listed(cast, donor, "quilt", 20_000, at=AT - timedelta(days=400), fair_value=500_000)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            lot=lot, kind="disbursed", source="reserved", target="disbursed", quantity=1,
            at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
        )
        for number in range(10_000)
    )  # fmt: skip
    begun = time.monotonic()

    with django_assert_max_num_queries(20):
        done = services.compute_rankings(as_of=TODAY, by=SYSTEM, at=AT)

    assert done["ledger_rows"] == 10_000
    assert time.monotonic() - begun < 15


def test_desk_names_the_boards_in_words(cast, holder):
    worked(cast, holder)
    services.compute_rankings(as_of=TODAY, by=SYSTEM, at=AT)

    page = signed_in(cast.supervisor).get("/admin/evaluation/ranking/?board=individual")

    shown = page.content.decode()
    assert page.status_code == 200
    assert ">individual<" not in shown
    assert "个人" in shown
    assert str(Ranking.objects.get()) != "individual 2026-11-23"


def test_gift_nobody_valued_is_shown_so_and_never_as_nought(cast):
    valued, bare = giver(cast), giver(cast, "wu")
    gifts = [(valued, {"fair_value": 500_000}), (valued, {}), (bare, {})]
    for number, (donor, more) in enumerate(gifts):
        lot = listed(cast, donor, "quilt", 50, at=AT - timedelta(days=9), **more)
        received(lot, 50, at=AT, cause=f"d{number}")
    services.compute_rankings(as_of=TODAY, by=SYSTEM, at=AT)

    rows = RankingRow.objects.order_by("place")
    assert [(row.donor, row.value, row.unvalued, row.contributions) for row in rows] == [
        (valued, 500_000, 1, 2), (bare, None, 1, 1),
    ]  # fmt: skip
    ranking = Ranking.objects.get()
    desk = signed_in(cast.supervisor).get(f"/admin/evaluation/ranking/{ranking.public_id}/file/")
    assert len(NOT_VALUED.findall(desk.content.decode())) == 2  # neither points nor a value
    services.approve_ranking(ranking=ranking, by=cast.supervisor, at=AT)
    board = Client().get("/evaluation/boards/").content.decode()
    assert len(NOT_VALUED.findall(board)) == 1
    assert ">0.00<" not in board
    assert Donor.objects.get(pk=bare.pk).star == 1  # what reached a family counts as a gift all the same


def test_board_is_offered_to_a_supervisor_alone(cast, holder):
    worked(cast, holder)
    services.compute_rankings(as_of=TODAY, by=SYSTEM, at=AT)
    url = f"/admin/evaluation/ranking/{Ranking.objects.get().public_id}/file/"

    assert 'name="act"' not in signed_in(cast.worker).get(url).content.decode()
    shown = signed_in(cast.supervisor).get(url).content.decode()
    assert 'value="approve"' in shown
    assert 'value="aside"' in shown
