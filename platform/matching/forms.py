"""Forms of the catalogue, the desk and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from common.forms import Form
from common.templatetags.ui import amount as in_units
from common.templatetags.ui import unit_of
from donors.enums import Binding
from donors.forms.lots import FenField
from donors.models import Lot
from policy.forms import AreaField
from projects.models import Project

ALL, PART = "all", "part"
LONGEST_REASON = 300


class QuantityField(forms.DecimalField):
    """A quantity as people say it (yuan, hours, pieces); cleans to the item's smallest unit, never rounding."""

    def __init__(self, *, item: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_digits=15, decimal_places=3, **kwargs)
        self.item = item
        self.unit = unit_of(item)

    def clean(self, value: Any) -> int | None:
        asked: Decimal | None = super().clean(value)
        if asked is None:
            return None
        units = asked * self.item.unit_factor
        if units != units.to_integral_value() or units < 1:
            raise ValidationError(
                _("Give a quantity that can be counted in %(unit)s, at least one."),
                params={"unit": self.unit},
            )
        return int(units)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return f"{(Decimal(value) / self.item.unit_factor).normalize():f}"
        return value


class PledgeForm(Form):
    """How much, through whom, and what the click means."""

    share = forms.ChoiceField(label=_("How much of it?"), widget=forms.RadioSelect)
    fund_holder = forms.ChoiceField(
        label=_("Who receives your money?"),
        widget=forms.RadioSelect,
        help_text=_(
            "The platform never holds money. A qualified fund holder receives it and issues the receipt."
        ),
    )
    fair_value = FenField(
        label=_("Fair value of all in yuan"),
        required=False,
        help_text=_(
            "What all you give is usually worth here. Thanks and boards count by it; open means “not valued”."
        ),
    )
    binding = forms.ChoiceField(
        label=_("What does it mean?"),
        choices=[(Binding.INTENTION, _("a wish")), (Binding.PROMISE, _("a promise"))],
        initial=Binding.INTENTION,
        widget=forms.RadioSelect,
    )
    confirm_each = forms.BooleanField(
        label=_("Ask me once more before the family is told"),
        required=False,
        help_text=_("Otherwise your pledge is taken as your yes."),
    )

    def __init__(self, *args: Any, item: Any, left: int, holders: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = left
        fields: dict[str, Any] = self.fields
        quantity = QuantityField(item=item, label=_("How much do you give?"), required=False)
        self.fields = {"share": fields.pop("share"), "quantity": quantity, **fields}
        fields = {**self.fields}
        fields["share"].choices = [
            (ALL, _("all of it: %(left)s") % {"left": in_units(left, item)}),
            (PART, _("a part, as much as I write below")),
        ]
        fields["share"].initial = ALL
        fields["binding"].option_hints = {
            Binding.INTENTION: _("You can still change your mind; tell us when you do."),
            Binding.PROMISE: _("You may be held to it by law when it is made in public or in writing."),
        }
        self.holders = {holder.organisation.public_id: holder.organisation for holder in holders}
        if item.is_money:
            fields["fund_holder"].choices = [(ref, body.name) for ref, body in self.holders.items()]
            del self.fields["fair_value"]
        else:
            del self.fields["fund_holder"]

    def clean_fund_holder(self) -> Organisation:
        holder: Organisation = self.holders[self.cleaned_data["fund_holder"]]
        return holder

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        share = data.pop("share", None)
        if share == ALL:
            data["quantity"] = self.left
        elif share == PART and data.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", _("Write how much you give."))
        data.setdefault("fund_holder", None)
        return data


class DecideForm(Form):
    """Which project brings it, how much; with a warning, why a supervisor should agree."""

    project = forms.ChoiceField(label=_("Project that brings it"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, proposal: Any, projects: Sequence[Any], warned: bool, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"amount": min(proposal.amount, max(proposal.need.remaining, 1))})
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.projects: dict[str, Project] = {
            able.row.project.public_id: able.row.project for able in projects
        }
        fields["project"].choices = [
            (able.row.project.public_id, able.row.project.title) for able in projects
        ]
        fields["project"].option_hints = {
            able.row.project.public_id: _("%(agency)s · %(rating)s · room for %(room)s")
            % {"agency": able.row.project.agency.organisation.name, "rating": able.rating, "room": able.room}
            for able in projects
        }
        if projects:
            fields["project"].initial = projects[0].row.project.public_id
        fields["amount"] = QuantityField(item=proposal.need.item, label=_("Quantity"))
        if warned:
            fields["reason"] = forms.CharField(
                label=_("Why should this family get more?"),
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean_project(self) -> Project:
        return self.projects[self.cleaned_data["project"]]


class OverrideForm(Form):
    """The supervisor's own answer; a no says why."""

    answer = forms.ChoiceField(
        label=_("Should this family get more?"),
        choices=[
            ("yes", _("Yes, accept it and ask the agency")),
            ("no", _("No, put it back on the desk")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason (needed for a no)"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason.conditional = True  # type: ignore[attr-defined]


class KeepForm(Form):
    """With which amount a pair is kept for the next run."""

    def __init__(self, *args: Any, proposal: Any, **kwargs: Any) -> None:
        most = min(proposal.amount, proposal.need.remaining, proposal.lot.available)
        kwargs.setdefault("initial", {"amount": max(most, 1)})
        super().__init__(*args, **kwargs)
        self.fields["amount"] = QuantityField(item=proposal.need.item, label=_("Quantity"))


class WhyForm(Form):
    """A no carries its reason."""

    reason = forms.CharField(
        label=_("Why?"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


class OtherLotForm(Form):
    """Another resource for the same family, chosen by a worker."""

    lot = forms.ChoiceField(label=_("Resource"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, need: Any, lots: Sequence[Lot], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"amount": need.remaining})
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.lots = {lot.public_id: lot for lot in lots}
        fields["lot"].choices = [(ref, lot.title) for ref, lot in self.lots.items()]
        fields["lot"].option_hints = {
            ref: _("%(donor)s · %(left)s free")
            % {"donor": lot.donor, "left": in_units(lot.available, need.item)}
            for ref, lot in self.lots.items()
        }
        fields["amount"] = QuantityField(item=need.item, label=_("Quantity"))

    def clean_lot(self) -> Lot:
        return self.lots[self.cleaned_data["lot"]]


class HouseholdAnswerForm(Form):
    """What the family said to the worker, with what shows it."""

    answer = forms.ChoiceField(
        label=_("What did the family say?"),
        choices=[("yes", _("Yes, they want it")), ("no", _("No, thank you"))],
        widget=forms.RadioSelect,
    )
    evidence = forms.FileField(
        label=_("Photo of the signed slip, or a recording"),
        required=False,
        help_text=_("It shows that the family itself said so. A no needs no reason."),
    )


class RunForm(Form):
    """For which area the run is made: the own one or a part of it."""

    area = AreaField(label=_("For which area?"))

    def __init__(self, *args: Any, prefix_inside: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"area": prefix_inside})
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.prefix = prefix_inside
