"""Step 10: an officer takes the ledgers of the own county: masked, text IDs, from a job that survives a reload."""

from __future__ import annotations

import io

import openpyxl

from tests.cast import COUNTY, OTHER_COUNTY, WIDOW, WIDOW_ID
from tests.journeys.people import Journey


def ledgers_are_downloaded(journey: Journey) -> None:
    """Households, needs, resources and projects; another county's officer finds nothing of them."""
    for code in ("G01", "G07", "G10", "G12"):
        rows = workbook(journey, "qin", code, COUNTY)
        assert len(rows) > 1, code
    households = workbook(journey, "qin", "G01", COUNTY)
    text = str(households)
    assert WIDOW not in text
    assert WIDOW_ID not in text
    assert f"{WIDOW[0]}*{WIDOW[-1]}" in text
    assert "H-990101" not in str(workbook(journey, "shi", "G01", OTHER_COUNTY))


def workbook(journey: Journey, username: str, code: str, area: str) -> list[tuple[object, ...]]:
    """Ask for a report, wait for the worker, reload, take it; the first sheet's rows."""
    officer = journey[username]
    officer.open("/reports/ask/")
    journey.confirms(username)
    officer.send(code=code, area=area, period="2026", format="xlsx", reason="季度汇总")
    journey.site.work()
    officer.open(officer.path)
    book = openpyxl.load_workbook(io.BytesIO(officer.download("/file/").read_bytes()), read_only=True)
    assert len(book.sheetnames) >= 2, book.sheetnames  # the definitions are in the book
    return [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]
