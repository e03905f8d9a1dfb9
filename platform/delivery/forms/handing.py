"""Planning, handing over, and the family's own word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from common.templatetags.ui import yuan
from delivery.forms.fields import DayField, LongText, PaperField
from delivery.models import Disbursement
from delivery.services.deliveries import PAID_OUT
from matching.models import Proposal

WRONG = [
    ("not_arrived", _("It did not arrive")),
    ("less", _("It was less than agreed")),
    ("broken", _("It was broken or not the right thing")),
    ("other", _("Something else")),
]


class PlanForm(Form):
    amount = forms.DecimalField(
        label=_("How much?"), min_value=Decimal("0.01"), max_digits=15, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    planned_on = DayField(label=_("Planned for"))
    disbursement = forms.ModelChoiceField(
        Disbursement.objects.none(),
        label=_("From which payment?"),
        empty_label=None,
        to_field_name="public_id",
    )

    def __init__(self, *args: Any, proposal: Proposal, left: int, **kwargs: Any) -> None:
        item = proposal.need.item
        factor = item.unit_factor or 1
        initial = {"amount": f"{(Decimal(left) / factor).normalize():f}"}
        super().__init__(*args, initial=initial, **kwargs)
        self.factor = factor
        self.fields["amount"].unit = _("yuan") if item.is_money else item.unit_label  # type: ignore[attr-defined]
        if item.is_money:
            rows = Disbursement.objects.filter(project=proposal.project, state__in=PAID_OUT).order_by("pk")
            payments: Any = self.fields["disbursement"]
            payments.queryset = rows
            payments.label_from_instance = lambda row: f"{row.number} · {yuan(row.amount)}"
        else:
            del self.fields["disbursement"]

    def clean_amount(self) -> int:
        units = self.cleaned_data["amount"] * self.factor
        if units != units.to_integral_value():
            raise ValidationError(_("This cannot be counted so finely. Round it."))
        return int(units)


class HandedOverForm(Form):
    delivered_on = DayField(label=_("When was it handed over?"))
    upload = PaperField(
        label=_("Photo or signed slip"),
        help_text=_("The things, not the people. A photo or a PDF, up to 10 MB."),
    )


class EvidenceForm(Form):
    """Somebody speaks for the family and shows its own word."""

    upload = PaperField(
        label=_("Photo of the family's signature, or a recording"),
        help_text=_("Read it aloud first. A photo, a PDF or a recording, up to 10 MB."),
    )
    upload.widget.attrs["accept"] = "image/*,application/pdf,audio/*"


class WrongForm(Form):
    what = forms.ChoiceField(label=_("What is not right?"), choices=WRONG, widget=forms.RadioSelect)
    words = LongText(label=_("Do you want to tell us more?"), max_length=200, required=False)

    @property
    def reason(self) -> str:
        """The choice and the words as one short text for those who look after it."""
        label = dict(WRONG)[self.cleaned_data["what"]]
        return " · ".join(part for part in (str(label), self.cleaned_data["words"].strip()) if part)
