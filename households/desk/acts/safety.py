"""A danger named in a questionnaire: what to do now, what was done, and that somebody else looked at it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from households import services
from households.desk.acts.base import Act, register
from households.desk.forms.safety import SafetyCloseForm, SafetyForm
from households.enums import SafetyState
from households.models import SafetyAlert

register(
    SafetyAlert,
    (
        Act(
            "act",
            _("Keep the person safe now"),
            lambda obj, form, by, at: services.act_on_alert(alert=obj, **form.cleaned_data, by=by, at=at),
            _("Noted. A supervisor looks at it; see the person again by the day you named."),
            form=SafetyForm,
            states=frozenset({SafetyState.OPEN, SafetyState.ACTED}),
            lead=_("Do first what stands on the left, then write down here what was done. It cannot wait."),
            look="primary",
            tab="care",
        ),
        Act(
            "close",
            _("Look at it and close it"),
            lambda obj, form, by, at: services.close_alert(alert=obj, **form.cleaned_data, by=by, at=at),
            _("Closed. What was done stays on the file."),
            form=SafetyCloseForm,
            states=frozenset({SafetyState.ACTED}),
            roles=frozenset({Role.SUPERVISOR}),
            fits=lambda obj, user: user.pk not in {obj.result.taken_by_id, obj.done_by_id},
            tab="care",
        ),
    ),
)
