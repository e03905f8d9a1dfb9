"""One of the things decided about a family, chosen by what it is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui import day
from households.models import Household
from households.queries.decisions import FREE, SUBJECTS, Decision, standing_decisions


class DecisionField(forms.ChoiceField):
    """What stands on the file now, under its subjects; cleaned to the decision itself."""

    widget = forms.RadioSelect
    default_error_messages = {
        "invalid_choice": _("This does not stand on the file any more. Choose from what stands now.")
    }

    def offer(self, household: Household, *, subjects: dict[str, Any] = SUBJECTS) -> None:
        """The choices are those of this family; at the desk its subjects are told of it."""
        self.known = {decision.key: decision for decision in standing_decisions(household)}
        self.option_hints = {key: day(one.on) for key, one in self.known.items() if one.on}
        groups: dict[Any, list[tuple[str, str]]] = {}
        for key, one in self.known.items():
            head = _("Something else") if one.subject in FREE else subjects[one.subject]
            words = str(subjects[one.subject]) if one.subject in FREE else one.words
            groups.setdefault(head, []).append((key, words))
        self.choices = list(groups.items())

    def clean(self, value: Any) -> Decision:
        return self.known[super().clean(value)]
