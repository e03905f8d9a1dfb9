"""Where a notice to a worker leads."""

from __future__ import annotations

from django.urls import reverse

from households.models import Household, Remedy, SafetyAlert


def file_page(household: Household) -> str:
    return reverse("admin:households_household_file", args=[household.public_id])


def care_page(household: Household) -> str:
    return f"{file_page(household)}?tab=care"


def remedy_page(remedy: Remedy) -> str:
    return reverse("admin:households_remedy_act", args=[remedy.public_id, "act"])


def worklist() -> str:
    return reverse("admin:index")


def safety_page(alert: SafetyAlert) -> str:
    return reverse("admin:households_safetyalert_act", args=[alert.public_id, "act"])
