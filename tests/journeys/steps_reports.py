"""Step 10: an officer takes the ledgers of the own county: masked, text IDs, from a job that survives a reload."""

from __future__ import annotations

import csv
import io

import openpyxl

from common import clock
from households.enums import HouseholdState
from projects.enums import ProjectState
from reports.registry import kinds
from tests.cast import COUNTY, OTHER_COUNTY, OTHER_VILLAGE, WIDOW, WIDOW_ID, WIDOW_PHONE
from tests.journeys.people import Journey
from tests.journeys.steps_household import TOWNSHIP
from tests.journeys.steps_project import TITLE

Rows = list[tuple[object, ...]]
MASKED = f"{WIDOW[0]}*{WIDOW[-1]}"


def ledgers_are_downloaded(journey: Journey) -> None:
    """Households, needs, resources and projects; the definitions are in the book; no identity leaves it."""
    sheets = {code: workbook(journey, code) for code in ("G01", "G07", "G10", "G12")}
    assert all(len(rows) > 1 for rows in sheets.values()), sheets
    assert MASKED in str(sheets["G01"])
    assert TITLE in str(sheets["G12"])
    for secret in (WIDOW, WIDOW_ID, WIDOW_PHONE):
        assert secret not in str(sheets)
    *rows, total = sheets["G01"][1:]
    assert rows
    assert not total[3]  # sums stand under what adds up, and nowhere else
    assert all(isinstance(row[3], str) for row in rows), rows


def ledgers_are_filtered(journey: Journey) -> None:
    """By a part of the area, a period and a state, also as csv; a neighbouring county's officer finds nothing."""
    here = table(journey, "qin", code="G01", area=TOWNSHIP, state=f"G01.{HouseholdState.ACTIVE}")
    assert MASKED in str(here)
    for term, meaning in kinds()["G01"].definitions:
        assert (journey.says(term), journey.says(meaning)) in here, term  # they follow the table
    elsewhere = table(journey, "qin", code="G01", area=OTHER_VILLAGE[:9], state="")
    assert MASKED not in str(elsewhere)
    before = table(journey, "qin", code="G12", area=COUNTY, period=str(clock.today().year - 2), state="")
    assert TITLE not in str(before)
    running = table(journey, "qin", code="G12", area=COUNTY, state=f"G12.{ProjectState.IN_PROGRESS}")
    assert TITLE not in str(running)  # it is accepted by now
    assert MASKED not in str(table(journey, "shi", code="G01", area=OTHER_COUNTY, state=""))


def workbook(journey: Journey, code: str) -> Rows:
    """The first sheet of an Excel file."""
    content = downloaded(journey, "qin", code=code, area=COUNTY, format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    assert len(book.sheetnames) == 2, book.sheetnames  # the rows and their definitions
    return [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def table(journey: Journey, username: str, **asked: str) -> Rows:
    """The rows of a csv file."""
    content = downloaded(journey, username, format="csv", **asked)
    return [tuple(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))]


def downloaded(journey: Journey, username: str, **asked: str) -> bytes:
    """Ask for a report, reload while it is being made, take it when it is ready."""
    officer = journey[username]
    officer.open("/reports/ask/")
    officer.fill(**{"period": str(clock.today().year), "reason": "季度汇总", **asked})
    officer.send()
    officer.open(officer.path)
    journey.site.work()
    officer.open(officer.path)
    return officer.download("/file/").read_bytes()
