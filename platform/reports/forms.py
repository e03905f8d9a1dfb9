"""What a report is asked for with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from policy.forms import AreaField
from reference.fields import limit
from reports.registry import kinds


class ReportForm(Form):
    """Which report, where, when, which state, in which format, and what for."""

    code = forms.ChoiceField(label=_("Report"))
    area = AreaField(label=_("Area"), help_text=_("Your own area or a part of it, by name or code."))
    period = forms.CharField(
        label=_("Period"), max_length=8, help_text=_("A year, quarter or month: 2026, 2026Q3, 2026-09")
    )
    state = forms.CharField(
        label=_("State"), required=False, max_length=24, help_text=_("Leave empty for all.")
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", "Excel (xlsx)"), ("csv", "CSV")], initial="xlsx"
    )
    reason = forms.CharField(label=_("What do you need it for?"), max_length=200)

    def __init__(self, *args: Any, prefix_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.code, f"{kind.code} {kind.title}") for kind in kinds().values()]
        self.fields["code"] = forms.ChoiceField(label=_("Report"), choices=choices, widget=forms.RadioSelect)
        limit(self, "area", prefix_code)
        states = sorted(
            {pair for kind in kinds().values() for pair in kind.states}, key=lambda pair: str(pair[1])
        )
        by_slug = dict(states)
        self.fields["state"] = forms.ChoiceField(
            label=_("State"),
            required=False,
            choices=[("", _("All")), *sorted(by_slug.items(), key=lambda p: str(p[1]))],
        )
