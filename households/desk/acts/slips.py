"""The query code of a family that lost its own or never had one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from files.services import keep
from households import services
from households.desk.acts.base import Act, register
from households.desk.forms.rights import CodeForm
from households.models import Application, Household
from households.queries import keyed_application
from households.services.sheets import HOLDING


@transaction.atomic
def hand_out_code(obj: Household, form: CodeForm, by: User, at: datetime) -> Application:
    """The receipt is kept with the new code, or neither is."""
    upload = form.cleaned_data["upload"]
    kept = keep(upload=upload, purpose="confirmation_evidence", owner=obj, by=by, at=at) if upload else None
    return services.reissue_code(household=obj, how=form.cleaned_data["how"], evidence=kept, by=by, at=at)


register(
    Household,
    (
        Act(
            "code",
            _("Hand out a new query code"),
            hand_out_code,
            _("The new code is in force; the one before opens nothing any more."),
            form=CodeForm,
            lead=_(
                "For a family that lost its code or never had one. It opens everything the family asked for."
                " You see the code once, on the slip for the family."
            ),
            fits=lambda obj, user: obj.state in HOLDING or keyed_application(obj) is not None,
            to=lambda done: reverse("admin:households_household_slip", args=[done.household.public_id]),
            tab="rights",
        ),
    ),
)
