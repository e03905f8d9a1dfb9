"""The four ledgers of this release: households G01, needs G07, resources G10, projects G12 (domain §7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery

from common.clock import SHANGHAI
from common.masking import mask_name
from donors.enums import LotState
from donors.models import Lot
from evaluation.models import Evaluation
from households.enums import HouseholdState, NeedState
from households.models import Household, HouseholdYear, Member, Need
from projects.enums import ProjectState
from projects.models import Project
from reference.coding import TRIAL_PREFIX
from reference.queries import labels, path_labels
from reports.registry import Column, Kind, register

CHUNK = 2000
SMALL_GROUP = "（未登记）"


def _moments(start: date, end: date) -> tuple[datetime, datetime]:
    first, last = (datetime.combine(day, time(), tzinfo=SHANGHAI) for day in (start, end))
    return first, last


def _batches(queryset: Any) -> Iterator[list[Any]]:
    """Rows in the order of their numbers, a batch at a time: flat memory for any size."""
    last = 0
    while batch := list(queryset.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield batch
        last = batch[-1].pk


def household_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Households on file before the end of the period; names masked."""
    _first, last = _moments(start, end)
    latest = HouseholdYear.objects.filter(household=OuterRef("pk"), year__lt=end.year + 1).order_by("-year")
    rows = (
        Household.objects.visible_to(user)
        .filter(area__startswith=area, created_at__lt=last)
        .exclude(area__startswith=TRIAL_PREFIX)
        .annotate(per_capita=Subquery(latest.values("per_capita")[:1]))
        .annotate(size_now=Count("members", filter=Q(members__live=True)))
        .select_related("worker")
        .prefetch_related(
            Prefetch("members", Member.objects.filter(is_head=True, live=True), to_attr="heads")
        )
    )
    rows = rows.filter(state=state) if state else rows
    causes, categories = labels("cause"), labels("household_attribute")
    number = 0
    for batch in _batches(rows):
        places = path_labels({row.area for row in batch})
        for row in batch:
            number += 1
            others = [causes.get(code, code) for code in (row.cause_second, row.cause_third) if code]
            yield (
                number,
                places.get(row.area, row.area),
                row.group,
                row.number,
                mask_name(row.heads[0].name) if row.heads else SMALL_GROUP,
                row.size_now,
                categories.get(row.category, row.category),
                causes.get(row.cause_main, row.cause_main),
                "、".join(str(label) for label in others),
                row.per_capita,
                row.filed_at,
                HouseholdState(row.state).label,
                row.worker.name if row.worker else "",
            )


def need_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Needs raised before the end of the period and not closed before its start."""
    first, last = _moments(start, end)
    rows = (
        Need.objects.visible_to(user)
        .filter(
            Q(closed_at__isnull=True) | Q(closed_at__gte=first), area__startswith=area, created_at__lt=last
        )
        .exclude(area__startswith=TRIAL_PREFIX)
        .select_related("item", "household")
    )
    rows = rows.filter(state=state) if state else rows
    categories = labels("need_category")
    number = 0
    for batch in _batches(rows):
        places = path_labels({row.area for row in batch})
        for row in batch:
            number += 1
            factor = row.item.unit_factor
            yield (
                number,
                places.get(row.area, row.area),
                row.number,
                row.household.number,
                categories.get(row.item.category, row.item.category),
                row.item.label,
                *(value / factor for value in (row.requested, row.reserved, row.delivered)),
                row.item.unit_label,
                row.severity,
                row.get_urgency_display(),
                row.opened_at,
                row.deadline,
                NeedState(row.state).label,
            )


def lot_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Resources offered for the area or for everywhere; donors by the name they chose to show."""
    first, last = _moments(start, end)
    reach = Q(area_prefix__startswith=area) | Q(
        area_prefix__in=[area[:length] for length in range(len(area))]
    )
    rows = (
        Lot.objects.visible_to(user)
        .filter(reach, listed_at__isnull=False, listed_at__lt=last)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first.date()))
        .select_related("donor", "donor__organisation", "fund_holder")
        .prefetch_related("items")
    )
    rows = rows.filter(state=state) if state else rows
    number = 0
    for batch in _batches(rows):
        for row in batch:
            number += 1
            item = row.items.all()[0]
            counters = (
                row.quantity,
                row.available,
                row.reserved,
                row.disbursed,
                row.returned,
                row.written_off,
            )
            yield (
                number,
                row.public_id,
                row.donor.public_name,
                row.get_origin_display(),
                row.title,
                item.label,
                item.unit_label,
                *(value / item.unit_factor for value in counters),
                row.document_no,
                row.budget_line,
                row.fund_holder.name if row.fund_holder else "",
                row.valid_until,
                LotState(row.state).label,
            )


