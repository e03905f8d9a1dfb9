"""Where a notice to a worker leads."""

from __future__ import annotations

from django.urls import reverse

from households.models import Household


def file_page(household: Household) -> str:
    return reverse("admin:households_household_file", args=[household.public_id])


def worklist() -> str:
    return reverse("admin:index")
