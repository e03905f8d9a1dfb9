"""What a report is asked for with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from reference.enums import Level
from reference.fields import DivisionField, limit
from reports.registry import kinds

BETWEEN = "."  # a state's value carries its report: two reports may have states of one name


class AnyPlaceField(DivisionField):
    """A place of any level."""

    LEVELS = tuple(Level)


class ReportForm(Form):
    """Which report, where, when, which state, in which format, and what for."""

    code = forms.ChoiceField(label=_("Report"))
    area = AnyPlaceField(label=_("Area"), help_text=_("Your own area or a part of it, by name or code."))
    period = forms.CharField(
        label=_("Period"), max_length=8, help_text=_("A year, quarter or month: 2026, 2026Q3, 2026-09")
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", "Excel (xlsx)"), ("csv", "CSV")], initial="xlsx"
    )
    reason = forms.CharField(label=_("What do you need it for?"), max_length=200)

    def __init__(self, *args: Any, prefix_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.code, f"{kind.code} {kind.title}") for kind in kinds().values()]
        self.fields["code"] = forms.ChoiceField(label=_("Report"), choices=choices, widget=forms.RadioSelect)
        limit(self, "area", prefix_code)
        groups = [
            (kind.title, [(f"{kind.code}{BETWEEN}{slug}", label) for slug, label in kind.states])
            for kind in kinds().values()
        ]
        self.fields["state"] = forms.ChoiceField(
            label=_("State"),
            required=False,
            choices=[("", _("All")), *groups],
            help_text=_("Choose under the report you ask for, or leave “All”."),
        )

    def clean(self) -> dict[str, Any]:
        """A state counts in the report it was chosen under, and in no other."""
        data: dict[str, Any] = super().clean() or {}
        kind = kinds().get(data.get("code", ""))
        of, _between, slug = data.get("state", "").rpartition(BETWEEN)
        if kind and of not in {"", kind.code}:
            other = kinds()[of]
            self.add_error(
                "state",
                forms.ValidationError(
                    _("“%(state)s” is a state of “%(other)s”. Choose one under “%(report)s”, or “All”."),
                    code="state_of_another_report",
                    params={
                        "state": dict(other.states)[slug],
                        "other": other.title,
                        "report": kind.title,
                    },
                ),
            )
        return data | {"state": slug}
