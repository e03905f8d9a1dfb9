"""Needs after filing: what a worker, a supervisor or the family makes of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from households import services
from households.desk.acts.base import Act, register
from households.desk.acts.word import brought
from households.desk.forms.base import OwnWordForm
from households.desk.forms.cases import OpenForm, RenewForm
from households.desk.forms.files import SeverityForm
from households.enums import NeedState as N
from households.enums import Urgency
from households.models import Need
from households.rules import UNDER_CHECK

SUPERVISOR = frozenset({Role.SUPERVISOR})


def _cannot_wait(need: Need, user: User) -> bool:
    application = need.application
    return need.urgency == Urgency.EMERGENCY and application is not None and application.state in UNDER_CHECK


register(
    Need,
    (
        Act(
            "open",
            _("Open at once"),
            lambda obj, form, by, at: services.open_at_once(
                need=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("The search begins. The assessment is due within 72 hours."),
            form=OpenForm,
            states=frozenset({N.DRAFT}),
            roles=SUPERVISOR,
            fits=_cannot_wait,
            rests=True,
            lead=_("Only what cannot wait for the assessment. It follows within 72 hours."),
        ),
        Act(
            "verify",
            _("I saw that the help is there"),
            lambda obj, form, by, at: services.verify_need(need=obj, by=by, at=at),
            _("Confirmed."),
            states=frozenset({N.FULFILLED}),
            look="primary",
        ),
        Act(
            "again",
            _("It is still needed"),
            lambda obj, form, by, at: services.renew_need(need=obj, **form.cleaned_data, by=by, at=at),
            _("The search goes on until the new day."),
            form=RenewForm,
            states=frozenset({N.EXPIRED}),
        ),
        Act(
            "close",
            _("Nothing more to do"),
            lambda obj, form, by, at: services.close_need(need=obj, by=by, at=at),
            _("Closed."),
            states=frozenset({N.VERIFIED}),
        ),
        Act(
            "severity",
            _("Set another severity"),
            lambda obj, form, by, at: services.override_severity(need=obj, **form.cleaned_data, by=by, at=at),
            _("Set, with your reason."),
            form=SeverityForm,
            states=frozenset({N.OPEN, N.ASSESSED}),
            roles=SUPERVISOR,
        ),
        Act(
            "cancel",
            _("The family no longer wants it"),
            brought(services.cancel_need, "need"),
            _("Taken off."),
            form=OwnWordForm,
            lead=_("Only what the family said itself, on paper or recorded."),
            states=frozenset({N.DRAFT, N.ASSESSED, N.OPEN, N.EXPIRED}),
            look="link",
        ),
    ),
)
