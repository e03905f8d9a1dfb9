"""What a county sees in a year and no thread needs: an exit, an appeal, tables of families, second opinions."""

from __future__ import annotations

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from common.actors import CodeHolder
from demo.story.calendar import Telling
from demo.story.deliver import need_of
from demo.story.givers import offer
from demo.story.world import COUNTY, VILLAGES, World
from evaluation import services as evaluations
from evaluation.models import Evaluation, Rating
from households import services
from households.imports import acts
from households.models import Household, HouseholdYear, ImportBatch
from households.services.facts import add_measure, record_year
from jobs.worker import perform_waiting
from matching import services as matches
from matching.models import Proposal
from projects.models import Project
from reports.services import request_report

COLUMNS = (
    "户编号",
    "行政区划代码",
    "姓名",
    "与户主关系",
    "出生日期",
    "健康状况",
    "联系电话",
    "户类型",
    "识别标准",
)
LISTED, MONITORED = ("最低生活保障对象", "国家标准"), ("防止返贫致贫对象", "省定标准")
SOUND = (
    ("1", VILLAGES[0], "贺长林", "户主", "1961-02-14", "长期慢性病", "13800077001", *LISTED),
    ("1", VILLAGES[0], "贺小满", "之孙女", "2015-05-21", "健康", "", "", ""),
    ("2", VILLAGES[1], "罗桂英", "户主", "1957-10-03", "健康", "13800077002", *MONITORED),
)
FAULTY = (
    ("3", VILLAGES[2], "石老汉", "户主", "1949-13-40", "健康", "13800077003", *LISTED),
    ("4", VILLAGES[2], "葛春生", "户主", "1966-04-18", "健康", "13800077004", *LISTED),
)


def stand_on_own_feet(world: World) -> Telling[None]:
    """The student's family earns enough now: it says yes to the end of support, and another supervisor agrees."""
    yield from earn_more(world, "student", 188)
    household = world.things["household.student"]
    with (yield world.on(190)) as at:
        services.propose_exit(household=household, reason="income_stable", by=world.person("zhoumin"), at=at)
    with (yield world.on(193)) as at:
        family = CodeHolder(world.things["application.student"].public_id)
        services.confirm_exit(household=household, evidence=None, by=family, at=at)
    with (yield world.on(195)) as at:
        services.approve_exit(
            household=Household.objects.get(pk=household.pk), by=world.person("zhaohua"), at=at
        )


def earn_more(world: World, family: str, day: int) -> Telling[None]:
    """The year's income, written anew after the father found work."""
    incomes = (("wages", 27_000), ("operating", 4_800), ("operating_cost", 1_600))
    with (yield world.on(day)) as at:
        household = world.things[f"household.{family}"]
        row = HouseholdYear.objects.get(household=household)
        record_year(
            household=household,
            year=row.year,
            period_start=row.period_start,
            period_end=row.period_end,
            size=row.size,
            size_basis="registered",
            lines=[(kind, "", yuan * 100) for kind, yuan in incomes],
            deprivations={"illness_burden": False, "out_of_school": False, "uninsured": False},
            version=row.version,
            by=world.person("zhoumin"),
            at=at,
        )


def appeal_result(world: World) -> Telling[None]:
    """The agency finds its result too hard; two supervisors who had no part in it keep it."""
    with (yield world.on(136)) as at:
        result = Evaluation.objects.get(project=world.things["project.mobility"], stage="ex_post")
        appeal = evaluations.file_appeal(
            about=result,
            text="轮椅及时送到了，只是签收表补得晚，希望重新看看得分。",
            by=world.person("nuanyang"),
            at=at,
        )
    for day, name in ((141, "zhaohua"), (142, "wuping")):
        with (yield world.on(day)) as at:
            evaluations.decide_appeal(
                appeal=appeal,
                granted=False,
                answer="我们又看了一遍记录：签收和回访都晚了三周以上，得分维持不变。",
                by=world.person(name),
                at=at,
            )


def appeal_rating(world: World) -> Telling[None]:
    """Within thirty days of the rating; nobody has decided yet."""
    with (yield world.on(198)) as at:
        rating = Rating.objects.get(agency=world.things["agency.nuanyang"], state="effective")
        evaluations.file_appeal(
            about=rating, text="补齐的记录没有算进去，请重新评一次。", by=world.person("nuanyang"), at=at
        )


def read_in_tables(world: World) -> Telling[None]:
    """Two tables from the villages: one let in by a second person, one with a row to mend."""
    first = yield from send_table(world, "河湾村摸底.csv", SOUND, 202)
    with (yield world.on(203)) as at:
        acts.merge_import(batch=first, by=world.person("lidu"), at=at)
        perform_waiting()
    yield from send_table(world, "石桥村摸底.csv", FAULTY, 206)


def send_table(world: World, name: str, rows: tuple[tuple[str, ...], ...], day: int) -> Telling[ImportBatch]:
    """Sent by a worker and checked in the background."""
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    upload = SimpleUploadedFile(name, text.getvalue().encode("utf-8-sig"), content_type="text/csv")
    with (yield world.on(day)) as at:
        batch = acts.receive_file(
            upload=upload,
            mapping="",
            first_day=at.date().replace(month=1, day=1),
            last_day=at.date(),
            by=world.person("zhoumin"),
            at=at,
        )
        perform_waiting()
    return ImportBatch.objects.get(pk=batch.pk)


def ask_for_second_opinions(world: World) -> Telling[None]:
    """Rice nobody brings yet is kept for the next run; quilts for a family that got one wait for a supervisor."""
    near = {"field": "region", "op": "within", "value": COUNTY}
    rice = yield from offer(
        world, "chunfeng", "春风面粉厂过冬大米", ("rice",), 400, 204, (near,), expires_on=world.at(400).date()
    )
    with (yield world.on(206)) as at:
        worker = world.person("zhoumin")
        kept = matches.propose_by_hand(
            need=need_of(world, "quilt", "rice"), lot=rice, amount=50, by=worker, at=at
        )
        matches.pin_pair(proposal=kept, amount=kept.amount, by=worker, at=at)
        asked = Proposal.objects.get(need=need_of(world, "quilt", "quilt"), state="suggested")
        add_measure(
            household=asked.need.household,
            kind="temporary_aid",
            item=asked.need.item,
            source="public",
            amount=None,
            period_start=at.date(),
            period_end=None,
            document="村里的救助登记",
            member=None,
            by=worker,
            at=at,
        )
        matches.ask_override(
            proposal=asked,
            project=Project.objects.get(pk=world.things["project.warm"].pk),
            amount=asked.amount,
            reason="村里只给了一床，夜里还是冷，三床才够。",
            by=worker,
            at=at,
        )


def ask_for_report(world: World) -> Telling[None]:
    """The office downloads the quarter's ledger; the night makes it."""
    with (yield world.on(208)) as at:
        request_report(
            code="G01",
            area=COUNTY,
            period=str(at.year),
            state="",
            format="xlsx",
            reason="季度调度会用",
            by=world.person("qinju"),
            at=at,
        )
