"""Duties on files: what may not meet in one person is refused, and nothing is noted."""

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts import services
from accounts.duties import CONFLICTS
from accounts.enums import Duty, OrganisationKind, Role
from accounts.models import DutyConflict, Involvement, Organisation, User
from accounts.rules import refuse_own_employer
from common.actors import SYSTEM, CodeHolder
from common.exceptions import Refused
from journal.models import Entry

pytestmark = pytest.mark.django_db
FILE = ("households.household", "abc123abc123")


@pytest.mark.parametrize(("first", "second"), [pair[:2] for pair in CONFLICTS])
@pytest.mark.parametrize("turned", [False, True])
def test_incompatible_duties_are_refused_in_either_order(
    duties: int, first: Duty, second: Duty, turned: bool, at: datetime
):
    ann = User.objects.create_user(username="ann", name="安")
    earlier, later = (second, first) if turned else (first, second)
    services.register_involvement(file=FILE, duty=earlier, by=ann, at=at)
    entries = Entry.objects.count()

    with pytest.raises(Refused) as caught:
        services.register_involvement(file=FILE, duty=later, by=ann, at=at)

    assert caught.value.code == "incompatible_duty"
    assert list(Involvement.objects.values_list("duty", flat=True)) == [earlier]
    assert Entry.objects.count() == entries


def test_same_duties_on_two_files_or_by_two_people_are_fine(duties: int, at: datetime):
    ann = User.objects.create_user(username="ann", name="安")
    bo = User.objects.create_user(username="bo", name="波")
    services.register_involvement(file=FILE, duty=Duty.ASSESSOR, by=ann, at=at)

    services.register_involvement(file=FILE, duty=Duty.REVIEWER, by=bo, at=at)
    services.register_involvement(
        file=("households.household", "other0000000"), duty=Duty.REVIEWER, by=ann, at=at
    )

    assert Involvement.objects.count() == 3


def test_duty_is_noted_once_with_the_employer(duties: int, worker: User, station: Organisation, at: datetime):
    first = services.register_involvement(file=FILE, duty=Duty.VERIFIER, by=worker, at=at)
    again = services.register_involvement(file=FILE, duty=Duty.VERIFIER, by=worker, at=at)

    assert first == again
    assert first is not None
    assert first.employer == station
    assert Entry.objects.filter(action="duty.taken").count() == 1


def test_household_and_system_have_no_duties(duties: int, at: datetime):
    for actor in (CodeHolder("abc123abc123"), SYSTEM):
        assert services.register_involvement(file=FILE, duty=Duty.DELEGATE, by=actor, at=at) is None
    assert not Involvement.objects.exists()


def test_loading_twice_changes_nothing_and_drops_what_left_the_list(duties: int):
    DutyConflict.objects.create(first=Duty.DONOR, second=Duty.AUTHOR, reason="old")
    before = set(DutyConflict.objects.exclude(reason="old").values_list("pk", flat=True))

    assert services.load_duties() == duties == len(CONFLICTS)
    assert set(DutyConflict.objects.values_list("pk", flat=True)) == before


def test_own_employer_is_refused_in_every_seat(
    hire: Callable[..., User], administrator: User, station: Organisation, mill: Organisation, at: datetime
):
    worker = hire("both")
    foundation = services.create_organisation(
        name="清河慈善会", kind=OrganisationKind.ASSOCIATION, by=SYSTEM, at=at
    )
    services.open_own_seat(user=worker, role=Role.FUND_HOLDER, organisation=foundation, by=worker, at=at)
    worker = User.objects.get(pk=worker.pk)

    for organisation in (station, foundation):
        with pytest.raises(Refused) as caught:
            refuse_own_employer(by=worker, organisation_ids=[None, organisation.pk])
        assert caught.value.code == "own_employer"
    refuse_own_employer(by=worker, organisation_ids=[mill.pk, None])
    refuse_own_employer(by=SYSTEM, organisation_ids=[mill.pk])
