"""Writing an offer page by page; every condition is a typed field, never free text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import clock
from common.exceptions import Refused
from common.forms import Form
from common.templatetags.ui import unit_of
from donors import queries, rules
from donors.enums import (
    AGENCY_KINDS,
    DELIVERY_WAYS,
    ITEM_KINDS,
    ConditionField,
    GoodsCondition,
    LotKind,
    MinimumLevel,
    Reporting,
)
from donors.models import Lot
from files.forms import UploadField
from reference import queries as reference
from reference.enums import Level
from reference.fields import DivisionField

SEVERITIES = [
    (1, _("any need")),
    (3, _("ordinary or worse")),
    (4, _("urgent or worse")),
    (5, _("only the most urgent")),
]
KIND_HINTS = {
    LotKind.MONEY: _("paid to a fund holder, never to the platform"),
    LotKind.GOODS: _("quilts, rice, wheelchairs, school kits …"),
    LotKind.SERVICE: _("hours or sessions of your people"),
    LotKind.JOB: _("posts you will fill"),
    LotKind.TRAINING: _("places in a course"),
    LotKind.INFORMATION: _("answers to questions of law, markets, procedures"),
}


VALUE_HINTS = {
    LotKind.GOODS: _("What it would cost to buy here today. Thanks and boards count by this value."),
    LotKind.SERVICE: _("All the hours times what such an hour is usually paid here."),
    LotKind.JOB: _("The wages of all the posts for the months you mean to keep them."),
    LotKind.TRAINING: _("What all the places would cost those who take part."),
    LotKind.INFORMATION: _("What all of this advice would usually cost here."),
}


def smallest_units(value: Decimal, item: Any) -> int:
    """A quantity as people write it (yuan, hours) in the item's smallest unit; a remainder is an error."""
    units = value * item.unit_factor
    if units != units.to_integral_value():
        raise ValidationError(
            _("This cannot be counted in %(unit)s so finely. Round it."), params={"unit": item.unit_label}
        )
    return int(units)


def with_unit(item: Any) -> str:
    """A thing in a list of choices, with what it is counted in."""
    return _("%(thing)s (%(unit)s)") % {"thing": item.label, "unit": item.unit_label}


def shown_units(quantity: int | None, item: Any) -> str:
    """The other way round, for a form field."""
    if quantity is None:
        return ""
    shown = Decimal(quantity) / (item.unit_factor or 1)
    return f"{shown.normalize():f}"


class LotKindForm(Form):
    kind = forms.ChoiceField(label=_("What can you give?"), choices=LotKind.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].option_hints = KIND_HINTS  # type: ignore[attr-defined]


