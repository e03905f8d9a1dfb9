"""The suite's own ground: reference data outlives a flush, append-only tables are emptied by it, the network is off."""

import socket
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from pytest_socket import SocketConnectBlockedError

from common import clock
from common.actors import SYSTEM
from files import storage
from files.services import content_of
from journal.models import Entry
from journal.services import record
from reference.models import Division
from tests.delivery.scene import Scene, opening
from tests.staging import papers, staged, written


def flush() -> None:
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=False)


@pytest.mark.django_db
def test_tests_begin_with_reference_data_and_an_empty_journal():
    assert Division.objects.count() > 40_000
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_flush_keeps_reference_data_and_empties_the_journal():
    before = Division.objects.count()
    record("suite.flushed", Division.objects.first(), by=SYSTEM, at=clock.now())
    assert Entry.objects.exists()

    flush()

    assert Division.objects.count() == before
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_journal_is_append_only_after_a_flush():
    flush()
    record("suite.flushed", Division.objects.first(), by=SYSTEM, at=clock.now())
    table = Entry._meta.db_table

    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET action = 'x'"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    assert Entry.objects.get().action == "suite.flushed"


def under_a_savepoint(build: Callable[[], object]) -> dict[type[Model], int]:
    """How many rows of each model `build` leaves; they and its files are taken back."""
    with transaction.atomic():
        build()
        counted = {model: len(rows) for model, rows in written().items()}
        for name in papers():
            storage.remove(name)  # as a test does that empties the folder
        transaction.set_rollback(True)
    return counted


@pytest.mark.django_db
def test_what_is_laid_out_again_is_what_the_services_wrote():
    once: Callable[[], Scene] = opening.__wrapped__  # type: ignore[attr-defined]
    again = staged(once)

    built = under_a_savepoint(once)
    assert under_a_savepoint(again) == built  # kept on the way
    assert under_a_savepoint(again) == built  # laid out
    scene = again()
    assert scene.project.agency.standing == "normal"
    assert content_of(scene.holder.qualifications.all()[0].proof)
    call_command("verify_journal", verbosity=0)
    call_command("verify_ledger", verbosity=0)


def test_network_is_off():
    with socket.socket() as outside, pytest.warns(UserWarning, match="A test tried"):  # noqa: SIM117
        with pytest.raises(SocketConnectBlockedError):
            outside.connect(("192.0.2.1", 80))
