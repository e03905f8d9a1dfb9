"""What a village worker filed for families of the village."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from common.masking import mask_name
from households.enums import FlagState
from households.models import Application, Draft, Member, QualityFlag

MOST_DRAFTS = 20


def filings_of(user: Any) -> QuerySet[Application]:
    """The own filings through the row gate, with whether a question waits on them."""
    asked = QualityFlag.objects.filter(household=OuterRef("household"), state=FlagState.ASKED)
    rows: QuerySet[Application] = Application.objects.visible_to(user).select_related("household")
    return rows.annotate(asked=Exists(asked))


def drafts_of(user: Any) -> list[Draft]:
    """Begun and not sent, newest first."""
    rows = Draft.objects.visible_to(user).filter(used_at__isnull=True)
    return list(rows.order_by("-saved_at")[:MOST_DRAFTS])


def head_names(household_ids: Iterable[int]) -> dict[int, str]:
    """The masked name of each household's head, or of whoever stands first in it."""
    rows = Member.objects.filter(household_id__in=list(household_ids)).order_by("is_head", "-pk")
    return {member.household_id: mask_name(member.name) for member in rows}
