"""Check digits of identity numbers: resident IDs, disability certificates, credit codes (GB 11643, GB 32100)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Literal, NoReturn

from django.utils.translation import gettext_lazy as _
from stdnum import numdb

from common import clock
from common.exceptions import Refused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DocumentKind = Literal["resident_id", "disability_certificate"]
Sex = Literal["male", "female"]

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
EARLIEST_BIRTH_YEAR = 1800
# Residence permits of Hong Kong, Macao and Taiwan residents; the county history does not list all three.
RESIDENCE_PERMIT_PREFIXES = frozenset({"810000", "820000", "830000"})

# What keyboards put between the parts of a Uygur, Tibetan or Yi name instead of the interpunct of the card (U+00B7).
INTERPUNCTS = re.compile(r"\s*[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\uff0e.]\s*(?=[\u3400-\u9fff])")
WITHIN_A_NAME = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")

RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]")
OLD_RESIDENT_ID = re.compile(r"[0-9]{15}")
# Category of disability 1-7, grade 1-4, and for a re-issued certificate two more characters (B1, B2 …).
CERTIFICATE_TAIL = re.compile(r"[1-7][1-4](?:[0-9B][0-9])?")
# GB 32100: authority, kind of body, six digits of area, nine characters of organisation code, check character.
USCC = re.compile(rf"[{USCC_ALPHABET}]{{2}}[0-9]{{6}}[{USCC_ALPHABET}]{{10}}")


def check_resident_id(text: str, *, today: date | None = None, field: str | None = None) -> str:
    """Return the 18 characters of a resident ID whose birth date and check digit hold, or refuse kindly (GB 11643).

    The area prefix is never a reason to refuse, see `known_region`.
    """
    number = compact(text)
    if OLD_RESIDENT_ID.fullmatch(number):
        raise Refused(
            "resident_id_old",
            _(
                "This is a number of the first generation with 15 digits. "
                "Copy the 18 digits of the present card or of the household register."
            ),
            field=field,
        )
    if len(number) != 18:
        raise Refused(
            "resident_id_length",
            _(
                "An ID number has 18 characters; count them once more against the card. "
                "No card at hand? Leave this empty, the social worker adds it during the visit."
            ),
            field=field,
        )
    if not RESIDENT_ID.fullmatch(number):
        _refuse_resident_id("resident_id_characters", field)
    if not _born_between(number, today or clock.today()):
        raise Refused(
            "resident_id_birth_date",
            _(
                "Characters 7 to 14 of the ID number are the birth date, and this day does not exist yet or never did. "
                "Compare them with the card once more."
            ),
            field=field,
        )
    if resident_id_check_digit(number[:17]) != number[17]:
        _refuse_resident_id("resident_id_check_digit", field)
    return number


def check_disability_certificate(text: str, *, today: date | None = None, field: str | None = None) -> str:
    """Return the 20 or 22 characters of a disability certificate: ID number, kind, grade, re-issue (domain §2.1)."""
    number = compact(text)
    if len(number) not in (20, 22) or not CERTIFICATE_TAIL.fullmatch(number[18:]):
        raise Refused(
            "disability_certificate_shape",
            _(
                "A disability certificate carries the 18 characters of the ID number and 2 more "
                "(4 more when it was issued again). Compare it with the certificate once more."
            ),
            field=field,
        )
    return check_resident_id(number[:18], today=today, field=field) + number[18:]


def kind_of_number(text: str) -> DocumentKind:
    """Which document a number without a kind is from: 20 or 22 characters are a disability certificate's."""
    return "disability_certificate" if len(compact(text)) in {20, 22} else "resident_id"


def plain_name(text: str) -> str:
    """A name as the card spells it: one interpunct between its parts, no blanks in a Chinese one, of any length."""
    return INTERPUNCTS.sub("·", WITHIN_A_NAME.sub("", text.strip())).strip("·")


def holder_of(number: str) -> str:
    """Whose number it is: a disability certificate begins with the 18 characters of its holder's resident number."""
    return number[:18]


def check_id_document(
    kind: DocumentKind, text: str, *, today: date | None = None, field: str | None = None
) -> str:
    """Check a document number by its kind: a disability certificate may stand in for the ID card (domain §2.1)."""
    if kind == "disability_certificate":
        return check_disability_certificate(text, today=today, field=field)
    return check_resident_id(text, today=today, field=field)


def check_uscc(text: str, *, field: str | None = None) -> str:
    """Return the 18 characters of a unified social credit code whose check character holds, or refuse (GB 32100)."""
    code = compact(text)
    if len(code) != 18:
        raise Refused(
            "uscc_length",
            _("A unified social credit code has 18 characters; copy it from the certificate once more."),
            field=field,
        )
    if not USCC.fullmatch(code):
        raise Refused(
            "uscc_characters",
            _(
                "A unified social credit code holds digits and capital letters without I, O, S, V and Z, "
                "and its 3rd to 8th characters are digits. Did 0 become O, or 1 become I?"
            ),
            field=field,
        )
    if uscc_check_character(code[:17]) != code[17]:
        raise Refused(
            "uscc_check_character",
            _("One character of the credit code may be wrong; compare it with the certificate once more."),
            field=field,
        )
    return code


def resident_id_check_digit(seventeen: str) -> str:
    """The 18th character of a resident ID (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(RESIDENT_WEIGHTS, seventeen, strict=True))
    return RESIDENT_CHECKS[total % 11]


def uscc_check_character(seventeen: str) -> str:
    """The 18th character of a unified social credit code (GB 32100)."""
    values = (USCC_ALPHABET.index(character) for character in seventeen)
    total = sum(weight * value for weight, value in zip(USCC_WEIGHTS, values, strict=True))
    return USCC_ALPHABET[-total % 31]


def birth_date_of(number: str) -> date:
    """The birth date written into a checked resident ID or disability certificate."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> Sex:
    """The sex written into a checked number: the 17th digit is odd for men."""
    return "male" if int(number[16]) % 2 else "female"


def known_region(number: str) -> bool:
    """Whether the first six digits were ever a county's code; an unknown one is a warning, never a refusal."""
    prefix = number[:6]
    if prefix in RESIDENCE_PERMIT_PREFIXES:
        return True
    parts = numdb.get("cn/loc").info(prefix)
    return len(parts) == 2 and all(properties for _part, properties in parts)


def compact(text: str) -> str:
    """Drop blanks, turn full-width characters into plain ones, write letters large."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _born_between(number: str, today: date) -> bool:
    try:
        born = birth_date_of(number)
    except ValueError:
        return False
    return born.year >= EARLIEST_BIRTH_YEAR and born <= today


def _refuse_resident_id(code: str, field: str | None) -> NoReturn:
    message: _StrPromise = _(
        "One character of the ID number may be wrong; compare it with the card once more. "
        "No card at hand? Leave this empty, the social worker adds it during the visit."
    )
    raise Refused(code, message, field=field)
