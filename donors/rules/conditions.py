"""Which conditions a donor may state, and how they become columns the matching reads (charity law §15, §40)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, TypedDict

from django.utils.translation import gettext as _

from common.exceptions import Refused
from donors.enums import AGENCY_KINDS, DELIVERY_WAYS, ConditionField, MinimumLevel, Operator, Reporting
from reference import queries as reference

# What a donor may never ask for; the names a forger or a careless form may use for it.
FORBIDDEN_FIELDS = frozenset(
    {
        "ethnicity", "religion", "belief", "origin", "sex", "marital_status", "political_status", "appearance",
        "name", "photo", "beneficiary_publicity", "beneficiary_photo", "household_ref", "tobacco",
    }
)  # fmt: skip
# Words in a free wish that only a person may judge and that are never listed as they stand.
FORBIDDEN_WORDS = (
    "民族", "汉族", "回族", "宗教", "信教", "信仰", "教徒", "拍照", "照片", "露脸", "合影", "公开姓名", "出镜", "直播",
    "香烟", "烟草", "卷烟", "政治面貌", "ethnic", "religio", "photo", "tobacco", "cigarette",
)  # fmt: skip
DELIVERY_MODES = "delivery_mode"
NOTE_LENGTH = 200


class Columns(TypedDict):
    """What hard conditions compile to."""

    area_prefix: str
    groups: list[str]
    min_severity: int
    per_household_cap: int | None
    min_agency_level: str
    valid_from: date | None
    valid_until: date | None
    confirm_each: bool


@dataclass(frozen=True)
class Stated:
    """One condition as the donor stated it, checked."""

    field: str
    op: str
    value: Any
    hard: bool = True


def check_conditions(raw: Iterable[Mapping[str, Any]]) -> list[Stated]:
    """Every condition names a known field once, with its own operator and a readable value; or the whole is refused."""
    checked: dict[str, Stated] = {}
    for given in raw:
        name = str(given.get("field", ""))
        if name in FORBIDDEN_FIELDS:
            raise Refused(
                "condition_forbidden",
                _(
                    "Help may not depend on ethnicity, belief, looks or on showing the household in public. "
                    "Leave this condition out."
                ),
            )
        if name not in READERS:
            raise Refused(
                "condition_unknown",
                _("We cannot promise a condition called “%(name)s”. Choose one from the page.")
                % {"name": name},
            )
        if name in checked:
            raise Refused("condition_twice", _("One condition was stated twice. Keep one of the two."))
        operator, hard, read = READERS[name]
        if given.get("op", operator) != operator:
            _unreadable(name)
        binds = bool(given.get("hard")) if hard is None else hard
        checked[name] = Stated(name, operator, read(given.get("value")), binds)
    return list(checked.values())


def refuse_unfit_way(kind: str, conditions: Iterable[Stated]) -> None:
    """Quilts are not transferred to an account: the way must be one this kind of thing can take."""
    for condition in conditions:
        if condition.field == ConditionField.DELIVERY_MODE and condition.value not in DELIVERY_WAYS[kind]:
            raise Refused(
                "delivery_mode_unfit",
                _("This cannot reach a household in that way. Choose another way of delivery."),
                field="delivery_mode",
            )


def compile_conditions(conditions: Iterable[Stated], *, quantity: int) -> Columns:
    """The columns of the lot; a field nobody stated gets its open value.

    To reach so many households at least, none may get more than its equal share.
    """
    value = {condition.field: condition.value for condition in conditions}
    start, until = value.get(ConditionField.VALID_FROM), value.get(ConditionField.VALID_UNTIL)
    caps = [value[ConditionField.HOUSEHOLD_CAP]] if ConditionField.HOUSEHOLD_CAP in value else []
    if ConditionField.LEAST_HOUSEHOLDS in value:
        caps.append(quantity // value[ConditionField.LEAST_HOUSEHOLDS])
    return Columns(
        area_prefix=value.get(ConditionField.REGION, ""),
        groups=value.get(ConditionField.GROUP, []),
        min_severity=value.get(ConditionField.SEVERITY, 1),
        per_household_cap=min(caps, default=None),
        min_agency_level=value.get(ConditionField.AGENCY_LEVEL, ""),
        valid_from=date.fromisoformat(start) if start else None,
        valid_until=date.fromisoformat(until) if until else None,
        confirm_each=value.get(ConditionField.CONFIRM_EACH, False),
    )


def refuse_forbidden_words(text: str, *, field: str | None = None) -> None:
    """A wish in free words may not ask for what a condition may not (charity law §15, §40)."""
    small = text.casefold()
    if any(word in small for word in FORBIDDEN_WORDS):
        raise Refused(
            "wish_forbidden",
            _(
                "Help may not depend on ethnicity or belief, and nobody has to show a face or a name to be helped. "
                "Please put the wish in other words."
            ),
            field=field,
        )


def _unreadable(name: str) -> NoReturn:
    label = ConditionField(name).label
    raise Refused(
        "condition_unreadable",
        _("We could not read the condition “%(name)s”. State it once more.") % {"name": label},
    )


def _area(value: Any) -> str:
    code = str(value or "")
    if code and reference.get_division(code) is None:
        _unreadable(ConditionField.REGION)
    return code


def _groups(value: Any) -> list[str]:
    known = {code.slug for code in reference.codes("population_group")}
    if not isinstance(value, list) or not set(value) <= known:
        _unreadable(ConditionField.GROUP)
    return sorted(set(value))


def _whole(name: str, low: int, high: int | None = None) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or value < low or (high is not None and value > high):
            _unreadable(name)
        return value

    return read


def _day(name: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        try:
            return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
        except ValueError:
            _unreadable(name)

    return read


def _level(value: Any) -> str:
    if value not in MinimumLevel.values:
        _unreadable(ConditionField.AGENCY_LEVEL)
    return str(value)


def _yes(name: str) -> Callable[[Any], bool]:
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            _unreadable(name)
        return value

    return read


def _kind_of_agency(value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not set(value) <= set(AGENCY_KINDS):
        _unreadable(ConditionField.IMPLEMENTER_KIND)
    return sorted(map(str, set(value)))


def _cadence(value: Any) -> int:
    if value not in Reporting.values:
        _unreadable(ConditionField.REPORTING)
    return int(value)


def _mode(value: Any) -> str:
    if value not in {code.slug for code in reference.codes(DELIVERY_MODES)}:
        _unreadable(ConditionField.DELIVERY_MODE)
    return str(value)


def _note(value: Any) -> str:
    text = str(value or "").strip()
    if not text or len(text) > NOTE_LENGTH:
        _unreadable(ConditionField.NOTE)
    refuse_forbidden_words(text, field="note")
    return text


_C = ConditionField
# field -> its one operator, whether it binds the match (None: the donor says), how its value is read
READERS: dict[str, tuple[str, bool | None, Callable[[Any], Any]]] = {
    _C.REGION: (Operator.WITHIN, True, _area),
    _C.GROUP: (Operator.ANY_OF, True, _groups),
    _C.SEVERITY: (Operator.AT_LEAST, True, _whole(_C.SEVERITY, 1, 5)),
    _C.HOUSEHOLD_CAP: (Operator.AT_MOST, True, _whole(_C.HOUSEHOLD_CAP, 1)),
    _C.AGENCY_LEVEL: (Operator.AT_LEAST, True, _level),
    _C.VALID_FROM: (Operator.AT_LEAST, True, _day(_C.VALID_FROM)),
    _C.VALID_UNTIL: (Operator.AT_MOST, True, _day(_C.VALID_UNTIL)),
    _C.LEAST_HOUSEHOLDS: (Operator.AT_LEAST, True, _whole(_C.LEAST_HOUSEHOLDS, 1)),
    _C.CONFIRM_EACH: (Operator.IS, True, _yes(_C.CONFIRM_EACH)),
    _C.IMPLEMENTER_KIND: (Operator.ANY_OF, True, _kind_of_agency),
    _C.ADMIN_FEE_CAP: (Operator.AT_MOST, True, _whole(_C.ADMIN_FEE_CAP, 0, 100)),
    _C.DELIVERY_MODE: (Operator.IS, None, _mode),
    _C.MOST_HOUSEHOLDS: (Operator.AT_MOST, False, _whole(_C.MOST_HOUSEHOLDS, 1)),
    _C.CO_FUNDING: (Operator.AT_LEAST, False, _whole(_C.CO_FUNDING, 1, 100)),
    _C.REPORTING: (Operator.AT_MOST, False, _cadence),
    _C.PUBLICITY: (Operator.IS, False, _yes(_C.PUBLICITY)),
    _C.NOTE: (Operator.IS, False, _note),
}
