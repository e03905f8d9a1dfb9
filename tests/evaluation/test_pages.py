"""The pages of evaluation: sealed sheets, comments, ratings explained, the desk of the supervisors."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.actors import SYSTEM
from evaluation import services
from evaluation.models import EliminationCase, Evaluation, Finding, Goal, Rating, Score
from evaluation.services.triggers import open_cases_after_rating
from evaluation.words import explained
from jobs.models import Job
from projects.models import Project
from tests.cast import AT, signed_in
from tests.evaluation.test_rating import computed, finished, in_force
from tests.projects import stage as s

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still() -> Any:
    with clock.fixed(AT):
        yield


@pytest.fixture
def on() -> s.Stage:
    return s.stage()


@pytest.fixture
def found(on: s.Stage) -> Evaluation:
    return s.opened(on, s.in_ex_ante(on))


def send(client: Client, url: str, expect: int = 302, **data: Any) -> Any:
    """What a browser does: read the page, send its form with its number."""
    page = client.get(url)
    assert page.status_code == 200, url
    key = re.search(r'name="_key" value="(\w+)"', page.content.decode())
    version = re.search(r'name="version" value="(\d+)"', page.content.decode())
    given = {
        "_key": key.group(1) if key else "",
        **({"version": version.group(1)} if version else {}),
        **data,
    }
    answer = client.post(url, given)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer


def filled(total: float) -> dict[str, Any]:
    points = {f"points_{heading}": value for heading, value in s.sheet(total).items()}
    return points | {f"reason_{heading}": "有记录。" for heading in s.WEIGHTS}


def test_evaluator_scores_in_pages_and_others_see_nothing_before(on, found):
    first, second = [member.user for member in found.team.order_by("pk").select_related("user")]
    browser, other = signed_in(first), signed_in(second)
    file = f"/evaluation/file/{found.public_id}/"
    assert found.project.title in browser.get("/evaluation/").content.decode()

    saved = send(browser, f"{file}score/", check="yes", **filled(81.5))
    assert saved.url == f"{file}submit/"
    send(browser, f"{file}submit/")

    assert Score.objects.get().total == 81.5
    assert "81.5" in browser.get(file).content.decode()
    assert "81.5" not in other.get(file).content.decode()
    desk = signed_in(on.cast.supervisor).get(f"/admin/evaluation/evaluation/{found.public_id}/file/")
    assert "81.5" not in desk.content.decode()


def test_unfinished_sheet_can_be_kept_but_not_submitted(on, found):
    browser = signed_in(found.team.all()[0].user)
    file = f"/evaluation/file/{found.public_id}/"
    send(browser, f"{file}score/", points_need_fit="7.5", reason_need_fit="切合")

    assert send(browser, f"{file}submit/", expect=409)

    kept = Score.objects.get()
    assert (kept.points, kept.submitted_at) == ({"need_fit": "7.5"}, None)


def test_points_above_a_heading_stay_on_the_form(on, found):
    browser = signed_in(found.team.all()[0].user)

    send(browser, f"/evaluation/file/{found.public_id}/score/", expect=422, points_need_fit="9")

    assert not Score.objects.exists()


def test_evaluation_is_found_by_its_team_alone(on, found):
    outsider = next(user for user in on.evaluators if not found.team.filter(user=user).exists())
    url = f"/evaluation/file/{found.public_id}/"

    assert signed_in(outsider).get(url).status_code == 404
    assert signed_in(on.leader).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    assert Client().get(f"/evaluation/published/{found.public_id}/").status_code == 404


def test_recusal_and_finding_have_their_pages(on, found):
    user = found.team.all()[0].user
    browser = signed_in(user)
    send(browser, f"/evaluation/file/{found.public_id}/finding/", text="缺签到表", due="2026-12-10")
    assert Finding.objects.get().due is not None

    send(browser, f"/evaluation/file/{found.public_id}/recuse/", reason="亲属")

    assert browser.get(f"/evaluation/file/{found.public_id}/").status_code == 404
    assert found.team.filter(recused=False).count() == 2


def test_agency_comments_and_the_desk_closes_and_publishes(on, found):
    s.scored(found, [80, 84])
    desk, agency = signed_in(on.cast.supervisor), signed_in(on.leader)
    url = f"/admin/evaluation/evaluation/{found.public_id}/file/"
    assert agency.get(f"/evaluation/results/{found.public_id}/").status_code == 404

    send(desk, url, act="close")
    send(desk, url, expect=409, act="final")
    page = agency.get(f"/evaluation/results/{found.public_id}/").content.decode()
    assert "82.00" in page
    assert not any(user.name in page for user in on.evaluators)
    send(agency, f"/evaluation/results/{found.public_id}/", text="没有意见。")
    send(desk, url, act="final")
    send(desk, url, expect=422, act="publish", summary="")
    send(desk, url, act="publish", summary="设计扎实。")

    public = Client().get(f"/evaluation/published/{found.public_id}/").content.decode()
    assert "设计扎实。" in public
    assert "没有意见。" in public


@pytest.mark.parametrize(
    ("act", "status"), [("publish", 409), ("final", 409), ("close", 409), ("accept", 400)]
)
def test_forged_step_at_the_desk_changes_nothing(on, found, act, status):
    desk = signed_in(on.cast.supervisor)

    send(
        desk, f"/admin/evaluation/evaluation/{found.public_id}/file/", expect=status, act=act, summary="好。"
    )

    found.refresh_from_db()
    assert (found.state, found.summary, found.outcome) == ("team_assigned", "", "")


def test_desk_belongs_to_supervisors_of_the_area(on, found):
    url = f"/admin/evaluation/evaluation/{found.public_id}/file/"

    assert signed_in(on.cast.worker).get(url).status_code == 404
    assert signed_in(on.leader).get(url).status_code in {302, 404}
    assert (
        signed_in(on.cast.supervisor).get("/admin/evaluation/evaluation/?state=team_assigned").status_code
        == 200
    )


def test_jobs_are_asked_for_at_the_desk(on):
    s.in_ex_ante(on)
    desk = signed_in(on.cast.supervisor)

    send(desk, "/admin/evaluation/evaluation/run/open_due/")
    send(desk, "/admin/evaluation/rating/run/", as_of="2026-11-23")
    send(desk, "/admin/evaluation/ranking/run/", as_of="2026-11-23")
    send(desk, "/admin/evaluation/rating/run/", expect=422, as_of="2026-11-24")

    kinds = Job.objects.filter(kind__startswith="evaluation.").values_list("kind", flat=True)
    assert sorted(kinds) == ["evaluation.open_due", "evaluation.rank", "evaluation.rate"]


def test_rating_is_reviewed_and_approved_at_the_desk_and_explained_to_the_agency(on):
    finished(on, [96, 96])
    rating = computed()[on.agency.pk]
    url = f"/admin/evaluation/rating/{rating.public_id}/file/"
    agency = signed_in(on.leader)
    assert str(rating.score) not in agency.get("/evaluation/rating/").content.decode()

    send(signed_in(on.cast.worker), url, act="review")
    listing = "/admin/evaluation/rating/"
    chosen = {"action": "approve_selected", "_selected_action": [str(rating.pk)]}
    assert signed_in(on.cast.supervisor).post(listing, chosen).status_code == 302
    rating.refresh_from_db()
    assert (rating.state, rating.announced_until) == ("announced", AT.date() + timedelta(days=7))
    assert str(rating.score) in Client().get("/evaluation/agencies/").content.decode()
    assert "96.00" in agency.get("/evaluation/rating/").content.decode()
    services.put_into_force(rating=rating, by=SYSTEM, at=AT + timedelta(days=8))

    page = agency.get("/evaluation/rating/").content.decode()
    assert str(rating.score) in page
    assert "96.00" in page
    assert on.agency.name in Client().get("/evaluation/agencies/").content.decode()
    assert Client().get("/evaluation/boards/").status_code == 200


def test_case_is_told_stated_and_decided_in_pages(on):
    finished(on, [65, 65, 65])
    on.agency.admissions.update(total=50)
    in_force(computed()[on.agency.pk], on)
    case = EliminationCase.objects.get()
    own = f"/evaluation/cases/{case.public_id}/"
    desk = f"/admin/evaluation/eliminationcase/{case.public_id}/file/"

    send(signed_in(on.leader), own, text="已调整团队。")
    send(signed_in(on.cast.supervisor), desk, decision="warned", reason="低于70分。")
    send(signed_in(on.cast.second_supervisor), desk, decision="warned", reason="同意。")

    on.agency.refresh_from_db()
    assert on.agency.standing == "warned"
    send(signed_in(on.leader), f"/evaluation/appeal/case/{case.public_id}/", text="请再看。")
    case.refresh_from_db()
    assert case.state == "appealed"


def test_goals_are_written_one_by_one_and_kept_together(on):
    project = s.drafted(on)
    agency = signed_in(on.leader)
    url = f"/evaluation/goals/{project.public_id}/"
    steps: dict[str, Any] = {f"step_{number}": f"第{number}级" for number in range(1, 6)}
    for title in ("按时吃药", "孙子上学"):
        send(agency, url, title=title, weight="2", baseline="-1", **steps)
    assert not Goal.objects.exists()

    send(agency, url)

    assert [goal.title for goal in Goal.objects.order_by("pk")] == ["按时吃药", "孙子上学"]


def test_project_file_shows_the_evaluation_to_who_may_see_it(on, found):
    s.concluded(on, found, [84, 84])
    project = Project.objects.get()

    assert found.number in signed_in(on.leader).get(f"/projects/file/{project.public_id}/").content.decode()


def test_todos_say_what_waits(on, found):
    from common.panels import collect

    evaluator = found.team.all()[0].user
    assert [todo.kind for todo in collect("todo.evaluator", evaluator)].count("score") == 1
    s.scored(found, [80, 84])
    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)

    assert [todo.kind for todo in collect("todo.evaluator", evaluator)].count("score") == 0
    assert [todo.kind for todo in collect("todo.agency", on.leader)].count("comment") == 1
    assert not Rating.objects.exists()


def test_sheet_before_the_start_says_what_is_scored(on, found):
    browser = signed_in(found.team.all()[0].user)
    assert "按计划作出的承诺" in browser.get(f"/evaluation/file/{found.public_id}/score/").content.decode()

    project = s.drafted(on, title="做完的项目")
    Project.objects.filter(pk=project.pk).update(state="completing", started_at=AT)
    after = s.opened(on, project)

    browser = signed_in(after.team.all()[0].user)
    assert (
        "按计划作出的承诺" not in browser.get(f"/evaluation/file/{after.public_id}/score/").content.decode()
    )


def test_rating_without_a_level_says_how_much_is_missing(on):
    finished(on, [96])
    later = AT + timedelta(days=400)
    in_force(computed(later.date(), later)[on.agency.pk], on, later)

    with clock.fixed(later):
        agency = signed_in(on.leader)
        shown = agency.get("/evaluation/rating/").content.decode()
        home = agency.get(reverse("implementers:home")).content.decode()

    assert "评估分量合计 0.68，满 1.00 才定级" in shown
    assert "依据 1 个已结项目" in shown
    assert "评级办法第 1 版" in shown
    assert "距评级日天数" in shown
    assert "评估分量合计还不够" in home


def test_rating_stands_once_on_the_page_of_an_agency(on):
    finished(on, [96, 96])
    rating = in_force(computed()[on.agency.pk], on)
    url = reverse("implementers:agency", args=[on.agency.public_id])

    page = signed_in(on.leader).get(url).content.decode()

    assert page.count(str(rating.score)) == 1
    assert "依据 2 个已完成项目" in page
    assert 'class="back" href="/home/"' in page


def test_numbers_of_a_rating_have_one_format(on):
    finished(on, [54.5, 96])
    rating = in_force(computed()[on.agency.pk], on)

    told = explained(rating)

    numbers = [value for _label, value, _weight in told["components"] if value is not None]
    numbers += [row["score"] for row in told["results"]] + [told["mean"], told["low"], told["evidence"]]
    assert {-value.as_tuple().exponent for value in numbers} == {2}


def test_empty_list_of_the_desk_offers_nothing_to_tick(on):
    desk = signed_in(on.cast.supervisor)
    listing = "/admin/evaluation/evaluation/"
    empty = desk.get(listing).content.decode()
    assert "补抽评估员" in empty
    assert "admin-actions" not in empty

    s.opened(on, s.in_ex_ante(on))

    assert "admin-actions" in desk.get(listing).content.decode()


def test_summary_under_appeal_is_led_to_from_nowhere(on, found):
    s.concluded(on, found, [84, 84])
    found.refresh_from_db()
    summary = f"/evaluation/published/{found.public_id}/"
    Project.objects.update(state="approved")
    pages = (
        f"/projects/{found.project.public_id}/",
        reverse("implementers:agency", args=[on.agency.public_id]),
    )
    agency = signed_in(on.leader)
    if found.state == "final":
        services.publish_evaluation(evaluation=found, summary="设计扎实。", by=on.cast.supervisor, at=AT)
    assert all(summary in agency.get(page).content.decode() for page in pages)

    services.file_appeal(about=found, text="请再看。", by=on.leader, at=AT)

    assert agency.get(summary).status_code == 404
    assert not any(summary in agency.get(page).content.decode() for page in pages)


def rows_behind(browser: Client, todos: list[Any], part: str) -> tuple[int, list[Any]]:
    """What a to-do counts, and what the list behind its link shows."""
    todo = next(todo for todo in todos if part in todo.url)
    page = browser.get(todo.url)
    assert page.status_code == 200
    return todo.count, [row.number for row in page.context["cl"].result_list]


def test_todos_of_supervisors_lead_to_what_they_count(on, found):
    from common.panels import collect

    one = found.team.order_by("pk").first()
    for user in on.evaluators:
        if not found.team.filter(user=user).exists():
            user.memberships.update(state="ended")
    browser, supervisor = signed_in(on.cast.supervisor), on.cast.supervisor
    assert not [todo for todo in collect("todo.supervisor", supervisor) if "waits=" in todo.url]

    services.declare_recusal(evaluation=found, reason="亲属", by=one.user, at=AT)
    with clock.fixed(AT + timedelta(days=60)):
        todos = collect("todo.supervisor", supervisor)

        assert rows_behind(browser, todos, "waits=seat") == (1, [found.number])
        assert rows_behind(browser, todos, "waits=late") == (1, [found.number])
    assert browser.get("/admin/evaluation/evaluation/?waits=nonsense").status_code in {302, 400}


def test_arbitration_without_an_arbiter_or_with_a_late_one_waits_for_the_supervisor(on, found):
    from common.panels import collect

    for user in on.evaluators:
        if not found.team.filter(user=user).exists():
            user.memberships.update(state="ended")
    s.scored(found, [70, 88])
    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)
    browser, supervisor = signed_in(on.cast.supervisor), on.cast.supervisor

    assert rows_behind(browser, collect("todo.supervisor", supervisor), "waits=seat") == (1, [found.number])

    s.evaluator(on.cast, 40, on.institute)
    services.draw_team(evaluation=found, by=supervisor, at=AT)
    assert not [todo for todo in collect("todo.supervisor", supervisor) if "waits=" in todo.url]
    with clock.fixed(AT + timedelta(days=60)):
        assert rows_behind(browser, collect("todo.supervisor", supervisor), "waits=late") == (
            1,
            [found.number],
        )


def test_steps_of_a_rating_are_offered_to_whom_they_belong(on):
    finished(on, [96, 96])
    rating = computed()[on.agency.pk]
    url, listing = f"/admin/evaluation/rating/{rating.public_id}/file/", "/admin/evaluation/rating/"

    def steps(user: Any) -> list[str]:
        return re.findall(r'name="act" value="(\w+)"', signed_in(user).get(url).content.decode())

    assert steps(on.cast.worker) == ["review"]
    assert steps(on.cast.supervisor) == ["review", "aside"]
    services.review_rating(rating=rating, by=on.cast.supervisor, at=AT)

    assert steps(on.cast.worker) == []
    assert steps(on.cast.supervisor) == ["aside"]
    assert steps(on.cast.second_supervisor) == ["approve", "aside"]
    assert "approve_selected" not in signed_in(on.cast.worker).get(listing).content.decode()
    assert "approve_selected" in signed_in(on.cast.second_supervisor).get(listing).content.decode()


def test_case_of_an_agency_without_a_score_names_none(on):
    finished(on, [40])
    rating = computed()[on.agency.pk]
    Rating.objects.filter(pk=rating.pk).update(score=None, level="")
    rating.refresh_from_db()
    case = open_cases_after_rating(rating=rating, earlier=None, by=SYSTEM, at=AT)
    assert case is not None

    page = signed_in(on.cast.supervisor).get(f"/admin/evaluation/eliminationcase/{case.public_id}/file/")

    assert "score" not in case.facts
    assert "None" not in page.content.decode()
