"""Chapter four: ratings and rankings by rule, approved by people; an experience for the encyclopedia."""

from __future__ import annotations

from common.actors import SYSTEM, CodeHolder
from demo.story.calendar import Telling
from demo.story.world import World
from evaluation import services as evaluations
from evaluation.models import EliminationCase, Evaluation, Ranking, Rating
from households.services import record_consent
from jobs.worker import perform_waiting
from knowledge import services as knowledge
from knowledge.rules import CHECKLIST


def rate_and_rank(world: World) -> Telling[None]:
    """The quarter's ratings and the donors' board: computed, reviewed, approved by two different people."""
    with (yield world.on(168)) as at:
        evaluations.start_rating(as_of=at.date(), by=world.person("lidu"), at=at)
        evaluations.start_ranking(as_of=at.date(), by=world.person("lidu"), at=at)
        perform_waiting()
    with (yield world.on(169)) as at:
        for rating in Rating.objects.filter(state="draft").order_by("pk"):
            evaluations.review_rating(rating=rating, by=world.person("lidu"), at=at)
    with (yield world.on(170)) as at:
        for rating in Rating.objects.filter(state="reviewed").order_by("pk"):
            evaluations.approve_rating(rating=rating, by=world.person("zhaohua"), at=at)
        for ranking in Ranking.objects.filter(state="draft").order_by("pk"):
            evaluations.approve_ranking(ranking=ranking, by=world.person("zhaohua"), at=at)
    with (yield world.on(178)) as at:  # seven days in which nobody objected
        for rating in Rating.objects.filter(state="announced").order_by("pk"):
            evaluations.put_into_force(rating=rating, by=SYSTEM, at=at)


def warn_agency(world: World) -> Telling[None]:
    """The agency whose project was not passed is heard, warned by two people, and says what it put right."""
    with (yield world.on(181)) as at:
        user = world.person("nuanyang")
        case = EliminationCase.objects.get(agency=world.things["agency.nuanyang"])
        evaluations.make_statement(
            case=case, text="签收表已经补齐，回访由新来的同事专门负责。", by=user, at=at
        )
    for day, name in ((184, "wuping"), (185, "zhaohua")):
        with (yield world.on(day)) as at:
            evaluations.decide_elimination(
                case=case,
                decision="warned",
                reason="轮椅已送到，问题在记录和回访，先予提醒，限期补齐。",
                by=world.person(name),
                at=at,
            )
    with (yield world.on(206)) as at:
        evaluations.report_put_right(
            agency=world.things["agency.nuanyang"],
            text="签收和回访记录都已补齐，已上传第三季度回访表。",
            by=user,
            at=at,
        )


def write_experience(world: World) -> Telling[None]:
    """Written by a worker, read by a colleague, checked and published by a third (step 11)."""
    with (yield world.on(171)) as at:
        household = world.things["household.student"]
        agreed = record_consent(
            household=household, purpose="story", data_classes=["ordinary"], receiver=None, method="click",
            evidence=None, by=CodeHolder(household.applications.get().public_id), at=at,
        )  # fmt: skip
    with (yield world.on(172)) as at:
        evaluation = Evaluation.objects.get(project=world.things["project.study"], stage="ex_post")
        article = knowledge.draft_article(
            kind="experience",
            title="住校生一边补住宿费，一边有人辅导，更安得下心",
            summary="初中住校生缺的往往不只是钱：住宿费分两次交到学校，每周有人辅导一次，半年后不再旷课。",
            body=(
                "## 怎么做的\n\n"
                "1. 社工、机构和家里人一起找原因：钱紧、功课跟不上、怕同学笑话。\n"
                "2. 住宿费由资金托管单位直接交到学校，第二笔在中期评估通过后再付。\n"
                "3. 志愿者每周辅导一次，固定时间、固定人。\n\n"
                "## 要留意\n\n"
                "不要当着同学发钱发物；家长每月来校一次比多发一百元更管用。"
            ),
            causes=["schooling"],
            categories=["N05"],
            grade="B",
            evaluations=[evaluation],
            story="families",
            consents=[agreed],
            by=world.person("zhoumin"),
            at=at,
        )
        article = knowledge.send_article(
            article=article, checklist=list(CHECKLIST), by=world.person("zhoumin"), at=at
        )
    with (yield world.on(174)) as at:
        article = knowledge.pass_peer_review(article=article, by=world.person("hejing"), at=at)
    with (yield world.on(175)) as at:
        knowledge.publish_article(article=article, by=world.person("lidu"), at=at)
