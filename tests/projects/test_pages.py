"""The pages of projects: an agency applies from the first question to the last, staff decides at the desk."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from common import clock
from households.models import Application
from journal.models import Entry
from projects import services
from projects.models import JointAnalysis, Project
from tests.cast import AT, COUNTY, approved, body, hire, signed_in, widow_applies
from tests.projects import stage as s
from tests.projects.test_course import WORDS, under_way

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still() -> Any:
    with clock.fixed(AT):
        yield


@pytest.fixture
def on() -> s.Stage:
    return s.stage(evaluators=3)


@pytest.fixture
def agency(on: s.Stage) -> Client:
    return signed_in(on.leader)


def send(client: Client, url: str, expect: int = 302, **data: Any) -> Any:
    """What a browser does: read the page, send its form with its number."""
    page = client.get(url)
    assert page.status_code == 200, url
    key = re.search(r'name="_key" value="(\w+)"', page.content.decode())
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.content.decode())
    given = {
        "_key": key.group(1) if key else "",
        **({"version": version.group(1)} if version else {}),
        **data,
    }
    answer = client.post(url, given)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer


def applied(agency: Client, on: s.Stage) -> Project:
    """The five questions, the three lists, checked and sent."""
    assert agency.get("/projects/new/").status_code == 200
    send(agency, "/projects/new/place/", title="河湾村冬衣", place="990101 清河县")
    send(agency, "/projects/new/population/", groups=["elderly"], households_planned="30")
    send(agency, "/projects/new/funds/", funds="21622.78", fund_holder=on.holder.public_id, admin_fee="5")
    send(agency, "/projects/new/schedule/", start="2026-12-01", end="2027-11-30")
    send(
        agency, "/projects/new/content/", needs_covered="过冬衣被", activities="入户送被",
        evaluation_plan="前后量表",
    )  # fmt: skip
    begun = send(agency, "/projects/new/check/")
    project = Project.objects.get()
    assert begun.url == f"/projects/file/{project.public_id}/capacity/"
    here = f"/projects/file/{project.public_id}"
    send(agency, f"{here}/capacity/", item="quilt", capacity="100")
    send(agency, f"{here}/budget/", title="棉被", amount="20000")
    send(agency, f"{here}/budget/", title="运费", amount="1622.78")
    send(agency, f"{here}/milestones/", title="送完第一批", due="2027-01-15")
    return project


def test_agency_applies_from_the_first_question_to_the_last(on, agency):
    project = applied(agency, on)

    send(agency, f"/projects/file/{project.public_id}/check/")

    project.refresh_from_db()
    assert (project.state, project.funds, project.admin_fee_bp) == ("submitted", 2_162_278, 500)
    assert project.budget_lines == [
        {"title": "棉被", "amount": 2_000_000},
        {"title": "运费", "amount": 162_278},
    ]
    assert [row.title for row in project.milestones.all()] == ["送完第一批"]
    assert project.items.get().capacity == 100
    assert agency.get(f"/projects/file/{project.public_id}/check/").status_code == 404


def test_budget_that_does_not_add_up_stays_a_draft(on, agency):
    project = applied(agency, on)
    send(agency, f"/projects/file/{project.public_id}/budget/", remove="1")

    answer = send(agency, f"/projects/file/{project.public_id}/check/", expect=409)

    assert "error" in answer.content.decode()
    project.refresh_from_db()
    assert project.state == "draft"


def test_stale_part_shows_both_answers_and_saves_nothing(on, agency):
    project = applied(agency, on)
    url = f"/projects/file/{project.public_id}/parts/funds/"
    page = agency.get(url).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    services.edit_project(
        project=project,
        version=Project.objects.get().version,
        changes={"funds": 3_000_000},
        by=on.leader,
        at=AT,
    )

    answer = agency.post(
        url,
        {
            "_key": "abc", "version": version[1], "funds": "25000", "admin_fee": "5",
            "fund_holder": on.holder.public_id,
        },
    )  # fmt: skip

    assert answer.status_code == 409
    assert "30000.00" in answer.content.decode()
    assert Project.objects.get().funds == 3_000_000


def test_desk_screens_sends_back_and_sends_to_evaluation(on, agency):
    project = s.drafted(on)
    services.submit_project(project=project, by=on.leader, at=AT)
    desk = signed_in(on.cast.worker)
    url = f"/admin/projects/project/{project.public_id}/file/"

    send(desk, url, act="screen")
    send(desk, url, expect=409, act="revise", reason="")
    send(desk, url, act="revise", reason="补充风险。")
    assert "补充风险。" in agency.get(f"/projects/file/{project.public_id}/").content.decode()
    services.submit_project(project=Project.objects.get(), by=on.leader, at=AT)
    send(desk, url, act="screen")
    send(desk, url, act="ex_ante")

    project.refresh_from_db()
    assert project.state == "ex_ante"
    assert signed_in(on.cast.stranger).get(url).status_code == 404


@pytest.mark.parametrize(
    ("act", "status"), [("approve", 409), ("revise", 409), ("resume", 409), ("accept", 400)]
)
def test_forged_step_at_the_desk_changes_nothing(on, act, status):
    project = under_way(on)
    desk = signed_in(on.cast.supervisor)

    send(desk, f"/admin/projects/project/{project.public_id}/file/", expect=status, act=act, reason="试试。")

    assert Project.objects.get().state == "in_progress"


def test_approved_project_is_public_and_a_draft_is_not(on, agency):
    draft, shown = s.drafted(on), under_way(on)

    stranger = Client()
    listing = stranger.get("/projects/")

    assert shown.public_id in listing.content.decode()
    assert draft.public_id not in listing.content.decode()
    assert stranger.get(f"/projects/{shown.public_id}/").status_code == 200
    assert stranger.get(f"/projects/{draft.public_id}/").status_code == 404
    assert stranger.get("/projects/?group=elderly").status_code == 200
    assert stranger.get("/projects/?colour=red").status_code == 400
    assert stranger.get(f"/projects/file/{shown.public_id}/").status_code == 302


def test_givers_follow_a_link_to_the_file_of_a_project_to_what_is_public_of_it(on, agency):
    draft, shown = s.drafted(on), under_way(on)
    firm = body("清河县晨光商贸有限公司", "enterprise", 77)
    giver = hire("chenguang", "陈光", Role.DONOR, organisation=firm, by=on.cast.administrator)
    office = body("清河县农业农村局", "government", 78)
    officer = hire(
        "qinju", "秦局", Role.OFFICER, organisation=office, prefix=COUNTY, by=on.cast.administrator
    )

    for reader in (signed_in(giver), signed_in(officer)):
        answer = reader.get(f"/projects/file/{shown.public_id}/")
        assert answer.headers["Location"] == f"/projects/{shown.public_id}/"
        assert reader.get(f"/projects/file/{draft.public_id}/", follow=True).status_code == 404


def test_lists_cost_the_same_with_one_and_three_projects(on, agency, django_assert_max_num_queries):
    counts = []
    agency.get("/projects/mine/")  # the first page of a browser also settles its session
    for more in (1, 2):
        for _number in range(more):
            under_way(on)
        with django_assert_max_num_queries(40) as captured:
            agency.get("/projects/mine/")
            Client().get("/projects/")
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_household_reads_and_confirms_on_its_own_page(on, agency):
    from households import access

    application = approved(widow_applies(), on.cast)
    analysis = services.open_joint_analysis(
        project=under_way(on), household=application.household, by=on.cast.worker, at=AT
    )
    services.edit_joint_analysis(analysis=analysis, version=1, changes=WORDS, by=on.leader, at=AT)
    services.propose_joint_analysis(analysis=analysis, by=on.leader, at=AT)
    url = f"/projects/with-us/{analysis.public_id}/"
    family = holding(application, access)
    assert Client().get(url).status_code == 302

    status = family.get("/help/status/").content.decode()
    assert url in status
    send(family, url, act="yes")

    analysis.refresh_from_db()
    assert (analysis.household_method, analysis.state) == ("web", "confirming")
    send(agency, f"/projects/analysis/{analysis.public_id}/", act="confirm")
    analysis.refresh_from_db()
    assert analysis.state == "agreed"
    send(family, url, act="no")
    assert JointAnalysis.objects.get().state == "ended"


def holding(application: Application, access: Any) -> Client:
    """A browser that gave the code and the number a moment ago."""
    import time

    client = Client()
    session = client.session
    session[access.SESSION] = {"application": application.public_id, "delegation": "", "seen": time.time()}
    session.save()
    return client


def test_another_family_does_not_find_the_page(on):
    from households import access
    from tests.cast import applies, clean_answers

    application = approved(widow_applies(), on.cast)
    analysis = services.open_joint_analysis(
        project=under_way(on), household=application.household, by=on.cast.worker, at=AT
    )
    services.edit_joint_analysis(analysis=analysis, version=1, changes=WORDS, by=on.leader, at=AT)
    services.propose_joint_analysis(analysis=analysis, by=on.leader, at=AT)
    other = applies(clean_answers(1))

    answer = holding(other, access).get(f"/projects/with-us/{analysis.public_id}/")

    assert answer.status_code == 404


def test_desk_writes_an_analysis_with_a_family_and_notes_its_yes(on):
    household = approved(widow_applies(), on.cast).household
    project = under_way(on)
    desk = signed_in(on.cast.worker)

    opened = send(desk, f"/admin/projects/project/{project.public_id}/with/", household=household.public_id)
    analysis = JointAnalysis.objects.get()
    assert opened.url == f"/admin/projects/jointanalysis/{analysis.public_id}/file/"
    write = f"/admin/projects/jointanalysis/{analysis.public_id}/write/"
    send(
        desk,
        write,
        **WORDS | {"main_cause": "illness", "causes": ["labour"], "goals": "药费有着落\n孙子上学"},
    )
    send(desk, opened.url, act="propose")
    send(desk, f"/admin/projects/jointanalysis/{analysis.public_id}/answer/", evidence=s.picture())

    analysis.refresh_from_db()
    assert analysis.goals == ["药费有着落", "孙子上学"]
    assert analysis.causes == ["illness", "labour"]
    assert analysis.household_method == "worker"
    assert analysis.household_evidence is not None


def test_family_that_does_not_want_it_says_so_through_its_worker_with_its_word(on):
    household = approved(widow_applies(), on.cast).household
    analysis = services.open_joint_analysis(
        project=under_way(on), household=household, by=on.cast.worker, at=AT
    )
    desk = signed_in(on.cast.worker)
    file = f"/admin/projects/jointanalysis/{analysis.public_id}/"
    assert f"{file}leave/" in desk.get(f"{file}file/").content.decode()

    send(desk, f"{file}leave/", expect=422)
    analysis.refresh_from_db()
    assert analysis.state == "draft"

    send(desk, f"{file}leave/", evidence=s.picture())
    analysis.refresh_from_db()
    assert analysis.state == "ended"
    assert Entry.objects.filter(action="household.word_kept", object_ref=household.public_id).exists()
    assert f"{file}leave/" not in desk.get(f"{file}file/").content.decode()


def test_start_and_completion_are_reported_by_the_agency(on, agency):
    project = s.drafted(on)
    Project.objects.update(state="agreed", approved_at=AT)
    here = f"/projects/file/{project.public_id}"

    send(agency, f"{here}/start/")
    send(agency, f"{here}/complete/", expect=409)

    project.refresh_from_db()
    assert (project.state, project.started_at) == ("in_progress", AT)
    assert (project.end - AT.date()) > timedelta(days=300)


@pytest.mark.parametrize("end", ["failed", "terminated", "archived"])
def test_project_that_ended_badly_stays_public(on, end):
    project = under_way(on)
    Project.objects.filter(pk=project.pk).update(state=end)

    page = Client().get(f"/projects/{project.public_id}/")

    assert page.status_code == 200
    assert project.title in Client().get("/projects/").content.decode()


def test_project_before_approval_offers_no_report_and_leads_back_to_the_list(on, agency):
    project = s.in_ex_ante(on)
    url = f"/projects/file/{project.public_id}/"
    early = agency.get(url).content.decode()
    assert "立项评估中" in early
    assert "评估通过后再签协议" in early
    assert "报告进展" not in early
    assert f'class="back" href="{reverse("projects:mine")}"' in early

    Project.objects.filter(pk=project.pk).update(state="in_progress", started_at=AT)

    running = agency.get(url).content.decode()
    assert "报告进展" in running
    assert "评估通过后再签协议" not in running


def test_milestone_whose_day_is_past_is_late(on, agency):
    project = under_way(on)
    project.milestones.create(title="送完第一批", due=(AT - timedelta(days=1)).date())
    project.milestones.create(title="今天到期", due=AT.date())

    for browser, url in ((agency, "/projects/file/"), (Client(), "/projects/")):
        page = browser.get(f"{url}{project.public_id}/").content.decode()
        assert page.count('<span class="tag tag-alert">已逾期</span>') == 1


def test_public_pages_tell_the_plan_the_end_and_the_way_back(on):
    project = under_way(on)
    Project.objects.filter(pk=project.pk).update(state="failed")

    listing = Client().get("/projects/").content.decode()
    page = Client().get(f"/projects/{project.public_id}/").content.decode()

    assert "计划帮扶 30 户" in listing
    assert "结项未通过" in listing
    assert "也一直列在这里" in listing
    assert f'class="back" href="{reverse("projects:list")}"' in page
    assert '<span class="tag tag-alert">未通过</span>' in page


def test_capacity_stands_once_before_an_evaluator(on):
    project = s.in_ex_ante(on)
    found = s.opened(on, project)

    page = signed_in(found.team.all()[0].user).get(f"/evaluation/file/{found.public_id}/").content.decode()

    assert page.count("项目能提供什么") == 1
    assert "棉被：¥" in page


def test_main_cause_is_named_first_and_once(on, agency):
    application = approved(widow_applies(), on.cast)
    analysis = services.open_joint_analysis(
        project=under_way(on), household=application.household, by=on.cast.worker, at=AT
    )
    url = f"/projects/analysis/{analysis.public_id}/write/"
    said: dict[str, Any] = {
        "cause_notes": "聊过两次。",
        "strengths": "手巧。",
        "responses": "每月探访。",
        "goals": "药费有着落",
    }

    none_main = send(agency, url, expect=422, causes=["illness", "labour"], version=1, **said)
    assert none_main.context["form"].errors["main_cause"]
    four = ["illness", "skill", "water"]
    send(agency, url, expect=422, main_cause="labour", causes=four, version=1, **said)
    analysis.refresh_from_db()
    assert (analysis.causes, analysis.version) == ([], 1)

    send(agency, url, main_cause="labour", causes=["illness", "labour"], version=1, **said)

    analysis.refresh_from_db()
    assert analysis.causes == ["labour", "illness"]
    form = agency.get(url).context["form"]
    assert (form["main_cause"].value(), form["causes"].value()) == ("labour", ["illness"])