def project_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Projects running in the period, with the result of their last evaluation."""
    final = Evaluation.objects.filter(project=OuterRef("pk"), final_at__isnull=False).order_by("-final_at")
    rows = (
        Project.objects.visible_to(user)
        .filter(place__startswith=area, start__lt=end, end__gte=start)
        .annotate(
            last_score=Subquery(final.values("score")[:1]), last_grade=Subquery(final.values("grade")[:1])
        )
        .select_related("agency__organisation", "fund_holder__organisation")
    )
    rows = rows.filter(state=state) if state else rows.exclude(state=ProjectState.DRAFT)
    number = 0
    for batch in _batches(rows):
        places = path_labels({row.place for row in batch})
        for row in batch:
            number += 1
            yield (
                number,
                row.number,
                row.title,
                places.get(row.place, row.place),
                row.agency.organisation.name,
                row.fund_holder.organisation.name if row.fund_holder else "",
                row.households_planned,
                row.funds / 100,
                row.start,
                row.end,
                row.last_score,
                row.last_grade,
                ProjectState(row.state).label,
            )


def columns(*headings: str, numbers: frozenset[str] = frozenset()) -> tuple[Column, ...]:
    return tuple(Column(heading, "number" if heading in numbers else "text") for heading in headings)


COUNTS = frozenset({
    "序号", "人口", "人均纯收入（元）", "需求数量", "已预留", "已送达", "紧急程度", "总量", "可用", "预留",
    "已到户", "退回", "核销", "服务户数", "资金（元）", "评估得分",
})  # fmt: skip
MASKING = ("脱敏", "姓名只显示姓氏；证件号、电话、银行账号、详细地址和健康信息不在本表内。")
PEOPLE = ("户与人", "户数按户籍所在地统计，人口按期末在册成员统计，两者不可混用。")

register(
    Kind(
        "G01",
        "帮扶对象台账",
        columns(
            "序号", "县乡村", "村民小组", "户编号", "户主（脱敏）", "人口", "户类型", "主要致贫原因", "其他致贫原因",
            "人均纯收入（元）", "建档时间", "状态", "帮扶责任人", numbers=COUNTS,
        ),
        household_rows,
        tuple(HouseholdState.choices),
        (("范围", "期末前登记的家庭，按所选地区及其下级地区；试读的调查数据不计。"), PEOPLE, MASKING,
         ("人均纯收入", "最近一个年度的人均纯收入；空白表示没有登记，不是零。")),
    )
)  # fmt: skip
register(
    Kind(
        "G07",
        "需求台账",
        columns(
            "序号", "县乡村", "需求编号", "户编号", "类别", "项目", "需求数量", "已预留", "已送达", "单位", "紧急程度",
            "期限类别", "开放时间", "截止日期", "状态", numbers=COUNTS,
        ),
        need_rows,
        tuple(NeedState.choices),
        (("范围", "期末前提出、期初时还没有结束的需求；试读的调查数据不计。"), MASKING,
         ("紧急程度", "5 最急，1 最缓，由评估等级、风险和期限按规则得出。")),
    )
)  # fmt: skip
register(
    Kind(
        "G10",
        "资源（捐赠）台账",
        columns(
            "序号", "资源编号", "提供方", "来源", "名称", "项目", "单位", "总量", "可用", "预留", "已到户", "退回",
            "核销", "文号", "预算科目", "资金托管单位", "有效期至", "状态", numbers=COUNTS,
        ),
        lot_rows,
        tuple(LotState.choices),
        (("范围", "可用于所选地区、期内有效的资源。"),
         ("平衡", "总量＝可用＋预留＋已到户＋退回＋核销。"),
         ("提供方", "按捐赠方同意公开的名称显示；未同意的显示为爱心人士。")),
    )
)  # fmt: skip
register(
    Kind(
        "G12",
        "项目库与项目绩效",
        columns(
            "序号", "项目编号", "项目名称", "实施地点", "实施机构", "资金托管单位", "服务户数", "资金（元）",
            "开始日期", "结束日期", "评估得分", "评估等级", "状态", numbers=COUNTS,
        ),
        project_rows,
        tuple(ProjectState.choices),
        (("范围", "期内执行的项目，不含草稿。"), ("评估得分", "最近一次已定稿评估的得分；空白表示还没有。")),
    )
)  # fmt: skip
