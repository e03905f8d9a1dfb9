"""The joint analysis on the household's own page: read in plain words, confirmed or ended with its code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from common.forms import ConfirmForm, Form
from common.pages import asked, page, submit
from files.services import keep
from households.access import actor, held, holder, household_page
from households.forms.public.rights import OwnWordForm
from projects.enums import AnalysisState
from projects.models import JointAnalysis
from projects.services import confirm_joint_analysis_for_household, end_joint_analysis
from projects.views.analyses import ANALYSES, described


@household_page(needs="update")
def analysis(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes, or no thanks: a no needs no reason and costs nothing."""
    found = own_analysis(request, public_id)
    form = _answer_form(request)
    given: dict[str, Any] = {"by": actor(request), "at": clock.now()}
    acts: dict[str, Any] = {
        "yes": lambda data: confirm_joint_analysis_for_household(
            analysis=found, **_shown(found, data, **given), **given
        ),
        "no": lambda _data: end_joint_analysis(analysis=found, **given),
    }
    answer = None
    act = asked(request, acts)
    if act is not None:
        answer = submit(request, form, act, to=reverse("households:status"))
    context = {
        "title": _("What we found out together"),
        "form": form,
        "delegation": held(request).delegation,
        **described(found),
    }
    return answer or page(request, "projects/household_analysis.html", context, form=form)


def _answer_form(request: HttpRequest) -> Form:
    """The family itself has only to press; a delegate shows the family's own yes."""
    if held(request).delegation and request.POST.get("act") != "no":
        return OwnWordForm(request.POST or None, request.FILES or None)
    return ConfirmForm(request.POST or None)


def _shown(found: JointAnalysis, data: Mapping[str, Any], *, by: Actor, at: datetime) -> dict[str, Any]:
    """How the yes was given; what shows it is kept with the text, or nothing is."""
    if (upload := data.get("upload")) is None:
        return {"method": "web", "evidence": None}
    evidence = keep(upload=upload, purpose="confirmation_evidence", owner=found, by=by, at=at)
    return {"method": "delegate", "evidence": evidence}


def own_analysis(request: HttpRequest, public_id: str) -> JointAnalysis:
    """A text about the household whose code was given; any other does not exist here."""
    application = holder(request)
    found = None
    if application is not None:
        found = (
            ANALYSES.filter(public_id=public_id, household_id=application.household_id)
            .exclude(state__in=[AnalysisState.DRAFT, AnalysisState.ENDED])
            .first()
        )
    if found is None:
        raise Http404(_("We did not find this page. Go back to your status page."))
    return found  # type: ignore[no-any-return]
