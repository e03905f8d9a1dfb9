"""Template tags of the design system: forms, states, amounts, dates, pagers. Loaded everywhere as a builtin."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from common import clock

register = template.Library()

MISSING = "—"
UNCOUNTED = frozenset({"kg", "yuan", "head"})
Quantity = int | Literal[""] | None  # a template gives "" for what it does not know
FEN = 100
WAN = 10_000
MINUS = "\N{MINUS SIGN}"
STATES = {
    "ok": """active admitted effective approved listed confirmed agreed completed fulfilled verified received vouchered
        reconciled done published final announced given standing certified arrived normal upheld delivered passed open
        available fed_back cleared in_force recorded merged""",
    "info": """submitted accepted verifying assessed reviewing checking proposed suggested confirming signing
        running queued screening ex_ante funded in_progress mid_evaluating completing ex_post scoring collecting drafted
        feedback team_assigned executing in_delivery reserved requested checked paid declared asked registered triaged
        investigating peer_review self_check compliance_review tracking reviewed made invited planned
        negotiating rewritten kept settled""",
    "warm": """returned flagged suspended paused rectifying warned revise exit_proposed exit_agreed arbitrating
        appealed pending amended overdue timed_out updating""",
    "alert": """rejected refused declined failed terminated frozen eliminated breached defaulted disputed void expired
        taken_down confirmed_false locked disabled recovered cancelled""",
}
TONES = {slug: tone for tone, slugs in STATES.items() for slug in slugs.split()}
SEVERITY_TONES = {5: "alert", 4: "warm", 3: "", 2: "", 1: ""}
RANGE_LABELS = {
    "_after": lambda: pgettext("range", "from"),
    "_before": lambda: pgettext("range", "to"),
    "_min": lambda: pgettext("range", "at least"),
    "_max": lambda: pgettext("range", "at most"),
}


# --- forms ----------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def submit_key(context: Mapping[str, Any], *, fresh: bool = False) -> SafeString:
    """The number of this form: fresh on a new page, the sent one when the page comes back with errors (design §4.8)."""
    request = context.get("request")
    sent = "" if request is None or fresh else request.POST.get("_key", "")
    return format_html('<input type="hidden" name="_key" value="{}">', sent[:64] or uuid.uuid4().hex)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """Every error once, in the words shown at its field, each a link to that field (quality U07)."""
    form.summary_shown = True  # type: ignore[attr-defined]
    return {"errors": list(_error_links(form)) if form.is_bound else []}


@register.inclusion_tag("components/form_fields.html", takes_context=True)
def form_fields(
    context: Mapping[str, Any], form: forms.BaseForm, *, hide_label: bool = False, compact: bool = False
) -> dict[str, Any]:
    """All fields of a form with the error summary on top, unless the page placed the summary itself; `hide_label`
    where the heading of the page asks the question.
    """
    form.use_required_attribute = False
    fields = form.visible_fields()
    asked = context.get("title")
    return {
        "form": form,
        "show_summary": form.is_bound and not getattr(form, "summary_shown", False),
        "fields": [(one, hide_label and (len(fields) == 1 or one.label == asked)) for one in fields],
        "compact": compact,
    }


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, *, hide_label: bool = False, compact: bool = False, small: bool = False
) -> dict[str, Any]:
    """One field with label, hint, error and option cards; `small` for long lists of options; `compact` for filters:
    small options, nothing is optional.
    """
    bound.form.use_required_attribute = False
    kind = _kind(bound.field.widget)
    if isinstance(bound.field.widget, forms.MultiWidget):
        _name_parts(bound, bound.field.widget)
    return {
        "field": bound,
        "kind": kind,
        "options": list(_options(bound)) if kind in {"options", "check"} else [],
        "hide_label": hide_label,
        "optional": not (compact or bound.field.required or kind == "check" or _is_conditional(bound.field)),
        "compact": compact or small,
        "small": small,
        "unit": getattr(bound.field, "unit", ""),
    }


def _is_conditional(field: forms.Field) -> bool:
    """Needed with some answers alone: the label says with which, so it is not called optional."""
    return getattr(field, "conditional", False)


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "options"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "pair" if isinstance(widget, forms.MultiWidget) else "plain"


def _options(bound: BoundField) -> Iterator[dict[str, Any]]:
    """Option cards; a field may carry `option_hints`, a second line for each value, and its choices may be grouped."""
    hints, heads = getattr(bound.field, "option_hints", {}), _heads(bound.field)
    if isinstance(bound.field.widget, forms.CheckboxInput):
        data = bound.subwidgets[0].data
        yield {**data, "input_type": "checkbox", "label": bound.label, "hint": bound.help_text}
        return
    for sub in bound.subwidgets:
        value = sub.data["value"]
        yield {
            **sub.data,
            "input_type": sub.data["type"],
            "hint": hints.get(value, hints.get(str(value), "")),
            "head": heads.get(value, ""),
        }


def _heads(field: forms.Field) -> dict[Any, Any]:
    """The name of a group of choices, by the first of them."""
    choices = getattr(field, "choices", ())
    if not isinstance(choices, list):  # rows of a table are not asked for a second time
        return {}
    return {options[0][0]: title for title, options in choices if isinstance(options, list)}


def _name_parts(bound: BoundField, widget: forms.MultiWidget) -> None:
    """A pair of inputs (from/to, at least/at most) needs a name for each half."""
    names: list[str] = widget.widgets_names  # type: ignore[attr-defined]
    for part, suffix in zip(widget.widgets, names, strict=True):
        said = RANGE_LABELS[suffix]() if suffix in RANGE_LABELS else suffix.strip("_")
        part.attrs.setdefault("aria-label", f"{bound.label} {said}".strip())


def _error_links(form: forms.BaseForm) -> Iterator[dict[str, str]]:
    """One question on the page: the error alone; several: the question's name before it."""
    several = len(form.visible_fields()) > 1
    for name, errors in form.errors.items():
        bound = form[name] if name in form.fields else None
        for error in errors:
            label = str(bound.label) if bound is not None and several else ""
            yield {"label": label, "text": str(error), "target": _target(bound) if bound is not None else ""}


