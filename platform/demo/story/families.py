"""The families of the story, all invented: who they are and what they need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo.story.world import VILLAGES, World, resident_id
from households.answers import ApplicationAnswers, DelegateAnswer, NeedAnswer, PersonAnswer


@dataclass(frozen=True)
class Family:
    """One family: where, who, what it needs, in its own words."""

    key: str
    village: int
    people: tuple[tuple[Any, ...], ...]
    needs: tuple[tuple[Any, ...], ...]
    causes: tuple[str, ...]
    story: str
    title: str = ""


# name, relation, born, female, health, labour, education, student
FAMILIES = (
    Family(
        "widow",
        0,
        (
            ("王秀兰", "head", date(1952, 3, 8), True, ("chronic",), "lost", "illiterate", ""),
            ("陈小宝", "grandson", date(2014, 6, 1), False, ("healthy",), "none", "", "primary"),
        ),
        (("chronic_medicine", 6, "soon", 60), ("companionship", 8, "ordinary", 120)),
        ("illness", "labour"),
        "老伴走后，买药的钱不够，夜里心里发慌。",
        "一位老人的降压药",
    ),
    Family(
        "student",
        1,
        (
            ("刘大山", "head", date(1975, 5, 2), False, ("healthy",), "ordinary", "primary", ""),
            ("张月", "spouse", date(1977, 8, 12), True, ("healthy",), "ordinary", "junior", ""),
            ("刘晓燕", "daughter", date(2010, 9, 9), True, ("healthy",), "none", "", "grade_9"),
        ),
        (("boarding", 160_000, "soon", 90), ("tutoring", 20, "ordinary", 120)),
        ("schooling", "capital"),
        "孩子明年上高中，住校的钱还差一截。",
        "初三学生下学期住校",
    ),
    Family(
        "disabled",
        2,
        (
            ("马福来", "head", date(1968, 1, 20), False, ("disabled",), "lost", "primary", ""),
            ("马老太", "mother", date(1943, 11, 3), True, ("chronic",), "none", "illiterate", ""),
        ),
        (("wheelchair", 1, "emergency", 45), ("disabled_care_hour", 40, "soon", 120)),
        ("disability", "labour"),
        "腿不能走了，想有一辆轮椅，出门晒晒太阳。",
        "一辆轮椅",
    ),
    Family(
        "farmer",
        3,
        (
            ("高建军", "head", date(1982, 7, 7), False, ("healthy",), "ordinary", "junior", ""),
            ("苏玉梅", "spouse", date(1984, 2, 14), True, ("healthy",), "ordinary", "junior", ""),
            ("高阳", "son", date(2012, 4, 4), False, ("healthy",), "none", "", "grade_7"),
        ),
        (("farming_technique_seat", 1, "ordinary", 150), ("startup_capital", 500_000, "ordinary", 150)),
        ("skill", "capital"),
        "想学养羊，缺本钱也缺技术。",
        "学养羊的名额",
    ),
    Family(
        "cold",
        4,
        (
            ("白秋菊", "head", date(1959, 10, 10), True, ("frail",), "weak", "primary", ""),
            ("白强", "son", date(1990, 12, 1), False, ("serious",), "lost", "senior", ""),
        ),
        (
            ("heating_stove", 1, "emergency", 40),
            ("quilt", 2, "soon", 60),
            ("serious_illness_money", 300_000, "emergency", 60),
        ),
        ("illness",),
        "儿子做透析，屋里冷，他受不住。",
        "冬天取暖的炉子",
    ),
    Family(
        "young",
        5,
        (
            ("丁小兰", "head", date(1995, 6, 16), True, ("healthy",), "ordinary", "senior", ""),
            ("丁丁", "daughter", date(2019, 3, 3), True, ("healthy",), "none", "", "kindergarten"),
        ),
        (
            ("care_worker_seat", 1, "ordinary", 150),
            ("policy_query", 1, "soon", 60),
            ("counselling", 6, "soon", 120),
        ),
        ("skill", "marriage"),
        "一个人带孩子，想学护理，也想找人说说话。",
        "一个护理员培训名额",
    ),
    Family(
        "quilt",
        0,
        (("赵二娃", "head", date(1949, 9, 1), False, ("frail",), "none", "illiterate", ""),),
        (("quilt", 3, "soon", 60), ("rice", 50, "soon", 45)),
        ("labour",),
        "一个人过，冬天缺被子。",
        "三床过冬的棉被",
    ),
    Family(
        "rejected",
        1,
        (("钱有余", "head", date(1970, 4, 4), False, ("healthy",), "ordinary", "junior", ""),),
        (("washing_machine", 1, "ordinary", 150),),
        ("capital",),
        "家里洗衣机坏了。",
        "一台洗衣机",
    ),
    Family(
        "flagged",
        2,
        (
            ("孔令", "head", date(1980, 5, 5), False, ("healthy",), "none", "junior", ""),
            ("孔小妹", "daughter", date(2013, 5, 5), True, ("healthy",), "none", "", "primary"),
        ),
        (("emergency_money", 200_000, "soon", 60),),
        ("illness",),
        "病了大半年，干不了活。",
        "急用的看病钱",
    ),
    Family(
        "returned",
        3,
        (("梁三", "head", date(1966, 6, 6), False, ("chronic",), "weak", "primary", ""),),
        (("chronic_medicine", 3, "soon", 60),),
        ("illness",),
        "常年咳嗽。",
    ),
    Family(
        "waiting",
        4,
        (("何小翠", "head", date(1961, 2, 2), True, ("chronic",), "weak", "primary", ""),),
        (("elder_care_hour", 20, "ordinary", 150),),
        ("labour",),
        "想有人搭把手。",
    ),
    Family(
        "assessed",
        5,
        (
            ("石磊", "head", date(1988, 8, 8), False, ("disabled",), "weak", "junior", ""),
            ("石苗", "daughter", date(2015, 1, 9), True, ("healthy",), "none", "", "primary"),
        ),
        (("school_kit", 1, "soon", 60), ("accessibility_works", 1, "ordinary", 150)),
        ("disability",),
        "门口台阶高，轮椅上不去。",
        "一套学习用品",
    ),
)


def answers_of(
    world: World, family: Family, day: int, *, number: int, delegate: DelegateAnswer | None = None
) -> ApplicationAnswers:
    """What the family says when it applies on a day of the story."""
    today = world.at(day).date()
    return ApplicationAnswers(
        area=VILLAGES[family.village],
        group=f"{1 + number % 5}组",
        address=f"演示路{10 + number}号",
        phone=f"139000{number:05d}",
        members=tuple(_person(number, place, person) for place, person in enumerate(family.people)),
        needs=tuple(
            NeedAnswer(
                item=item,
                quantity=quantity,
                urgency=urgency,
                deadline=today + timedelta(days=days + 220),
                story=family.story,
                contribution="自家能出力",
            )
            for item, quantity, urgency, days in family.needs
        ),
        consents=("apply", "sensitive"),
        story=family.story,
        causes=family.causes,
        delegate=delegate,
        consent_method="fingerprint" if delegate else "click",
    )


def _person(number: int, place: int, person: tuple[Any, ...]) -> PersonAnswer:
    name, relation, born, female, health, labour, education, student = person
    return PersonAnswer(
        name=name,
        relation=relation,
        id_kind="resident_id",
        id_number=resident_id(number * 7 + place, born, female=female),
        ethnicity="han",
        education=education,
        student_status=student,
        health=health,
        disability_kind="physical" if "disabled" in health else "",
        disability_grade="grade_2" if "disabled" in health else "",
        labour=labour,
        medical_insurance="resident_medical",
    )