class LotItemsForm(Form):
    items = forms.MultipleChoiceField(
        label=_("Which of these?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose several only when any of them would do and they are counted alike."),
    )
    quantity = forms.DecimalField(
        label=_("How much in all?"), min_value=Decimal("0.01"), max_digits=15, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    title = forms.CharField(
        label=_("A short title"), max_length=80, required=False,
        help_text=_("For example: winter quilts from our mill. Leave it empty and we name it after the things."),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {item.slug: item for item in reference.items() if item.kind in ITEM_KINDS.get(kind, ())}
        self.fields["items"].choices = [  # type: ignore[attr-defined]
            (slug, with_unit(item)) for slug, item in self.known.items()
        ]

    def clean_items(self) -> list[Any]:
        return [self.known[slug] for slug in self.cleaned_data["items"]]

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"])
        _check_words(title)
        return title

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        items = data.get("items")
        if items and data.get("quantity") is not None:
            try:
                data["quantity"] = smallest_units(data["quantity"], items[0])
            except ValidationError as error:
                self.add_error("quantity", error)
        if items and not data.get("title"):
            data["title"] = ", ".join(item.label for item in items)[:80]
        return data


class LotPartForm(Form):
    """One page of a draft; it knows the lot and carries the version it was opened at."""

    conditions: tuple[str, ...] = ()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        stated = {one.field: one.value for one in lot.conditions.all()}
        initial = {"version": lot.version, **self.opened(lot, stated)}
        super().__init__(*args, initial=initial, **kwargs)
        self.lot = lot

    def opened(self, lot: Lot, stated: Mapping[str, Any]) -> dict[str, Any]:
        """What the page shows when it is opened."""
        return {name: stated[name] for name in self.conditions if name in stated}

    def stated(self) -> list[dict[str, Any]]:
        """This page's conditions that are not left open."""
        found = ((name, self.as_value(name, self.cleaned_data.get(name))) for name in self.conditions)
        return [
            {"field": name, "value": value} for name, value in found if value not in (None, "", [], False)
        ]

    def as_value(self, name: str, value: Any) -> Any:
        return value


class WhereForm(LotPartForm):
    conditions = (ConditionField.REGION, ConditionField.GROUP)
    region = forms.CharField(required=False)
    group = forms.MultipleChoiceField(
        label=_("For whom?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all empty, and it goes where it is needed most."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"] = AreaField(
            label=_("In which area?"), required=False,
            help_text=_("A province, prefecture or county. Leave it empty, and the whole country is meant."),
        )  # fmt: skip
        self.fields["group"].choices = reference.choices("population_group")  # type: ignore[attr-defined]
        self.order_fields(["region", "group", "version"])


class AreaField(DivisionField):
    """A place of any level down to the township: the finest level that knows the text decides."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(level=Level.COUNTY, **kwargs)

    def clean(self, value: Any) -> str:
        text = forms.CharField.clean(self, value)
        if not text:
            return ""
        for level in (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY, Level.TOWNSHIP):
            found = reference.match_text(text, level=level, prefix=self.prefix)
            if len(found) == 1:
                return str(found[0].code)
        return super().clean(value)


class LimitsForm(LotPartForm):
    conditions = (
        ConditionField.SEVERITY,
        ConditionField.HOUSEHOLD_CAP,
        ConditionField.LEAST_HOUSEHOLDS,
        ConditionField.MOST_HOUSEHOLDS,
    )
    severity = forms.TypedChoiceField(
        label=_("How badly must it be needed?"),
        choices=SEVERITIES,
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
    )
    household_cap = forms.DecimalField(
        label=_("At most for one household"), required=False, min_value=Decimal("0.01"), max_digits=15,
        decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    least_households = forms.IntegerField(
        label=_("How many households must it reach at least?"), required=False, min_value=1, max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("Then none of them gets more than its equal share."),
    )  # fmt: skip
    most_households = forms.IntegerField(
        label=_("To how many households should it go at most?"), required=False, min_value=1, max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("A wish: the social worker sees it when deciding."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.lot.unit_item
        self.fields["household_cap"].unit = unit_of(item) if item else ""  # type: ignore[attr-defined]

    def opened(self, lot: Lot, stated: Mapping[str, Any]) -> dict[str, Any]:
        cap = stated.get(ConditionField.HOUSEHOLD_CAP)
        return {
            **super().opened(lot, stated),
            "severity": stated.get(ConditionField.SEVERITY, 1),
            "household_cap": shown_units(cap, lot.unit_item),
        }

    def clean_household_cap(self) -> int | None:
        cap = self.cleaned_data["household_cap"]
        return None if cap is None else smallest_units(cap, self.lot.unit_item)

    def as_value(self, name: str, value: Any) -> Any:
        return None if name == ConditionField.SEVERITY and value == 1 else value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        least, most = data.get("least_households"), data.get("most_households")
        if least and most and most < least:
            self.add_error("most_households", _("This is fewer than it must reach at least."))
        return data


class CarrierForm(LotPartForm):
    """Who brings it and how: held against the project and its agency at the decision."""

    conditions = (
        ConditionField.IMPLEMENTER_KIND,
        ConditionField.AGENCY_LEVEL,
        ConditionField.ADMIN_FEE_CAP,
        ConditionField.DELIVERY_MODE,
    )
    implementer_kind = forms.MultipleChoiceField(
        label=_("Which kind of agency may bring it?"),
        required=False,
        choices=[(kind.value, kind.label) for kind in AGENCY_KINDS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all empty, and any admitted agency may."),
    )
    agency_level = forms.ChoiceField(
        label=_("Rating of the agency that brings it"),
        choices=[("", _("any admitted agency")), *MinimumLevel.choices],
        required=False,
    )
    admin_fee_cap = forms.IntegerField(
        label=_("Running costs of the project at most"), required=False, min_value=0, max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("A project that takes more for its administration is not chosen."),
    )  # fmt: skip
    delivery_mode = forms.ChoiceField(label=_("In which way should it reach the household?"), required=False)
    only_so = forms.BooleanField(
        label=_("Only in this way"),
        required=False,
        help_text=_("Then only agencies that say they can do it so are chosen. Otherwise it is a wish."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["admin_fee_cap"].unit = "%"
        ways = reference.labels("delivery_mode")
        fields["delivery_mode"].choices = [
            ("", _("any way that fits")),
            *((slug, ways[slug]) for slug in DELIVERY_WAYS[self.lot.kind]),
        ]

    def opened(self, lot: Lot, stated: Mapping[str, Any]) -> dict[str, Any]:
        only_so = any(one.field == ConditionField.DELIVERY_MODE and one.hard for one in lot.conditions.all())
        return {**super().opened(lot, stated), "only_so": only_so}

    def stated(self) -> list[dict[str, Any]]:
        return [{**one, "hard": self.cleaned_data["only_so"]} for one in super().stated()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("only_so") and not data.get("delivery_mode"):
            self.add_error("delivery_mode", _("Choose the way you mean, or take the tick away."))
        return data


class TimeForm(LotPartForm):
    conditions = (ConditionField.VALID_FROM, ConditionField.VALID_UNTIL, ConditionField.CONFIRM_EACH)
    valid_from = forms.DateField(
        label=_("From when can it be used?"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty when it is ready now."),
    )  # fmt: skip
    valid_until = forms.DateField(
        label=_("Until when can it be used?"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty when there is no last day."),
    )  # fmt: skip
    confirm_each = forms.BooleanField(
        label=_("Ask me before each match"),
        required=False,
        help_text=_("You then have seven days each time; without an answer it is free for others again."),
    )

    def clean_valid_until(self) -> Any:
        day = self.cleaned_data["valid_until"]
        if day is not None and day < clock.today():
            raise ValidationError(_("This day is over. Choose a later one."), code="past")
        return day


class WishesForm(LotPartForm):
    conditions = (
        ConditionField.REPORTING,
        ConditionField.CO_FUNDING,
        ConditionField.PUBLICITY,
        ConditionField.NOTE,
    )
    reporting = forms.TypedChoiceField(
        label=_("How often do you want to hear how it goes?"),
        choices=Reporting.choices,
        coerce=int,
        required=False,
        empty_value=None,
        initial=Reporting.QUARTERLY,
        widget=forms.RadioSelect,
        help_text=_("You hear of every arrival and every handing over anyway. From this we set the days."),
    )
    co_funding = forms.IntegerField(
        label=_("How much should others add at least?"), required=False, min_value=1, max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("As a part of the whole project. Leave it empty when it does not matter to you."),
    )  # fmt: skip
    publicity = forms.BooleanField(
        label=_("You may name me in the project's report"),
        required=False,
        help_text=_("Only the giver is ever named, never a household."),
    )
    note = forms.CharField(
        label=_("A wish in your own words"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["co_funding"].unit = "%"  # type: ignore[attr-defined]

    def clean_note(self) -> str:
        note = str(self.cleaned_data["note"])
        _check_words(note)
        return note


class FenField(forms.DecimalField):
    """Yuan as people write them, kept in fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(min_value=Decimal("0.01"), max_digits=15, decimal_places=2, **kwargs)

    def clean(self, value: Any) -> int | None:
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * 100)


class ValueForm(LotPartForm):
    """What is not money has a value somebody states and can show; left open it is not valued, never 0."""

    fair_value = FenField(label=_("Fair value of all in yuan"), required=False)
    evidence = UploadField(
        purpose="value_evidence",
        label=_("What shows the value"),
        required=False,
        help_text=_("An invoice or price list, up to 10 MB. Only the workers who check it can open it."),
    )

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, lot=lot, **kwargs)
        self.fields["fair_value"].help_text = VALUE_HINTS[LotKind(lot.kind)]

    def opened(self, lot: Lot, stated: Mapping[str, Any]) -> dict[str, Any]:
        value = lot.fair_value
        return {"fair_value": "" if value is None else f"{Decimal(value) / 100:.2f}"}


class GoodsForm(ValueForm):
    field_order = ("goods_condition", "expires_on", "batch", "fair_value", "evidence")
    goods_condition = forms.ChoiceField(
        label=_("In what condition are they?"), choices=GoodsCondition.choices, widget=forms.RadioSelect
    )
    expires_on = forms.DateField(
        label=_("Best before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    batch = forms.CharField(label=_("Batch"), max_length=60, required=False)

    def opened(self, lot: Lot, stated: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **super().opened(lot, stated),
            "goods_condition": lot.goods_condition,
            "expires_on": lot.expires_on,
            "batch": lot.batch,
        }


class HolderForm(LotPartForm):
    fund_holder = forms.ChoiceField(
        label=_("Who receives the money?"),
        widget=forms.RadioSelect,
        help_text=_(
            "You transfer it there yourself; the fund holder confirms the arrival and issues the receipt."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holders = holders_by_ref()
        self.fields["fund_holder"].choices = [  # type: ignore[attr-defined]
            (ref, holder.name) for ref, holder in self.holders.items()
        ]

    def opened(self, lot: Lot, stated: Mapping[str, Any]) -> dict[str, Any]:
        return {"fund_holder": lot.fund_holder.public_id if lot.fund_holder else ""}

    def clean_fund_holder(self) -> Any:
        return self.holders[self.cleaned_data["fund_holder"]]


def holders_by_ref() -> dict[str, Any]:
    """The organisations that may receive money today, by the word a form may send."""
    holders = queries.admitted_fund_holders(clock.today())
    return {holder.organisation.public_id: holder.organisation for holder in holders}


def _check_words(text: str) -> None:
    try:
        rules.refuse_forbidden_words(text)
    except Refused as refused:
        raise ValidationError(str(refused.message), code=refused.code) from None
