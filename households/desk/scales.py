"""Questionnaires on the file: what can be asked, what waits after a danger, every person's answers by stage."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.masking import mask_name
from common.todos import Panel
from households.desk.acts import offered
from households.desk.scores import chart_of, outcome_words
from households.desk.words import act_url, file_url
from households.enums import ENDED, HouseholdState
from households.models import Household, Instrument, SafetyAlert
from households.queries.scales import asked_in_assessments, series_of, trained_for

OVER = frozenset({*ENDED, HouseholdState.CLOSED, HouseholdState.SUSPENDED})


def questionnaires(household: Household, user: User) -> list[Panel]:
    """What can be asked, what waits after a danger, and every person's answers by stage."""
    trained = trained_for(user, clock.today())
    asking = [
        (
            row.scale,
            reverse("admin:households_instrument_ask", args=[row.public_id, household.public_id]),
            not row.scale.trained or row.code in trained,
        )
        for row in Instrument.objects.current().order_by("code")
    ]
    alerts = household.safety_alerts.select_related("result__member", "done_by", "closed_by", "household")
    context = {
        "asking": asking if household.state not in OVER else [],
        "alerts": [
            (
                row,
                mask_name(row.result.member.name),
                [(act, act_url(row, act.slug)) for act in offered(row, user)],
            )
            for row in alerts.order_by("-pk")
        ],
        "series": [(one, mask_name(one.member.name), chart_of(one)) for one in series_of(household, user)],
        "assessments": [
            (assessment, scale, outcome_words(scale, outcome))
            for assessment, scale, outcome in asked_in_assessments(household)
        ],
        "check": file_url(household, "check"),
    }
    return [Panel(_("Questionnaires"), "households/desk/care/questionnaires.html", context)]


def what_to_do_now(alert: SafetyAlert, user: User) -> list[Panel]:
    """The steps of the questionnaire's own protocol, beside the form."""
    steps = alert.result.instrument.scale.safety_steps
    context = {"steps": [(step.words, step.slug in alert.steps) for step in steps]}
    return [Panel(_("What to do now"), "households/desk/care/now.html", context)]
