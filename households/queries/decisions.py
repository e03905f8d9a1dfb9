"""What was decided about a family, each thing by its own name, so that an objection names the very one (R60)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from common import panels
from common.templatetags.ui import day
from households.models import Household, Objection

FREE = ("conduct", "delay")  # about no one decision: how somebody was treated, and that nothing was decided
WHOLE_FILE = Household._meta.label_lower
SUBJECTS: dict[str, Any] = dict(Objection._meta.get_field("subject").choices or ())


@dataclass(frozen=True)
class Decision:
    """One thing that was decided; `stands` says whether one can object to it now, `tab` where the file shows it.

    `detail` is the reason the family was given, for whoever decides without seeing the file.
    """

    subject: str
    label: str
    ref: str
    words: str
    on: date | None = None
    stands: bool = True
    tab: str = "family"
    detail: str = ""

    @property
    def key(self) -> str:
        """How a form names it."""
        return self.subject if self.subject in FREE else f"{self.subject}:{self.label}:{self.ref}"

    @property
    def about(self) -> tuple[str, str]:
        """How an objection names it, beside its subject."""
        return self.label, self.ref

    @property
    def dated(self) -> str:
        """In words, with its day."""
        return _("%(what)s, %(day)s") % {"what": self.words, "day": day(self.on)} if self.on else self.words


def decisions_of(household: Household) -> list[Decision]:
    """Everything decided about the family so far; every app tells its own under `household.decisions`."""
    told = panels.collect("household.decisions", household)
    return [
        *told,
        *(Decision(subject, WHOLE_FILE, household.public_id, SUBJECTS[subject]) for subject in FREE),
    ]


def standing_decisions(household: Household) -> list[Decision]:
    """What the family can object to now."""
    return [decision for decision in decisions_of(household) if decision.stands]


def decision_named(objection: Objection) -> Decision | None:
    """The decision an objection speaks of, also when it stands no more; None when it is about no single one."""
    return decisions_named([objection])[objection.pk]


def decisions_named(objections: Sequence[Objection]) -> dict[int, Decision | None]:
    """The same for all objections of one family, asked once."""
    named = [row for row in objections if row.object_label != WHOLE_FILE]
    known = {(one.subject, *one.about): one for one in decisions_of(named[0].household)} if named else {}
    return {row.pk: known.get((row.subject, row.object_label, row.object_ref)) for row in objections}
