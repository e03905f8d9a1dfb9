"""The pages of a project: each a small form, used when it is begun and when it is edited."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.exceptions import Refused
from common.forms import Form
from implementers.models import FundHolder
from implementers.queries import fund_holders_admitted
from projects.models import Project
from reference.enums import Level
from reference.fields import DivisionField
from reference.models import Item
from reference.queries import choices, items

FEN = 100
BASIS = 100


class YuanField(forms.DecimalField):
    """Typed in yuan, kept in fen: a whole number is fen and is shown in yuan."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal("0.01"), max_digits=14, decimal_places=2, **kwargs)
        self.unit = _("yuan")

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / FEN:.2f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        return None if cleaned is None else int(cleaned * FEN)


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlaceField(DivisionField):
    """A county, a township or a village."""

    LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


class PlaceForm(Form):
    title = forms.CharField(label=_("What is the project called?"), max_length=120)
    place = PlaceField(label=_("Where will it work?"))


class PopulationForm(Form):
    groups = forms.MultipleChoiceField(label=_("For whom is it?"), widget=forms.CheckboxSelectMultiple)
    households_planned = forms.IntegerField(
        label=_("How many households will it serve?"), min_value=1, max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].choices = choices("population_group")  # type: ignore[attr-defined]


class FundsForm(Form):
    funds = YuanField(label=_("How much money does it need in all?"))
    fund_holder = forms.ChoiceField(
        label=_("Who keeps the money?"),
        help_text=_("A fund holder receives and pays it; the platform never holds money."),
        widget=forms.RadioSelect,
    )
    admin_fee = forms.DecimalField(
        label=_("How much of it goes into administration?"),
        min_value=0, max_value=10, decimal_places=2, max_digits=4,
        help_text=_("Ten per cent at most."), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    co_funding = forms.CharField(
        label=_("Is there other money for it?"), required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund_holder"].choices = [  # type: ignore[attr-defined]
            (holder.public_id, holder.organisation.name) for holder in fund_holders_admitted(clock.today())
        ]
        self.fields["admin_fee"].unit = "%"  # type: ignore[attr-defined]

    def clean_admin_fee(self) -> str:
        return str(self.cleaned_data["admin_fee"])


class ScheduleForm(Form):
    start = DayField(label=_("When does it start?"))
    end = DayField(label=_("When does it end?"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] <= data["start"]:
            self.add_error("end", _("The project ends before it starts. Look at the two dates."))
        return data


class ContentForm(Form):
    needs_covered = forms.CharField(
        label=_("Which needs does it answer?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    activities = forms.CharField(
        label=_("What will you do?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    evaluation_plan = forms.CharField(
        label=_("How will you see whether it helped?"),
        max_length=1000,
        help_text=_("What you will measure, when, and compared with what."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LogicForm(Form):
    inputs = forms.CharField(label=_("What goes in (people, money, things)?"), max_length=500)
    outputs = forms.CharField(label=_("What comes out at once (numbers)?"), max_length=500)
    outcomes = forms.CharField(label=_("What changes for the households?"), max_length=500)
    impact = forms.CharField(label=_("What remains in the long run?"), max_length=500, required=False)
    assumptions = forms.CharField(label=_("What must hold for it to work?"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.Textarea(attrs={"rows": 2})


class RisksForm(Form):
    risks = forms.CharField(
        label=_("What could go wrong, and what will you do then?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class BudgetLineForm(Form):
    title = forms.CharField(label=_("For what"), max_length=80)
    amount = YuanField(label=_("How much money"))


class MilestoneForm(Form):
    title = forms.CharField(label=_("What will be reached"), max_length=120)
    due = DayField(label=_("By when"))


class CapacityForm(Form):
    item = forms.ChoiceField(label=_("What can the project bring?"))
    capacity = forms.DecimalField(
        label=_("How much of it in all"), min_value=Decimal("0.01"), max_digits=13, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("In the unit named with the item; money in yuan."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, Item] = {item.slug: item for item in items()}
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((slug, f"{item.label} ({item.unit_label})") for slug, item in self.known.items()),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        item = self.known.get(data.get("item", ""))
        if item is None or data.get("capacity") is None:
            return data
        smallest = data["capacity"] * item.unit_factor
        if smallest != int(smallest):
            self.add_error("capacity", _("This cannot be counted so finely. Round it."))
        return {**data, "item": item, "capacity": int(smallest)}


def initial_of(project: Project) -> dict[str, Any]:
    """What the forms show of a stored project."""
    names = ("title", "place", "groups", "households_planned", "funds", "co_funding", "start", "end", "needs_covered",
             "activities", "evaluation_plan", "risks")  # fmt: skip
    initial: dict[str, Any] = {name: getattr(project, name) for name in names}
    initial["fund_holder"] = project.fund_holder.public_id if project.fund_holder else ""
    initial["admin_fee"] = Decimal(project.admin_fee_bp) / BASIS
    return {**initial, **project.logic_model}


def columns_of(data: dict[str, Any]) -> dict[str, Any]:
    """Cleaned answers as the columns of a project."""
    columns = dict(data)
    if "fund_holder" in columns:
        holder = FundHolder.objects.filter(public_id=columns["fund_holder"]).first()
        if holder is None:
            raise Refused(
                "no_fund_holder", _("Choose the fund holder that will keep the money."), field="fund_holder"
            )
        columns["fund_holder"] = holder
    if "admin_fee" in columns:
        columns["admin_fee_bp"] = int(Decimal(columns.pop("admin_fee")) * BASIS)
    if "outcomes" in columns:
        columns = {"logic_model": columns}
    for name in ("start", "end"):
        if isinstance(columns.get(name), str):
            columns[name] = date.fromisoformat(columns[name])
    return columns