def _target(bound: BoundField) -> str:
    return bound.id_for_label or (f"{bound.auto_id}_0" if bound.auto_id else "")


@register.simple_tag
def conflict_rows(stale: Any, form: forms.BaseForm) -> list[dict[str, Any]]:
    """Each field that differs with both answers as they would be posted (design §4.7)."""
    rows = []
    for difference in stale.differences:
        bound = form[difference.field] if difference.field in form.fields else None
        if bound is not None and getattr(bound.field.widget, "allow_multiple_selected", False):
            rows.append(
                {"difference": difference, "name": bound.html_name, "options": _several(bound, difference)}
            )
            continue
        rows.append(
            {
                "difference": difference,
                "name": bound.html_name if bound is not None else "",
                "theirs": _posted(bound, difference.theirs) if difference.keep is None else difference.keep,
                "yours": bound.data if bound is not None else difference.yours,
            }
        )
    return rows


def _several(bound: BoundField, difference: Any) -> list[dict[str, Any]]:
    """Every value either of the two chose, with who chose it; the reader's own are ticked."""
    theirs = {str(value) for value in difference.theirs}
    yours = {str(value) for value in bound.data or ()}
    labels = {str(value): label for value, label in bound.field.widget.choices}
    return [
        {
            "value": value,
            "label": labels.get(value, value),
            "theirs": value in theirs,
            "yours": value in yours,
        }
        for value in [*labels, *sorted((theirs | yours) - set(labels))]
        if value in theirs | yours
    ]


def _posted(bound: BoundField | None, value: Any) -> Any:
    if bound is None:
        return value
    return bound.field.widget.format_value(bound.field.prepare_value(value)) or ""


@register.simple_tag
def unchanged_inputs(stale: Any, form: forms.BaseForm) -> list[tuple[str, str]]:
    """What was posted besides the fields in conflict, to be posted again."""
    contested = {form.add_prefix(difference.field) for difference in stale.differences}
    dropped = contested | {"csrfmiddlewaretoken", "_key", form.add_prefix("version")}
    data: Any = form.data
    pairs = data.lists() if hasattr(data, "lists") else ((name, [value]) for name, value in data.items())
    return [(name, value) for name, values in pairs if name not in dropped for value in values]


# --- amounts and numbers --------------------------------------------------------------------------------------------
@register.filter
def unbroken(text: str) -> SafeString:
    """A telephone number or the like that stays on one line."""
    return format_html('<span class="nowrap">{}</span>', text)


@register.filter
def yuan(fen: Quantity) -> str:
    """Exact money for donors and households: 148800 → ¥ 1,488.00."""
    if fen is None or fen == "":
        return MISSING
    sign = MINUS if fen < 0 else ""
    whole, rest = divmod(abs(int(fen)), FEN)
    return f"{sign}¥\N{NO-BREAK SPACE}{whole:,}.{rest:02d}"


@register.filter
def wan(fen: Quantity) -> str:
    """Money in figures for officers: 万元 from 10,000 yuan up, yuan below; English readers get the full figure."""
    if fen is None or fen == "":
        return MISSING
    amount = Decimal(int(fen)) / FEN
    if abs(amount) < WAN or not (get_language() or "zh").startswith("zh"):
        return pgettext("money", "¥ %(amount)s") % {"amount": _trim(amount)}
    return pgettext("money", "¥ %(amount)s ten thousand") % {"amount": _trim(amount / WAN)}


