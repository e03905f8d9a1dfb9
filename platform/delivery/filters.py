"""Filters of the lists of delivery."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from common.filters import StrictFilterSet
from delivery.enums import AgreementKind, AgreementState, DeliveryState, DisbursementState, TransferState
from delivery.models import Agreement, Delivery, Disbursement, Transfer


class AgreementFilter(StrictFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=AgreementState.choices, empty_label=_("all")
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=AgreementKind.choices, empty_label=_("all"))

    class Meta:
        model = Agreement
        fields = ["state", "kind"]


class PaymentFilter(StrictFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=DisbursementState.choices, empty_label=_("all")
    )

    class Meta:
        model = Disbursement
        fields = ["state"]


class TransferFilter(StrictFilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=TransferState.choices, empty_label=_("all"))

    class Meta:
        model = Transfer
        fields = ["state"]


class DeliveryFilter(StrictFilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=DeliveryState.choices, empty_label=_("all"))

    class Meta:
        model = Delivery
        fields = ["state"]
