"""What an article is written with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from evaluation.models import Evaluation
from knowledge.enums import ArticleKind, Grade
from knowledge.rules import CHECKLIST
from reference.queries import choices


class ArticleForm(Form):
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=ArticleKind.choices, initial=ArticleKind.EXPERIENCE
    )
    title = forms.CharField(label=_("Title"), max_length=80)
    summary = forms.CharField(
        label=_("The answer in two sentences"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    body = forms.CharField(
        label=_("How it was done, step by step"), widget=forms.Textarea(attrs={"rows": 12})
    )
    causes = forms.MultipleChoiceField(
        label=_("Helps with"), required=False, widget=forms.CheckboxSelectMultiple
    )
    categories = forms.MultipleChoiceField(
        label=_("Kinds of need"), required=False, widget=forms.CheckboxSelectMultiple
    )
    grade = forms.ChoiceField(label=_("Evidence grade"), choices=Grade.choices)
    evaluations = forms.ModelMultipleChoiceField(
        label=_("Rests on these evaluations"),
        required=False,
        queryset=Evaluation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["causes"] = forms.MultipleChoiceField(
            label=_("Helps with"),
            required=False,
            choices=choices("cause"),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["categories"] = forms.MultipleChoiceField(
            label=_("Kinds of need"),
            required=False,
            choices=choices("need_category"),
            widget=forms.CheckboxSelectMultiple,
        )
        final = Evaluation.objects.visible_to(user).filter(final_at__isnull=False).order_by("-final_at")
        recent = list(final.values_list("pk", flat=True)[:50])
        self.fields["evaluations"] = forms.ModelMultipleChoiceField(
            label=_("Rests on these evaluations"),
            required=False,
            queryset=Evaluation.objects.filter(pk__in=recent),
            widget=forms.CheckboxSelectMultiple,
        )


class ChecklistForm(Form):
    checklist = forms.MultipleChoiceField(
        label=_("Before anybody else reads it"),
        choices=list(CHECKLIST.items()),
        widget=forms.CheckboxSelectMultiple,
    )
