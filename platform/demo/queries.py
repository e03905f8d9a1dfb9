"""What the demonstration's pages show of it."""

from __future__ import annotations

from accounts.models import User
from demo.people import SIGN_INS, FamilyCode
from households.models import Application
from households.pages.saying import spaced


def is_built() -> bool:
    """Whether the invented county is there."""
    return bool(User.objects.filter(username=SIGN_INS[0].username).exists())


def family_codes(count: int) -> list[FamilyCode]:
    """The first families of the story and their way in."""
    shown = Application.objects.order_by("pk").select_related("household")[:count]
    return [FamilyCode(row.number, spaced(row.query_code), row.household.phone[-4:]) for row in shown]
