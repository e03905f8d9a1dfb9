"""Two files of one family: found at intake and by the search, kept as one group, decided by people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import User
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from households import services
from households.models import DuplicateCluster, DuplicateFile, Household, Member, Visit
from households.queries.suspicions import candidate_pairs, suspicions
from households.services.clusters import begin_search
from households.services.file import edit_member
from jobs.services import enqueue
from jobs.worker import perform_waiting
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, COUNTY, FAR_VILLAGE, OTHER_VILLAGE, VILLAGE, Cast
from tests.households import walking

BORN = date(1961, 4, 17)
PHONE = "13900007777"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def files_for(
    name: str = "赵德福",
    *,
    born: date | None = BORN,
    area: str = VILLAGE,
    phone: str = "",
    number: str = "",
    **more: Any,
) -> Household:
    """A file with one person, without a number unless it is said."""
    answers = people.clean_answers(1)
    person = replace(answers.members[0], name=name, birth_date=born, id_number=number, **more)
    answers = replace(answers, members=(person,), area=area, phone=phone)
    return people.applies(answers).household


def register(*homes: dict[str, Any]) -> list[Household]:
    """Files that came in without being looked at, as before this search existed."""
    made = [files_for(**home) for home in homes]
    DuplicateFile.objects.all().delete()
    DuplicateCluster.objects.all().delete()
    return made


def search(area: str = COUNTY) -> dict[str, int]:
    enqueue("households.find_duplicates", key=f"t:{area}", params={"area": area}, by=SYSTEM, at=AT)
    perform_waiting()
    return dict(DuplicateCluster.objects.values_list("public_id", "version"))


def groups() -> list[set[int]]:
    """The files of every group that waits."""
    rows = DuplicateCluster.objects.filter(state="open").order_by("pk")
    return [set(row.files.filter(open=True).values_list("household_id", flat=True)) for row in rows]


def decide(
    cluster: DuplicateCluster, by: User, verdict: str = "different", **changes: Any
) -> DuplicateCluster:
    last: Any = cluster.files.order_by("-pk").first()
    said = {"version": cluster.version, "verdicts": {last.public_id: verdict}, "reason": "两家住在村子两头。"}
    return services.decide_files(cluster=cluster, **{**said, **changes}, by=by, at=AT)


def the_cluster() -> DuplicateCluster:
    found: DuplicateCluster = DuplicateCluster.objects.get()
    return found


SAME: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("other", "compared", "suspected"),
    [
        (SAME, True, True),
        ({"name": "赵德富"}, True, True),  # a homophone
        ({"born": date(1961, 4, 11)}, True, True),
        ({"born": date(1961, 5, 17)}, True, True),
        ({"born": date(1951, 4, 17)}, True, True),
        ({"born": None}, True, True),
        ({"area": OTHER_VILLAGE}, True, True),  # of the same name and day in the county
        ({"area": OTHER_VILLAGE, "born": date(1961, 4, 11), "phone": PHONE}, True, True),
        ({"area": OTHER_VILLAGE, "born": date(1961, 4, 11)}, False, False),
        (
            {"name": "赵金山", "born": date(1961, 4, 2)},
            True,
            False,
        ),  # of the same family name, born the same month
        ({"name": "李德福", "born": date(1990, 12, 30)}, False, False),
        ({"name": "孙小兰"}, False, False),
    ],
)
def test_pairs_are_found_in_the_database(
    cast: Cast, other: dict[str, Any], compared: bool, suspected: bool
) -> None:
    first, second = register({"phone": PHONE}, other)

    pairs = [frozenset(pair) for pair in candidate_pairs(COUNTY)]

    one, two = (home.members.get().pk for home in (first, second))
    assert pairs == ([frozenset({one, two})] if compared else [])
    assert [set(found.homes) for found in suspicions(COUNTY)] == (
        [{first.pk, second.pk}] if suspected else []
    )


def test_two_numbers_far_apart_are_two_people(cast: Cast) -> None:
    numbers = [people.resident_id(number, born=BORN) for number in (41, 58)]
    register(*({"number": number} for number in numbers))

    assert len(candidate_pairs(COUNTY)) == 1
    assert suspicions(COUNTY) == []


def test_people_of_one_file_and_of_ended_files_are_not_held_against_each_other(cast: Cast) -> None:
    first, second = register(SAME, SAME)
    Household.objects.filter(pk=second.pk).update(state="withdrawn")
    twin: Member = first.members.get()
    twin.pk, twin.public_id, twin.is_head, twin._state.adding = None, "twin00000000", False, True
    twin.save()

    assert candidate_pairs(COUNTY) == []


def test_intake_raises_the_question_and_a_group_and_refuses_nothing(cast: Cast) -> None:
    first = files_for()
    second = files_for("赵德富", phone=PHONE)

    assert groups() == [{first.pk, second.pk}]
    assert [(flag.rule, flag.detail) for flag in second.flags.filter(rule="DUP-01")] == [
        ("DUP-01", {"found": 1})
    ]
    assert not first.flags.filter(rule="DUP-01").exists()
    entry = Entry.objects.get(action="duplicate.found")
    assert (entry.object_ref, entry.parameters) == (the_cluster().public_id, {"files": 2, "pairs": 1})
    assert "赵" not in str(the_cluster().evidence)


def test_search_finds_the_same_group_again_and_changes_nothing(cast: Cast) -> None:
    first, second, third = register(SAME, {"name": "赵德富"}, {"name": "赵得福"})

    before = search()

    assert groups() == [{first.pk, second.pk, third.pk}]
    entries = Entry.objects.filter(action__startswith="duplicate.").count()
    assert search() == before
    assert Entry.objects.filter(action__startswith="duplicate.").count() == entries
    assert {entry["percent"] is not None for entry in the_cluster().evidence} == {True}


def test_intake_and_search_agree_on_a_pair(cast: Cast) -> None:
    files_for(phone=PHONE)
    files_for("赵德富", phone=PHONE)
    version = the_cluster().version

    search()

    assert the_cluster().version == version
    assert the_cluster().evidence[0]["percent"] is not None


def test_new_file_joins_the_group_and_two_groups_become_one(cast: Cast) -> None:
    first, second = register(SAME, {"area": OTHER_VILLAGE, "name": "赵德贵"})
    third = files_for("赵德富")
    fourth = files_for("赵德贵", area=OTHER_VILLAGE, born=date(1961, 4, 11))
    assert groups() == [{first.pk, third.pk}, {second.pk, fourth.pk}]

    bridge = files_for("赵德福", phone=PHONE, born=BORN)  # beside the first
    member = bridge.members.get()
    Member.objects.filter(pk=fourth.members.get().pk).update(name="赵德福", birth_date=BORN)
    search()

    assert groups() == [{first.pk, second.pk, third.pk, fourth.pk, bridge.pk}]
    assert list(DuplicateCluster.objects.order_by("pk").values_list("state", flat=True)) == ["open", "joined"]
    assert member.live


def test_files_found_different_are_not_asked_about_again_until_something_changes(cast: Cast) -> None:
    _first, second = register(SAME, {"name": "赵德富"})
    search()
    decide(the_cluster(), cast.worker)
    assert the_cluster().state == "settled"

    search()
    assert groups() == []

    member = second.members.get()
    edit_member(member=member, version=member.version, changes={"name": "赵德福"}, by=cast.worker, at=AT)
    search()
    assert len(groups()) == 1
    assert DuplicateCluster.objects.count() == 2


def test_one_file_of_three_is_another_household_and_the_others_wait_on(cast: Cast) -> None:
    first, second, third = register(SAME, {"name": "赵德富"}, {"name": "赵得福"})
    search()

    decide(the_cluster(), cast.worker)

    assert groups() == [{first.pk, second.pk}]
    search()
    assert groups() == [{first.pk, second.pk}]
    file = DuplicateFile.objects.get(household=third)
    assert (file.verdict, file.open, file.decided_by, file.reason) == (
        "different",
        False,
        cast.worker,
        "两家住在村子两头。",
    )
    entry = Entry.objects.get(action="duplicate.decided")
    assert entry.parameters == {"household": third.public_id, "verdict": "different"}


def test_visit_is_put_on_the_list_and_the_group_waits(cast: Cast) -> None:
    _first, second = register(SAME, {"name": "赵德富"})
    search()

    decide(the_cluster(), cast.worker, "visit")
    decide(the_cluster(), cast.worker, "visit")

    assert the_cluster().state == "open"
    visit = Visit.objects.get(household=second)
    assert (visit.kind, visit.state, visit.cause_ref) == ("verification", "planned", the_cluster().public_id)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 7}, "group_changed"),
        ({"reason": " "}, "reason_missing"),
        ({"verdicts": {}}, "nothing_decided"),
    ],
)
def test_decision_is_refused_and_nothing_changes(cast: Cast, changes: dict[str, Any], code: str) -> None:
    register(SAME, {"name": "赵德富"})
    search()
    before = list(DuplicateFile.objects.values())

    with pytest.raises(Refused) as refused:
        decide(the_cluster(), cast.worker, **changes)

    assert refused.value.code == code
    assert list(DuplicateFile.objects.values()) == before
    assert the_cluster().state == "open"


def test_settled_group_is_not_decided_again(cast: Cast) -> None:
    register(SAME, {"name": "赵德富"})
    search()
    decide(the_cluster(), cast.worker)

    with pytest.raises(Refused) as refused:
        decide(the_cluster(), cast.supervisor)

    assert refused.value.code == "settled_already"


@pytest.fixture
def wide(cast: Cast) -> User:
    """A supervisor over both counties."""
    return people.hire(
        "wide", "市督导", "supervisor", organisation=cast.station, prefix="9901", by=cast.administrator
    )


def test_of_a_file_in_another_county_only_its_existence_is_told(cast: Cast, wide: User) -> None:
    _near, far = register({"phone": PHONE}, {"phone": PHONE, "area": FAR_VILLAGE, "born": date(1961, 4, 11)})
    search(COUNTY)
    assert groups() == []
    search("9901")
    cluster = the_cluster()
    page = f"/admin/households/duplicatecluster/{cluster.public_id}/group/"

    client = people.signed_in(cast.supervisor)
    for address in (page, "/admin/households/duplicatecluster/"):
        said = walking.text(client.get(address))
        assert "别处" in said
        assert far.number not in said
    with pytest.raises(Refused) as refused:
        decide(cluster, cast.supervisor)
    assert refused.value.code == "file_elsewhere"
    assert not DuplicateFile.objects.exclude(verdict="").exists()

    assert far.number in walking.text(people.signed_in(wide).get(page))
    assert decide(cluster, wide).state == "settled"


def test_group_page_is_masked_and_marks_what_differs(cast: Cast) -> None:
    first, _second = register({"phone": PHONE}, {"name": "赵德富"})
    search()
    page = f"/admin/households/duplicatecluster/{the_cluster().public_id}/group/"

    client = people.signed_in(cast.worker)
    said = walking.text(client.get(page))

    assert "赵*福" in said
    for hidden in ("赵德福", PHONE, "1961"):
        assert hidden not in said
    assert "139****7777" in said
    assert first.number in said
    answer = client.post(
        page,
        {
            "_key": "a",
            "version": 1,
            f"file-{DuplicateFile.objects.latest('pk').public_id}": "different",
            "reason": "兄弟。",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert the_cluster().state == "settled"
    assert client.post(page, {"_key": "b", "version": 1, "reason": "兄弟。"}).status_code == 409
    for user, status in ((cast.stranger, 404), (cast.village_worker, 302)):
        assert people.signed_in(user).get(page).status_code == status


def test_group_waits_on_the_worklist_of_its_area(cast: Cast) -> None:
    register(SAME, {"name": "赵德富"})
    search()

    assert "是不是一家" in walking.text(people.signed_in(cast.worker).get("/admin/"))
    assert "是不是一家" not in walking.text(people.signed_in(cast.stranger).get("/admin/"))


def test_supervisor_begins_the_search_of_the_own_area(cast: Cast) -> None:
    register(SAME, {"name": "赵德富"})
    page, button = "/admin/households/duplicatecluster/search/", "/duplicatecluster/search/"
    client = people.signed_in(cast.supervisor)

    assert button in client.get("/admin/households/duplicatecluster/").content.decode()
    assert client.post(page, {"_key": "a"}).status_code == 302
    perform_waiting()

    assert len(groups()) == 1
    worker = people.signed_in(cast.worker)
    assert button not in worker.get("/admin/households/duplicatecluster/").content.decode()
    assert worker.post(page, {"_key": "b"}).status_code in {403, 404}
    with pytest.raises(Refused) as refused:
        begin_search(by=cast.worker, at=AT)
    assert refused.value.code == "supervisor_needed"