@register.filter
def number(value: Any) -> str:
    """Thousands separators in threes in every language (the Chinese locale would group by four)."""
    if value is None or value == "":
        return MISSING
    if isinstance(value, Decimal | float):
        return _trim(Decimal(str(value)))
    return f"{int(value):,}".replace("-", MINUS)


@register.filter
def percent(ratio: Any, places: int = 1) -> str:
    """A ratio as a percentage: 0.936 → 93.6 %."""
    if ratio is None or ratio == "":
        return MISSING
    return f"{Decimal(str(ratio)) * 100:.{places}f} %".replace("-", MINUS)


@register.filter
def amount(quantity: Quantity, item: Any) -> str:
    """A quantity in the item's smallest unit with its unit; money items are fen."""
    if quantity is None or quantity == "":
        return MISSING
    if getattr(item, "is_money", False):
        return yuan(quantity)
    shown = _trim(Decimal(int(quantity)) / (item.unit_factor or 1), places=3)
    return f"{shown} {_counted(item.unit_label, shown)}"


def unit_of(item: Any) -> str:
    """The unit beside a field that waits for its number: hours, pieces, yuan."""
    return _counted(item.unit_label, "")


def _counted(unit: str, shown: str) -> str:
    """A unit beside its number: English says 3 hours, Chinese changes nothing."""
    if shown == "1" or unit in UNCOUNTED or not (get_language() or "zh").startswith("en"):
        return unit
    return f"{unit[:-1]}ies" if unit.endswith("ry") else f"{unit}s"


def _trim(value: Decimal, places: int = 2) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


# --- dates ----------------------------------------------------------------------------------------------------------
def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """A date in tables: 2026-11-23."""
    return _local(value).strftime("%Y-%m-%d") if value else MISSING


@register.filter
def moment(value: datetime | None) -> str:
    """A time in tables: 2026-11-23 14:05."""
    return _local(value).strftime("%Y-%m-%d %H:%M") if value else MISSING


@register.filter
def day_words(value: date | datetime | None) -> str:
    """A date in sentences: 11 月 23 日, with the year when it is not this one."""
    if not value:
        return MISSING
    local = _local(value)
    this_year = local.year == clock.today().year
    return dateformat.format(local, pgettext("date", "j F") if this_year else pgettext("date", "j F Y"))


@register.filter
def is_past(moment_due: datetime | None) -> bool:
    """Overdue by the product's clock."""
    return moment_due is not None and moment_due < clock.now()


# --- states ---------------------------------------------------------------------------------------------------------
@register.filter
def tag(value: Any, state: Any = None) -> SafeString:
    """The word of a state in its colour: `{{ label|tag:slug }}`, `{{ object|tag }}`, or a choice with its label."""
    if state is None and hasattr(value, "get_state_display"):
        value, state = value.get_state_display(), value.state
    label = getattr(value, "label", value)
    return _tag(label, TONES.get(str(state if state is not None else value), ""))


@register.filter
def severity(grade: int | None) -> SafeString:
    """The grade of urgency of a need in its word and colour."""
    return _tag(severity_words(grade), SEVERITY_TONES[grade]) if grade in SEVERITY_TONES else SafeString()


def severity_words(grade: int) -> str:
    """Words for the five grades of severity of a need (ui wording)."""
    words = {
        5: pgettext("severity", "most urgent"),
        4: pgettext("severity", "urgent"),
        3: pgettext("severity", "ordinary"),
        2: pgettext("severity", "can wait"),
        1: pgettext("severity", "can wait"),
    }
    return words[grade]


def _tag(label: Any, colour: str) -> SafeString:
    return format_html('<span class="{}">{}</span>', f"tag tag-{colour}" if colour else "tag", label)


# --- pages ----------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Mapping[str, Any], page: Any) -> dict[str, Any]:
    """Next and previous of a keyset page; the filters in the address stay."""
    request = context.get("request")

    def link(cursor: str) -> str:
        query = request.GET.copy() if request is not None else QueryDict(mutable=True)
        query["cursor"] = cursor
        return f"?{query.urlencode()}"

    return {
        "previous": link(page.previous) if page.previous else "",
        "next": link(page.next) if page.next else "",
    }


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """Acts in order; an entry has `at`, `title` and may have `detail`, `by`, `ahead` (still to come)."""
    return {"entries": list(entries)}


@register.inclusion_tag("components/meter.html")
def meter(done: int, total: int, *, label: str, text: str = "") -> dict[str, Any]:
    """How much of a need is met: a native progress bar with its name and the same in words."""
    done, total = max(int(done or 0), 0), max(int(total or 0), 0)
    return {"done": min(done, total), "total": total or 1, "label": label, "text": text}


@register.simple_tag(takes_context=True)
def stays_here(context: Mapping[str, Any]) -> str:
    """The address the language and view switches come back to: this page, read again."""
    request = context.get("request")
    return str(request.get_full_path()) if request is not None else "/"
