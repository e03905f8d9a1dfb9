"""What can be found in a row of a file of households, in words a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

FAULT, NOTE, WAIT = "fault", "note", "wait"
INCOMPLETE = frozenset({"no_head", "no_category", "no_standard"})
ELSEWHERE = "id_elsewhere"  # never told to whoever looks after one of the two places alone


@dataclass(frozen=True)
class Finding:
    """One thing about one row: a fault keeps the household out, a note comes with it, a wait holds it back."""

    line: int
    column: str
    code: str
    value: str = ""
    grade: str = FAULT
    household: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "column": self.column, "code": self.code, "value": self.value}

    @property
    def words(self) -> str:
        """Where, what, and what to do."""
        return self.told()

    def told(self, *, kept_out: bool = False) -> str:
        """The same, also of a household that does not go in."""
        where = _("row %(line)s, column %(column)s") % {"line": self.line, "column": self.column}
        if self.household:
            where = _("household %(key)s, %(where)s") % {"key": self.household, "where": where}
        return f"{where}: {what_to_do(self.code, self.value, kept_out=kept_out)}"


def kind_of_finding(code: str) -> str:
    """The same finding of many rows, without the word of any of them."""
    said = {
        "unknown_word": _("a word that is not on the list. Write one of the words of the template."),
        "several_answers": _("several answers at once. Leave one."),
        "not_yes_or_no": _("neither yes nor no. Write 是 or 否, or leave it empty."),
        "no_number": _("not a number. Write digits, or leave it empty."),
        "no_day": _("not a day. Write it as 2014-06-01, or leave it empty."),
        "day_ahead": _("a day still to come. Compare it with the document."),
        "too_long": _("more characters than there is room for. Shorten it."),
        "phone": _("no telephone number. Read it once more, or leave it empty."),
        "place_unknown": _("a place code that is on no list. Compare it with the list of places."),
        "place_retired": _("a place code that has ended. Write today's code."),
        "area_unreadable": _("no place code of 9 or 12 digits. Look it up in the list of places."),
        "outside_area": _(
            "a place outside the area of whoever sent the file. Leave it to the colleagues there."
        ),
        "disagrees": _("the answers within one household differ. The fact counts as not known."),
        "left_out": _("a supervisor left the household out."),
        "no_head": _("nobody is head of the household. Name a head."),
        "no_category": _("no category is named. Name it in the table or on the file."),
        "no_standard": _("no standard is named. Name it in the table or on the file."),
    }
    return said.get(code) or what_to_do(code, "")


def what_to_do(code: str, value: str, *, kept_out: bool = False) -> str:
    """What was found in a row; that a household is loaded as incomplete is said of those alone that go in."""
    if kept_out and code in INCOMPLETE:
        return kind_of_finding(code)
    said = {
        "unknown_word": _("“%(value)s” is not on the list. Write one of the words of the template."),
        "several_answers": _("several answers at once (%(value)s). Leave one."),
        "not_yes_or_no": _("“%(value)s” is neither yes nor no. Write 是 or 否, or leave it empty."),
        "no_number": _("“%(value)s” is no number. Write digits, or leave it empty."),
        "no_day": _("“%(value)s” is no day. Write it as 2014-06-01, or leave it empty."),
        "empty": _("nothing stands here. Fill it in."),
        "area_unreadable": _(
            "“%(value)s” is no place code of 9 or 12 digits. Look it up in the list of places."
        ),
        "outside_area": _(
            "“%(value)s” lies outside the area of whoever sent the file. Leave it to the colleagues there."
        ),
        "day_ahead": _("“%(value)s” is still to come. Compare it with the document."),
        "too_long": _("more than %(value)s characters. Shorten it."),
        "phone": _("“%(value)s” is no telephone number. Read it once more, or leave it empty."),
        "place_unknown": _(
            "“%(value)s” is on no list of places. Compare it with the list; the household is loaded under it."
        ),
        "place_retired": _(
            "this place code has ended (%(value)s). Write today's code; the household is loaded under the old one."
        ),
        "identity_old": _(
            "a number of 15 digits from the first generation of cards. Copy the 18 of today's card, or leave it empty."
        ),
        "identity_length": _("an ID number has 18 characters. Count them once more, or leave it empty."),
        "identity_characters": _(
            "an ID number holds digits and at its end perhaps an X. Compare it with the document, or leave it empty."
        ),
        "identity_birth": _(
            "characters 7 to 14 of the ID number name a day that never was or is still to come. Compare them with the"
            " document."
        ),
        "identity_certificate": _(
            "a disability certificate carries the 18 characters of the ID number and 2 or 4 more. Compare it with the"
            " certificate."
        ),
        "identity_birth_certificate": _(
            "a birth certificate carries a letter and nine digits. Compare it, or leave it empty."
        ),
        "birth_differs": _("not the day in the identity number. That of the number counts; compare both."),
        "sex_differs": _("not the sex the identity number tells. Compare both with the document."),
        "healthy_alone": _("“healthy” and something else at once. Keep what is true."),
        "place_and_months": _("place and months of work belong together. Fill in both, or neither."),
        "main_cause_missing": _("another cause is named and no main one. Name the main cause here."),
        "cause_twice": _("the same cause is named twice. Leave one."),
        "two_spouses": _("two people are married to the head. Look at both once more."),
        "identity": _(
            "the identity number does not check out. Compare it with the document, or leave it empty."
        ),
        "id_twice": _("this identity number stands in the file twice. Compare both with the documents."),
        "id_known": _(
            "this identity number already belongs to a file. Leave it empty; a worker will sort it out."
        ),
        ELSEWHERE: _(
            "this identity number belongs to a file elsewhere. The household waits; settle it with the colleagues."
        ),
        "already_on_file": _("this household was imported before and stays as it is."),
        "no_head": _(
            "nobody is head of this household. It is loaded as incomplete; name a head in the file."
        ),
        "no_category": _(
            "no category is named. The file waits as incomplete; name the category here, or enter it on the file."
        ),
        "no_standard": _(
            "no standard is named. The file waits as incomplete; name the standard here, or enter it on the file."
        ),
        "two_heads": _("two people are head of this household. Leave one."),
        "disagrees": _("the answers within this household differ (%(value)s). The fact counts as not known."),
        "education_and_school": _("education and school are both filled in. Leave one."),
        "left_out": _("a supervisor left this household out: %(value)s"),
        "work_months": _("months of work lie between 0 and 12."),
    }
    return said.get(code, code) % {"value": value}
