"""Transfers, payments and vouchers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from delivery.forms.fields import DayField, LongText, PaperField, YuanField
from donors.enums import LotOrigin


class TransferForm(Form):
    amount = YuanField(label=_("How much did you send?"))
    sent_on = DayField(label=_("When was it sent?"))
    bank_reference = forms.CharField(
        label=_("Reference on the bank slip"),
        max_length=60,
        help_text=_("The number by which the fund holder finds your transfer."),
    )
    upload = PaperField(label=_("Bank slip"))


class ArrivalForm(Form):
    arrived_on = DayField(label=_("When did it arrive?"))
    receipt_no = forms.CharField(
        label=_("Number of your donation receipt"),
        max_length=60,
        help_text=_("You issue the receipt; the platform issues none."),
    )
    upload = PaperField(label=_("Bank statement or receipt"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("origin") == LotOrigin.PUBLIC_FUND:
            number = self.fields["receipt_no"]
            number.label = _("Number of the budget or transfer document")
            number.help_text = _(
                "Public money carries no donation receipt. The number stands on the order to pay."
            )


class ReasonForm(Form):
    reason = LongText(label=_("Why?"), max_length=300)


class RequestForm(Form):
    amount = YuanField(label=_("How much do you ask for?"))
    purpose = forms.CharField(label=_("What for?"), max_length=200)


class PaymentForm(Form):
    paid_on = DayField(label=_("When was it paid?"))
    reference = forms.CharField(label=_("Bank reference"), max_length=60)
    upload = PaperField(label=_("Payment slip"))


class VoucherForm(Form):
    issuer = forms.CharField(label=_("Who issued it?"), max_length=120)
    number = forms.CharField(label=_("Number on the voucher"), max_length=60)
    amount = YuanField(label=_("Amount"))
    dated = DayField(label=_("Date on the voucher"))
    purpose = forms.CharField(label=_("For what?"), max_length=200)
    upload = PaperField(label=_("Photo of the voucher"))


class ReportForm(Form):
    period_start = DayField(label=_("First day"))
    period_end = DayField(label=_("Last day"))
    text = LongText(label=_("What was done?"), rows=6, help_text=_("No names of families."))
    households_served = forms.IntegerField(label=_("Households served"), min_value=0, max_value=1_000_000)
    spent = YuanField(label=_("Spent in this period"), min_value=0)
