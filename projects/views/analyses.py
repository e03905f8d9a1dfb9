"""The joint analysis on the agency's side: written together, sent for confirmation, confirmed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import asked, for_roles, page, submit
from projects.enums import AnalysisState
from projects.forms.analysis import AnalysisForm
from projects.models import JointAnalysis
from projects.services import (
    confirm_joint_analysis_for_agency,
    edit_joint_analysis,
    propose_joint_analysis,
    reopen_joint_analysis,
)
from projects.words import cause_labels

ANALYSES = JointAnalysis.objects.select_related("project__agency__organisation", "household")
ACTS: dict[str, Any] = {
    "propose": propose_joint_analysis,
    "reopen": reopen_joint_analysis,
    "confirm": confirm_joint_analysis_for_agency,
}


@for_roles(Role.AGENCY)
def analysis(request: SignedRequest, public_id: str) -> HttpResponse:
    """The text as it stands, and what can be done with it."""
    found = get_visible(ANALYSES.all(), request.user, public_id)
    form = ConfirmForm(request.POST or None)
    act = asked(request, ACTS)
    answer = None
    if act is not None:
        answer = submit(
            request,
            form,
            lambda _data: act(analysis=found, by=request.user, at=clock.now()),
            to=reverse("projects:analysis", args=[public_id]),
        )
    context = {"title": _("Joint analysis"), "form": form, **described(found)}
    return answer or page(request, "projects/analysis.html", context, form=form)


@for_roles(Role.AGENCY)
def edit(request: SignedRequest, public_id: str) -> HttpResponse:
    """Write it together; whoever saved in between is shown beside the own text."""
    found = get_visible(ANALYSES.all(), request.user, public_id)
    form = AnalysisForm(request.POST or None, initial=AnalysisForm.opened(found))
    answer = submit(
        request,
        form,
        lambda data: save(found, data, request.user),
        to=reverse("projects:analysis", args=[public_id]),
    )
    context = {
        "title": _("Write the analysis together"),
        "form": form,
        "back_url": reverse("projects:analysis", args=[public_id]),
    }
    return answer or page(request, "projects/analysis_edit.html", context, form=form)


def save(found: JointAnalysis, data: Any, by: Any) -> JointAnalysis:
    changes = dict(data)
    version = changes.pop("version")
    return edit_joint_analysis(analysis=found, version=version, changes=changes, by=by, at=clock.now())


def described(found: JointAnalysis) -> dict[str, Any]:
    """What every page about the text shows."""
    return {
        "analysis": found,
        "causes": cause_labels(found),
        "is_draft": found.state == AnalysisState.DRAFT,
        "is_confirming": found.state == AnalysisState.CONFIRMING,
    }
