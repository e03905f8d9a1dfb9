"""What an article is written with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.forms import Form
from evaluation.models import Evaluation
from households.models import Consent
from knowledge.enums import ArticleKind, Grade, StoryUse
from knowledge.models import Article
from knowledge.rules import CHECKLIST, EVIDENCE, PURPOSES
from reference.queries import choices, labels

RECENT = 50


class ConsentChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """A consent by the family's file number, what for and since when: never a name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purposes = labels("consent_purpose")

    def label_from_instance(self, obj: Consent) -> str:
        return f"{obj.household.number} · {self.purposes[obj.purpose]} · {clock.day_of(obj.given_at)}"


class EvaluationChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """An evaluation by its project and stage."""

    def label_from_instance(self, obj: Evaluation) -> str:
        return f"{obj.project.title} · {obj.get_stage_display()} · {obj.number}"


class ArticleForm(Form):
    many = ("causes", "categories")  # long lists, shown small
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
    grade = forms.ChoiceField(label=_("Evidence grade"), choices=[("", _("Choose")), *Grade.choices])
    evaluations = forms.ModelMultipleChoiceField(
        label=_("Rests on these evaluations"),
        required=False,
        queryset=Evaluation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    story = forms.ChoiceField(
        label=_("Is a family's story or picture in it?"), choices=StoryUse.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user: Any, article: Article | None = None, **kwargs: Any) -> None:
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
        final = Evaluation.objects.visible_to(user).filter(EVIDENCE).order_by("-final_at")
        recent = [*final.values_list("pk", flat=True)[:RECENT], *linked(article, "evaluations")]
        self.fields["evaluations"] = EvaluationChoice(
            label=_("Rests on these evaluations"),
            help_text=_("Only those made after the end of a project, and final: a plan shows no effect yet."),
            required=False,
            queryset=Evaluation.objects.filter(pk__in=recent).select_related("project"),
            widget=forms.CheckboxSelectMultiple,
        )
        given = Consent.objects.visible_to(user).filter(purpose__in=PURPOSES, withdrawn_at__isnull=True)
        agreed = [
            *given.order_by("-given_at").values_list("pk", flat=True)[:RECENT],
            *linked(article, "consents"),
        ]
        self.fields["consents"] = ConsentChoice(
            label=_("Which families agreed to it?"),
            help_text=_("A consent is taken down in the family's file, with its evidence."),
            required=False,
            queryset=Consent.objects.filter(pk__in=agreed).select_related("household"),
            widget=forms.CheckboxSelectMultiple,
        )

    def written(self) -> dict[str, Any]:
        """What the services take."""
        data = dict(self.cleaned_data)
        return data | {name: list(data[name]) for name in ("evaluations", "consents")}


class ArticleEditForm(ArticleForm):
    """The same with what the draft says now and the version it was opened at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        names = ("kind", "title", "summary", "body", "causes", "categories", "grade", "story", "version")
        initial = {name: getattr(article, name) for name in names}
        initial |= {name: linked(article, name) for name in ("evaluations", "consents")}
        super().__init__(*args, article=article, initial=initial, **kwargs)


def linked(article: Article | None, name: str) -> list[int]:
    return list(getattr(article, name).values_list("pk", flat=True)) if article is not None else []


class ChecklistForm(Form):
    checklist = forms.MultipleChoiceField(
        label=_("Before anybody else reads it"),
        choices=list(CHECKLIST.items()),
        widget=forms.CheckboxSelectMultiple,
    )
