"""Drafts left for ninety days are erased with their files, and only they."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from common.actors import SYSTEM
from files import storage
from files.models import Attachment
from households import services
from households.models import Application, Draft
from journal.models import Entry
from tests.cast import AT
from tests.households import walking
from tests.households.test_apply_other import photo
from tests.households.test_needs import worked

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=90, seconds=1)


def begun(at: Any, **step: Any) -> Draft:
    draft = services.start_draft(channel="self", owner=None, by=SYSTEM, at=at)
    return services.save_draft_step(
        draft=draft, step="evidence", values={"word": "药费"}, at=at, by=SYSTEM, **step
    )


def test_old_draft_goes_with_its_files_and_a_younger_one_stays(
    django_capture_on_commit_callbacks: Any,
) -> None:
    old, young = begun(AT, upload=photo()), begun(AT + timedelta(days=1))
    kept = Attachment.objects.get(owner_ref=old.public_id)
    assert storage.place_of(kept.public_id).exists()

    with django_capture_on_commit_callbacks(execute=True):
        assert worked("households.erase_drafts", LATER) == {"erased": 1}

    assert list(Draft.objects.all()) == [young]
    kept.refresh_from_db()
    assert (kept.erased_at, kept.sha256, storage.place_of(kept.public_id).exists()) == (LATER, "", False)
    entry = Entry.objects.get(action="draft.erased")
    assert (entry.object_ref, entry.parameters) == ("", {"drafts": 1, "files": 1})


def test_draft_is_kept_for_ninety_days_and_a_sent_one_with_its_application(client: Any) -> None:
    with clock.fixed(AT):
        application = walking.applies(client)
        begun(AT)

    assert worked("households.erase_drafts", AT + timedelta(days=90)) == {"erased": 0}
    assert Draft.objects.count() == 2
    assert not Entry.objects.filter(action="draft.erased").exists()
    worked_later = services.erase_old_drafts(drafts=list(Draft.objects.all()), by=SYSTEM, at=LATER)
    assert worked_later == 1
    assert Application.objects.get().draft == application.draft


def test_draft_touched_meanwhile_is_left_alone() -> None:
    draft = begun(AT)
    services.save_draft_step(draft=draft, step="phone", values={"phone": ""}, at=LATER, by=SYSTEM)

    assert services.erase_old_drafts(drafts=[draft], by=SYSTEM, at=LATER) == 0

    assert Draft.objects.filter(pk=draft.pk).exists()
