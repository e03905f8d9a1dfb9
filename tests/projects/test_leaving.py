"""An agency does not leave its families behind: whoever has a project under way stays until it has ended."""

import pytest

from common import clock
from common.exceptions import Refused
from implementers.services import leave_platform
from projects.models import Project
from tests.cast import AT, signed_in
from tests.evaluation.test_pages import send
from tests.projects import stage as s

pytestmark = pytest.mark.django_db


def test_agency_with_a_running_project_does_not_leave() -> None:
    on = s.stage()
    project = s.under_way(on)

    with pytest.raises(Refused) as refused:
        leave_platform(agency=on.agency, by=on.leader, at=AT)
    with clock.fixed(AT):
        page = send(signed_in(on.leader), "/agency/own/leave/", expect=409, sure="on")

    assert refused.value.code == "projects_running"
    assert project.number in page.content.decode()
    on.agency.refresh_from_db()
    assert on.agency.state == "admitted"


@pytest.mark.parametrize("state", ["accepted", "terminated", "draft"])
def test_agency_whose_projects_have_ended_leaves(state: str) -> None:
    on = s.stage()
    Project.objects.filter(pk=s.drafted(on).pk).update(state=state)

    assert leave_platform(agency=on.agency, by=on.leader, at=AT).state == "left"
