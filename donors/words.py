"""Lots and conditions in the words a donor reads; shared by pages, panels and the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.enums import OrganisationKind
from common import clock
from common.questions import Answer
from common.templatetags.ui import amount, day, yuan
from donors.enums import Account, ConditionField, LotOrigin, LotState, Reporting
from donors.models import Condition, Lot, Pledge
from donors.queries import giving_words
from reference import queries as reference

COUNTER_NAMES = (
    Account.AVAILABLE,
    Account.RESERVED,
    Account.DISBURSED,
    Account.RETURNED,
    Account.WRITTEN_OFF,
)
BESIDE_THE_HOUSEHOLD = (
    ConditionField.AGENCY_LEVEL,
    ConditionField.IMPLEMENTER_KIND,
    ConditionField.ADMIN_FEE_CAP,
    ConditionField.DELIVERY_MODE,
    ConditionField.MOST_HOUSEHOLDS,
    ConditionField.CO_FUNDING,
    ConditionField.REPORTING,
    ConditionField.PUBLICITY,
    ConditionField.NOTE,
)


def lot_rows(lot: Lot) -> list[Answer]:
    """What is offered."""
    items = list(lot.items.all())
    rows = [
        Answer(_("Title"), lot.title, ""),
        Answer(_("What"), _(", ").join(item.label for item in items), ""),
        Answer(_("How much"), amount(lot.quantity, items[0] if items else None), ""),
    ]
    if lot.fund_holder is not None:
        rows.append(Answer(_("Who receives the money"), lot.fund_holder.name, ""))
    if lot.goods_condition:
        rows.append(Answer(_("Condition"), lot.get_goods_condition_display(), ""))
    if lot.expires_on:
        rows.append(Answer(_("Best before"), day(lot.expires_on), ""))
    if lot.batch:
        rows.append(Answer(_("Batch"), lot.batch, ""))
    if lot.fair_value is not None:
        rows.append(Answer(_("Fair value"), yuan(lot.fair_value), ""))
    elif not lot.is_money:
        rows.append(Answer(_("Fair value"), _("not valued"), ""))
    if lot.origin == LotOrigin.PUBLIC_FUND:
        rows += [
            Answer(_("Department"), lot.department, ""),
            Answer(_("Document number"), lot.document_no, ""),
            Answer(_("Budget line"), lot.budget_line, ""),
            Answer(_("Policy it rests on"), str(lot.policy) if lot.policy else "", ""),
        ]
    return rows


def condition_rows(lot: Lot) -> list[Answer]:
    """Every stated condition as label and words; none means it goes where it is needed most, or to the need pledged."""
    item = lot.unit_item
    stated = lot.conditions.order_by("-hard", "pk")
    rows = [Answer(one.get_field_display(), condition_words(one, item), "") for one in stated]
    if Pledge.objects.filter(lot=lot).exists():
        return [Answer(_("Goes to"), _("the one need you pledged it for"), ""), *rows]
    return rows or [Answer(_("Conditions"), _("none: it goes where it is needed most"), "")]


def wish_rows(lot: Lot) -> list[Answer]:
    """What the donor said beyond the household itself: who brings it, how, and how the donor hears of it."""
    item = lot.unit_item
    stated = lot.conditions.filter(field__in=BESIDE_THE_HOUSEHOLD).order_by("-hard", "pk")
    return [Answer(one.get_field_display(), condition_words(one, item), "") for one in stated]


def use_words(lot: Lot, item: Any) -> str:
    """What it is meant for, in one line of a ledger (R64)."""
    stated = [
        pgettext("report", "%(field)s: %(words)s")
        % {"field": one.get_field_display(), "words": condition_words(one, item)}
        for one in lot.conditions.all()
    ]
    if lot.restricted_ref:
        stated.insert(0, pgettext("report", "for the one need it was pledged to"))
    return pgettext("report", "; ").join(stated) or pgettext("report", "where it is needed most")


def condition_words(one: Condition, item: Any) -> str:
    """The value of one condition in words."""
    value = one.value
    if one.field == ConditionField.REGION:
        return reference.path_label(value) if value else ""
    if one.field == ConditionField.GROUP:
        labels = reference.labels("population_group")
        return _(", ").join(labels.get(slug, slug) for slug in value)
    if one.field == ConditionField.HOUSEHOLD_CAP:
        return amount(value, item)
    if one.field == ConditionField.SEVERITY:
        return _("grade %(grade)d of 5 or worse") % {"grade": value}
    if one.field == ConditionField.AGENCY_LEVEL:
        return _("%(level)s or better") % {"level": value}
    if one.field in {ConditionField.ADMIN_FEE_CAP, ConditionField.CO_FUNDING}:
        return f"{value} %"
    if one.field == ConditionField.DELIVERY_MODE:
        way = reference.label_of("delivery_mode", value)
        return _("%(way)s, and only so") % {"way": way} if one.hard else way
    if one.field == ConditionField.IMPLEMENTER_KIND:
        return _(", ").join(str(OrganisationKind(slug).label) for slug in value)
    if one.field == ConditionField.REPORTING:
        return str(Reporting(value).label)
    if one.field in {ConditionField.VALID_FROM, ConditionField.VALID_UNTIL}:
        return day(date.fromisoformat(value))
    if one.field in {ConditionField.LEAST_HOUSEHOLDS, ConditionField.MOST_HOUSEHOLDS}:
        return ngettext("%(number)d household", "%(number)d households", value) % {"number": value}
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def submit_words(lot: Lot) -> Any:
    """The button under an offer: money is put on record as a wish to give, everything else is sent."""
    return giving_words() if lot.is_money else _("Send this offer")


def next_step(lot: Lot) -> str:
    """What happens now, in a sentence, for the head of the lot's page."""
    words = {
        LotState.DRAFT: _("Not sent yet. Go on writing whenever you like."),
        LotState.SUBMITTED: _("A social worker looks at it within three working days, then it is listed."),
        LotState.REVIEWING: _("A social worker is looking at it. You will hear from us."),
        LotState.REJECTED: _("It was not listed. Read why, put it right and send it again."),
        LotState.LISTED: _("It is matched with the needs it helps most. You see every step here."),
        LotState.USED_UP: _("Everything has reached a household. Feedback follows here."),
        LotState.CLOSED: _("Everything has been handed over and told. Thank you."),
        LotState.WITHDRAWN: _("What was free went back to you; what households were promised goes on."),
        LotState.EXPIRED: _("The last day has passed; what was promised goes on."),
        LotState.FROZEN: _("Nothing moves while a doubt is looked into. We call you."),
        LotState.DEFAULTED: _("It was promised and did not come. Please call us."),
    }
    return words[LotState(lot.state)]


def counter_rows(lot: Lot) -> list[tuple[str, str]]:
    """Where every unit of the lot is now."""
    item = lot.unit_item
    return [(str(name.label), amount(getattr(lot, name), item)) for name in COUNTER_NAMES]


def undo_open(lot: Lot) -> bool:
    """Whether the ten minutes are running on this page."""
    return lot.state == LotState.SUBMITTED and lot.undo_until is not None and clock.now() < lot.undo_until
