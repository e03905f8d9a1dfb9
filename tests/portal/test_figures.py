"""The totals anyone may see: families of the register, never those of a survey read in to try the product."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils.translation import gettext

from common import clock
from common.actors import SYSTEM
from delivery import services as delivery
from delivery.models import Delivery
from donors.models import Lot
from households.models import Household, Need
from portal.figures import national_figures
from reference.coding import TRIAL_PREFIX
from tests import cast as people
from tests.delivery import scene as d

pytestmark = pytest.mark.django_db


def totals() -> list[str]:
    return [str(figure.value) for figure in national_figures()][:2]


def test_survey_families_are_not_counted() -> None:
    cast = people.county()
    people.approved(people.widow_applies(), cast)
    Need.objects.update(state="fulfilled", delivered=F("requested"), reserved=0)
    assert "0" not in totals()

    Household.objects.update(area=f"{TRIAL_PREFIX}01100")
    Need.objects.update(area=f"{TRIAL_PREFIX}01100")

    assert totals() == ["0", "0"]


def money() -> str:
    return str(national_figures()[2].value)


def another_family(gift: Delivery, number: int) -> None:
    """The same gift, received by one family more."""
    need = gift.proposal.need
    made: Any = None
    for row, parent in (
        (need.household, None), (need, "household"), (gift.proposal, "need"), (gift, "proposal"),
    ):  # fmt: skip
        if parent:
            setattr(row, parent, made)
        row.pk, row.public_id = None, f"{row.public_id[:10]}{number:02d}"
        if hasattr(row, "number"):
            row.number = f"{row.number}-{number}"
        row.save(force_insert=True)
        made = row


def test_money_of_fewer_than_five_families_is_not_told() -> None:
    with clock.fixed(people.AT):
        assert money() == "0"
        scene, proposal, agreement = d.under_agreement(d.opening())
        d.money_arrived(scene)
        gift = d.handed_over(scene, proposal, 60_000, d.paid(scene, agreement, 60_000))
        delivery.confirm_receipt(delivery=gift, method="web", evidence=None, by=scene.family, at=people.AT)
        delivery.settle_due_receipts(by=SYSTEM, at=people.AT + timedelta(minutes=10))
    assert Lot.objects.get(pk=scene.lot.pk).disbursed == 60_000

    assert money() == gettext("not shown: fewer than 5 families")
    for page in ("/statistics/", "/"):
        assert money() in Client().get(page).content.decode()

    for number in range(3):
        another_family(Delivery.objects.get(pk=gift.pk), number)
    assert money() == gettext("not shown: fewer than 5 families")
    another_family(Delivery.objects.get(pk=gift.pk), 3)
    assert money() == "600"
