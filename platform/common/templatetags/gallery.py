"""Samples for the page that shows every component in every state."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django import forms, template
from django.utils.translation import gettext, pgettext, pgettext_lazy

from common.exceptions import Difference, Stale
from common.forms import Form
from common.pagination import Page
from common.todos import Figure, Todo

register = template.Library()


class QuestionSample(Form):
    need = forms.ChoiceField(
        label=pgettext_lazy("sample", "What does your family need most?"),
        widget=forms.RadioSelect,
        choices=[
            ("medical", pgettext_lazy("sample", "Doctor and medicine")),
            ("school", pgettext_lazy("sample", "School for the children")),
            ("unsure", pgettext_lazy("sample", "Not sure, please have a social worker look with us")),
        ],
    )
    offers = forms.MultipleChoiceField(
        label=pgettext_lazy("sample", "What could you give?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            ("money", pgettext_lazy("sample", "Money")),
            ("goods", pgettext_lazy("sample", "Goods")),
            ("time", pgettext_lazy("sample", "Time")),
        ],
    )
    name = forms.CharField(
        label=pgettext_lazy("sample", "Your name"),
        help_text=pgettext_lazy("sample", "As on your identity card."),
    )
    story = forms.CharField(
        label=pgettext_lazy("sample", "Anything else?"), widget=forms.Textarea, required=False
    )
    read = forms.BooleanField(label=pgettext_lazy("sample", "I have read what my answers are used for"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {"medical": pgettext("sample", "medicine, hospital, rehabilitation")}
        self.fields["need"].option_hints = hints  # type: ignore[attr-defined]


class FilterSample(Form):
    kind = forms.MultipleChoiceField(
        label=pgettext_lazy("sample", "Field"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            ("school", pgettext_lazy("sample", "School")),
            ("medical", pgettext_lazy("sample", "Health")),
        ],
    )
    place = forms.CharField(label=pgettext_lazy("sample", "Place"), required=False)


@register.simple_tag
def gallery_samples() -> dict[str, Any]:
    """One sample of each thing the components show; the people and figures are invented."""
    at = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
    message = gettext(
        "Someone changed this after you opened it. Look at both versions, then decide which to keep."
    )
    return {
        "form": QuestionSample(),
        "wrong": QuestionSample({"wrong-offers": ["goods"]}, prefix="wrong"),
        "filter": FilterSample(),
        "states": ["approved", "submitted", "returned", "rejected", "draft"],
        "todos": [
            Todo(
                pgettext("sample", "Visit the families at risk"),
                "#",
                due=at,
                detail=pgettext("sample", "due three days ago"),
                count=3,
            ),
            Todo(
                pgettext("sample", "Read the new applications"),
                "#",
                detail=pgettext("sample", "two from this morning"),
                count=2,
            ),
        ],
        "figures": [
            Figure(
                pgettext("sample", "Families being helped"),
                "18,402",
                pgettext("sample", "2.1 % fewer than last quarter"),
            ),
            Figure(
                pgettext("sample", "Families at risk"),
                "57",
                pgettext("sample", "23 not visited for three days"),
                "#",
            ),
        ],
        "answers": [
            {"label": pgettext("sample", "Your name"), "value": "李秀英", "change_url": "#"},
            {"label": pgettext("sample", "Anything else?"), "value": "", "change_url": "#"},
        ],
        "entries": [
            {"at": at, "title": pgettext("sample", "Application received"), "by": "李秀英"},
            {
                "at": at,
                "title": pgettext("sample", "Accepted"),
                "by": "周敏",
                "detail": pgettext("sample", "A social worker visits within ten days."),
            },
            {"at": None, "title": pgettext("sample", "Visit"), "ahead": True},
        ],
        "page": Page(rows=[], next="n", previous="p"),
        "trail": [(pgettext("sample", "Your lists"), "#"), (pgettext("sample", "Families"), "")],
        "job": SimpleNamespace(
            public_id="sample", state="running", get_state_display=lambda: pgettext("sample", "running")
        ),
        "stale": Stale(
            message,
            differences=[Difference("name", pgettext("sample", "Your name"), "李秀英", "李秀")],
            version=2,
        ),
    }
