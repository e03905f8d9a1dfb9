"""A notice is marked read by its reader alone."""

from __future__ import annotations

import pytest

from common.actors import CodeHolder
from notices import services
from notices.kinds import KINDS
from notices.models import Notice
from tests.cast import AT, county
from tests.gates import assert_all_refused, assert_complete, assert_out_of_reach

# Sent by the service that did what it tells of.
BELOW = {"notify", "notify_all"}
# `mark_all_read` takes its reader and no other actor; `reader_of` reads.
OWN = {"mark_all_read", "reader_of"}


@pytest.mark.django_db
def test_nobody_else_marks_a_notice_read() -> None:
    cast = county()
    kind = next(iter(KINDS))
    notice = services.notify(to=cast.worker, kind=kind, by=cast.supervisor, at=AT)
    people = {
        "a colleague": cast.colleague,
        "another county's worker": cast.stranger,
        "a household": CodeHolder(cast.worker.public_id),
    }

    assert_all_refused(services, {"mark_read": {"notice": notice}}, people, "notices")

    assert services.mark_all_read(user=cast.colleague, at=AT) == 0
    assert Notice.objects.get().read_at is None
    services.mark_read(notice=notice, by=cast.worker, at=AT)
    assert Notice.objects.get().read_at == AT


def test_table_knows_every_service() -> None:
    assert_complete(services, {"mark_read": {}}, BELOW, OWN)
    assert_out_of_reach(BELOW, owner="notices")
