"""The totals anyone may see: families of the register, never those of a survey read in to try the product."""

import pytest
from django.db.models import F

from households.models import Household, Need
from portal.figures import national_figures
from reference.coding import TRIAL_PREFIX
from tests import cast as people

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
