"""The template that is handed out: whole, with drop-downs, read by the mapping it belongs to, and by version."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest

from common import clock
from households.imports.template import MUST, template_book, version_mark
from households.models import Household, HouseholdYear, ImportBatch, Member
from jobs.worker import perform_waiting
from tests import cast as people
from tests.cast import AT, VILLAGE, Cast
from tests.households import faults, walking
from tests.households.test_import_pages import LIST, UPLOAD, post, stored, table
from tests.households.test_import_waiting import merged
from tests.refusing import refuses

TEMPLATE = f"{LIST}template/"
MANDATORY = {
    "户编号", "行政区划代码", "户类型", "识别标准", "主要致贫原因",
    "姓名", "与户主关系", "性别", "证件类型", "证件号码", "健康状况", "劳动能力",
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def headers_of(sheet: Any) -> list[str]:
    return [cell.value for cell in sheet[1]]


def test_template_holds_every_mandatory_column_its_drop_downs_and_how_to_fill_it(db: None) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_book()))
    sheet = book["填报表"]
    headers = headers_of(sheet)

    marked = {cell.value for cell in sheet[1] if cell.fill.fgColor.rgb == MUST.fgColor.rgb}
    assert marked == MANDATORY
    assert headers[-1] == version_mark() == "模板第3版"
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        column = openpyxl.utils.cell.coordinate_from_string(str(rule.sqref).partition(":")[0])[0]
        name = sheet[f"{column}1"].value
        if rule.type == "list":
            offered[name] = [
                cell.value
                for row in book["选项"][rule.formula1.partition("!")[2].replace("$", "")]
                for cell in row
            ]
    assert set(offered["识别标准"]) == {"国家标准", "省定标准", "市定标准"}
    assert {"户主", "之外孙女", "其他"} <= set(offered["与户主关系"])
    assert offered["医疗保险"] == ["城乡居民基本医疗保险", "城镇职工基本医疗保险"]
    assert offered["住房不安全"] == ["是", "否"]
    explained = [row[0] for row in book["填写说明"].values]
    assert set(headers[:-1]) <= set(explained)
    assert book.sheetnames[0] == "填报表"
    assert book["选项"].sheet_state == "hidden"


def test_template_filled_in_is_read_whole(cast: Cast) -> None:
    worker = people.signed_in(cast.worker)
    page = worker.get(UPLOAD).content.decode()
    assert TEMPLATE in page
    answer = worker.get(TEMPLATE)
    assert "模板第3版.xlsx" in unquote(answer["Content-Disposition"])
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book["填报表"]
    headers = headers_of(sheet)
    lines = faults.sound_household(1, random.Random(3))
    lines[0] |= {"行政区划代码": VILLAGE, "联系电话": "138 0000 1234", "其他致贫原因一": "因残"}
    for line in lines:
        line["行政区划代码"] = VILLAGE
        sheet.append([line.get(name) or None for name in headers])
    filled = io.BytesIO()
    book.save(filled)

    assert post(worker, filled.getvalue(), "village.xlsx").status_code == 302
    perform_waiting()

    batch = ImportBatch.objects.get()
    assert (batch.state, batch.findings) == ("checked", {})
    merged(batch, cast.supervisor)
    household = Household.objects.get()
    assert (household.phone, household.standard, household.cause_main, household.cause_second) == (
        "13800001234",
        "national",
        "illness",
        "disability",
    )
    assert household.incomplete == ["id_number"]  # of the child without a document
    assert Member.objects.count() == len(lines)
    assert HouseholdYear.objects.count() == 1


def test_table_of_an_older_template_is_refused_and_the_new_one_offered(cast: Cast) -> None:
    headers = [*faults.HEADERS, "模板第2版"]
    lines = [
        [line[name] for name in faults.HEADERS] + [""]
        for line in faults.village(rows=4, faults=0, on_file=[]).lines
    ]
    worker = people.signed_in(cast.worker)
    before = stored()

    answer = post(worker, table(headers, lines))

    page = walking.text(answer)
    assert answer.status_code == 409
    assert "第2版" in page
    assert "第3版" in page
    assert TEMPLATE in answer.content.decode()
    assert stored() == before


def test_older_template_is_told_from_one_whose_columns_slipped(cast: Cast) -> None:
    """The version is said first: a table that asked for other things needs the new template, not a column."""
    from tests.households.test_import_pages import sent

    with refuses("template_old"):
        sent(cast.worker, table(["户编号", "行政区划代码", "姓名", "关系", "模板第1版"], []))
    with refuses("headers"):
        sent(cast.worker, table(["户编号", "行政区划代码", "姓名", "关系", "模板第3版"], []))


def test_annotated_copy_may_be_corrected_and_sent_again(cast: Cast) -> None:
    village = faults.village(rows=8, faults=0, on_file=[])
    for line in village.lines:
        line["行政区划代码"] = VILLAGE
    headers = [*faults.HEADERS, "模板第3版", "发现的情况"]
    lines = [[line[name] for name in faults.HEADERS] + ["", "第 2 行"] for line in village.lines]

    assert post(people.signed_in(cast.worker), table(headers, lines)).status_code == 302
    perform_waiting()

    assert ImportBatch.objects.get().findings == {}


def test_template_is_for_those_who_send_files(cast: Cast) -> None:
    assert people.signed_in(cast.village_worker).get(TEMPLATE).status_code in {302, 403, 404}
