"""The steps every import takes, whether a person uploads the file or a command reads it: begun, checked, merged."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.actors import Actor
from common.exceptions import Refused
from common.recording import record
from common.states import move
from households.imports.checking import ReadHousehold, tally
from households.imports.mapping import HouseholdMapping, load_mapping
from households.imports.merging import merge
from households.imports.sums import Sums
from households.models import ImportBatch
from households.models.imports import STANDING, BatchState, RowState

NOTHING_SOUND = "nothing_sound"


@transaction.atomic
def begin(
    *, name: str, sha256: str, mapping: HouseholdMapping, scope: str, by: Actor, at: datetime
) -> ImportBatch:
    """The same file under the same mapping stands once; after a refusal it may come again."""
    batch = ImportBatch(
        name=name[:120],
        sha256=sha256,
        mapping=mapping.name[:60],
        scope=scope,
        area=scope,
        period_start=mapping.period[0] if mapping.period else None,
        period_end=mapping.period[1] if mapping.period else None,
        by_user=by if isinstance(by, User) else None,
        created_at=at,
        state=BatchState.PENDING,
        state_since=at,
    )
    if standing_batch(sha256, mapping) is not None:
        raise known_file(name)
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
    except IntegrityError:
        raise known_file(name) from None
    record("import.begun", batch, by=by, at=at, mapping=mapping.name)
    return batch


def standing_batch(sha256: str, mapping: HouseholdMapping) -> ImportBatch | None:
    """The import of this very file, unless it was refused."""
    rows = ImportBatch.objects.filter(sha256=sha256, mapping=mapping.name[:60], state__in=STANDING)
    found: ImportBatch | None = rows.first()
    return found


def mapping_of(batch: ImportBatch) -> HouseholdMapping:
    """The mapping a file was sent under, speaking of its time; refused once it has a newer version.

    What is going into the register already goes in to its end, whatever version there is by then.
    """
    mapping = load_mapping(Path(batch.mapping.rpartition("-")[0]))
    if mapping.name[:60] != batch.mapping and batch.state != BatchState.MERGING:
        raise Refused(
            "template_changed",
            _(
                "The template has changed since this file was sent. Turn it away and send it again in the new template."
            ),
        )
    return mapping.speaking_of(batch.period)


def known_file(name: str) -> Refused:
    return Refused(
        "file_known",
        _(
            "%(file)s was sent before and stands in the list of imports already; nothing was stored a second time."
        )
        % {"file": name[:120]},
        field="upload",
    )


@transaction.atomic
def finish_check(batch: ImportBatch, sums: Sums, *, by: Actor, at: datetime) -> ImportBatch:
    """The figures of the check; a file in which no household is sound is refused at once, with its report.

    Whose number belongs to a file beyond the area is counted and not named: it waits (decision 0013).
    """
    also: dict[str, Any] = {
        "area": sums.area or batch.scope,
        "rows_read": sums.rows,
        "households_read": sums.households,
        "findings": dict(sums.findings),
        "summary": sums.summary(),
    }
    left_out = sums.left_out
    if sums.standing:
        return move(batch, BatchState.CHECKED, by=by, at=at, also=also, left_out=left_out)
    also["refusal_code"] = NOTHING_SOUND
    return move(batch, BatchState.REFUSED, by=by, at=at, reason=NOTHING_SOUND, also=also, left_out=left_out)


@transaction.atomic
def merge_part(
    batch: ImportBatch,
    part: list[ReadHousehold],
    mapping: HouseholdMapping,
    *,
    by: Actor,
    at: datetime,
    at_once: bool = False,
) -> dict[str, int]:
    """Some households of a file into the register, and the counters of their import with them."""
    before = tally(part)
    done = merge(part, mapping=mapping, batch=batch, by=by, at=at, at_once=at_once)
    late = Counter(tally(part)) - Counter(before)
    batch.households_merged += done["households"]
    batch.members_merged += done["members"]
    batch.findings = dict(Counter(batch.findings) + late)
    batch.save(update_fields=["households_merged", "members_merged", "findings"])
    return done


def finish_merge(batch: ImportBatch, *, by: Actor, at: datetime) -> ImportBatch:
    """Everything sound is in the register; when the register refused all of it meanwhile, the import is refused."""
    waiting = batch.rows.filter(state=RowState.PENDING).values("household_key").distinct().count()
    left_out = batch.households_read - batch.households_merged - waiting
    also: dict[str, Any] = {"summary": {**batch.summary, "waiting": waiting, "left_out": left_out}}
    if batch.households_merged or waiting:
        return move(batch, BatchState.MERGED, by=by, at=at, also=also, left_out=left_out)
    also["refusal_code"] = NOTHING_SOUND
    return move(batch, BatchState.REFUSED, by=by, at=at, reason=NOTHING_SOUND, also=also, left_out=left_out)
