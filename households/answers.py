"""What a household says when it applies, as typed data: one shape for pages, desk, village worker and files."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class PersonAnswer:
    """One member as declared; an empty identity number is allowed and completed at the visit."""

    name: str
    relation: str
    sex: str = ""
    birth_date: date | None = None
    birth_precision: str = "unknown"
    id_kind: str = ""
    id_number: str = ""
    ethnicity: str = ""
    education: str = ""
    student_status: str = ""
    health: tuple[str, ...] = ()
    disability_kind: str = ""
    disability_grade: str = ""
    labour: str = ""
    work_place: str = ""
    work_months: int | None = None
    medical_insurance: str = ""


@dataclass(frozen=True)
class NeedAnswer:
    """One need in the household's words: an item, how much, how soon."""

    item: str
    quantity: int
    urgency: str = "ordinary"
    deadline: date | None = None
    story: str = ""
    contribution: str = ""
    beneficiary: int | None = None
    quantity_known: bool = True  # otherwise the assessment works it out


@dataclass(frozen=True)
class DelegateAnswer:
    """Who files for the household and on what evidence."""

    name: str
    relation: str
    evidence_kind: str
    valid_to: date
    scope: tuple[str, ...]
    id_number: str = ""
    phone: str = ""
    witness: str = ""
    read_back: bool = False


@dataclass(frozen=True)
class ApplicationAnswers:
    """The whole application."""

    area: str
    members: tuple[PersonAnswer, ...]
    needs: tuple[NeedAnswer, ...]
    consents: tuple[str, ...]
    group: str = ""
    address: str = ""
    phone: str = ""
    story: str = ""
    causes: tuple[str, ...] = ()
    consent_method: str = "click"
    delegate: DelegateAnswer | None = None
    measures: tuple[str, ...] = field(default_factory=tuple)
    guardian: str = ""
    read_back: bool = False
    present: bool | None = None  # whether somebody of the household was there while a worker filled in

    def as_json(self) -> dict[str, Any]:
        """Plain data for the immutable snapshot; dates as ISO text."""
        return _plain(asdict(self))  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
