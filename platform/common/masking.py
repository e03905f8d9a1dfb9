"""Identity data as everybody may see it: masked by default, whoever looks (domain §8.3)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from common.identity import compact

STAR = "*"
# First and last year of life a masked page may tell instead of the birth date.
AGE_BANDS = ((0, 5), (6, 15), (16, 39), (40, 59), (60, 79))
OLDEST_FROM = 80


def mask_name(name: str) -> str:
    """王芳 → 王*, 王小明 → 王*明; a name of one character shows nothing."""
    name = name.strip()
    if len(name) < 3:
        return name[:1] + STAR if len(name) == 2 else STAR * len(name)
    return name[0] + STAR * (len(name) - 2) + name[-1]


def mask_id(number: str) -> str:
    """610***********1234: region's province and the last four; the birth date is always hidden.

    A disability certificate also hides what follows the ID number, because it tells the kind of disability.
    """
    number = compact(number)
    if len(number) < 18:
        return STAR * len(number)
    return number[:3] + STAR * 11 + number[14:18] + STAR * (len(number) - 18)


def mask_phone(phone: str) -> str:
    """138****1234; a land line shows its last four digits alone."""
    digits = compact(phone).replace("-", "").removeprefix("+86")
    if len(digits) < 7:
        return STAR * len(digits)
    head = digits[:3] if len(digits) == 11 and digits.startswith("1") else ""
    return head + STAR * (len(digits) - len(head) - 4) + digits[-4:]


def mask_address(address: str) -> str:
    """河湾****: where it begins, so that one's own is recognised; a short one shows nothing."""
    address = address.strip()
    return address and (address[:2] if len(address) > 4 else "") + STAR * 4


def mask_account(account: str) -> str:
    """****1234: the last four of a bank account, and not even its length."""
    account = compact(account)
    if not account:
        return ""
    return STAR * 4 + (account[-4:] if len(account) >= 8 else "")


def age_on(birth: date, on: date) -> int:
    """Completed years of life on a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def age_band(birth: date, on: date) -> str:
    """The band of years that stands for a birth date on masked pages and in statistics."""
    age = age_on(birth, on)
    for first, last in AGE_BANDS:
        if age <= last:
            return _("%(first)d–%(last)d years old") % {"first": first, "last": last}
    return _("%(first)d years and older") % {"first": OLDEST_FROM}
