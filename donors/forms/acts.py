"""Short forms behind one act each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import Form
from donors.enums import ITEM_KINDS, LotKind
from donors.forms.lots import AreaField, FenField, holders_by_ref, smallest_units, with_unit
from donors.models import Lot
from policy.models import Policy
from reference import queries as reference


class WithdrawLotForm(Form):
    amount = forms.DecimalField(
        label=_("How much do you take back?"), min_value=Decimal("0.01"), max_digits=15, decimal_places=2,
        required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("Leave it empty to take back everything that is free."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why? Only if you like to say"), max_length=200, required=False)

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lot = lot

    def clean_amount(self) -> int | None:
        amount = self.cleaned_data["amount"]
        return None if amount is None else smallest_units(amount, self.lot.unit_item)


class WithdrawPledgeForm(Form):
    reason = forms.CharField(label=_("Why? Only if you like to say"), max_length=200, required=False)


class FeedbackForm(Form):
    text = forms.CharField(
        label=_("What the donor is told"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What arrived, where it went, what changed. No names, no faces, no village."),
    )


class PublicFundForm(Form):
    title = forms.CharField(label=_("Title"), max_length=80)
    department = forms.CharField(label=_("Department"), max_length=80)
    document_no = forms.CharField(label=_("Document number"), max_length=80)
    budget_line = forms.CharField(label=_("Budget line"), max_length=80)
    policy = forms.ChoiceField(label=_("Policy it rests on"), required=False)
    item = forms.ChoiceField(label=_("What is it for?"))
    amount = forms.DecimalField(
        label=_("Amount"), min_value=Decimal("0.01"), max_digits=15, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}), help_text=_("In yuan, or in the unit of the thing."),
    )  # fmt: skip
    fair_value = FenField(
        label=_("Fair value of all in yuan"),
        required=False,
        help_text=_("Only for things and posts, not for money."),
    )
    area = AreaField(label=_("For which area?"))
    group = forms.MultipleChoiceField(
        label=_("For whom?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    valid_until = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    fund_holder = forms.ChoiceField(
        label=_("Who receives and pays the money? (needed for money)"), required=False
    )
    fund_holder.conditional = True  # type: ignore[attr-defined]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        seat: Any = user.seat
        kwargs.setdefault("initial", {"area": seat.prefix})
        super().__init__(*args, **kwargs)
        self.items = {item.slug: item for item in reference.items() if item.kind in _FUND_KINDS}
        self.holders = holders_by_ref()
        self.policies = {row.public_id: row for row in Policy.objects.all().visible_to(user)}
        fields: Any = self.fields
        fields["item"].choices = [(slug, with_unit(item)) for slug, item in self.items.items()]
        fields["policy"].choices = [
            ("", _("none")),
            *((ref, row.title) for ref, row in self.policies.items()),
        ]
        fields["fund_holder"].choices = [
            ("", _("choose one")), *((ref, holder.name) for ref, holder in self.holders.items())
        ]  # fmt: skip
        fields["group"].choices = reference.choices("population_group")
        fields["area"].prefix = seat.prefix

    def clean_item(self) -> Any:
        return self.items[self.cleaned_data["item"]]

    def clean_policy(self) -> Any:
        return self.policies.get(self.cleaned_data["policy"])

    def clean_fund_holder(self) -> Any:
        return self.holders.get(self.cleaned_data["fund_holder"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("item") is not None and data.get("amount") is not None:
            try:
                data["amount"] = smallest_units(data["amount"], data["item"])
            except forms.ValidationError as error:
                self.add_error("amount", error)
            if data["item"].is_money and data.get("fair_value") is not None:
                self.add_error("fair_value", _("Money is counted at its amount. Leave this open."))
        return data


_FUND_KINDS = frozenset({*ITEM_KINDS[LotKind.MONEY], *ITEM_KINDS[LotKind.GOODS], *ITEM_KINDS[LotKind.JOB]})
