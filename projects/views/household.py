"""The joint analysis on the household's own page: read in plain words, confirmed or ended with its code."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.forms import ConfirmForm
from common.pages import asked, page, submit
from households.access import actor, holder, household_page
from projects.enums import AnalysisState
from projects.models import JointAnalysis
from projects.services import confirm_joint_analysis_for_household, end_joint_analysis
from projects.views.analyses import ANALYSES, described


@household_page(needs="update")
def analysis(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes, or no thanks: a no needs no reason and costs nothing."""
    found = own_analysis(request, public_id)
    form = ConfirmForm(request.POST or None)
    given: dict[str, Any] = {"by": actor(request), "at": clock.now()}
    acts: dict[str, Any] = {
        "yes": lambda _data: confirm_joint_analysis_for_household(
            analysis=found, method="web", evidence=None, **given
        ),
        "no": lambda _data: end_joint_analysis(analysis=found, **given),
    }
    answer = None
    act = asked(request, acts)
    if act is not None:
        answer = submit(request, form, act, to=reverse("households:status"))
    context = {"title": _("What we found out together"), "form": form, **described(found)}
    return answer or page(request, "projects/household_analysis.html", context, form=form)


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
