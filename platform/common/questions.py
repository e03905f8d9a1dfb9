"""One question a page: answers wait, sealed, in a draft of the person until the last page sends them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.forms import Form
from common.pages import page
from common.unsent import answers_of, forget_answers, keep_answers

Answers = dict[str, Any]


def always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """A question or a tight group of them; `asked` says whether the answers so far make it needed."""

    slug: str
    title: Any
    form: type[Form]
    hint: Any = ""
    asked: Callable[[Answers], bool] = always


@dataclass(frozen=True)
class Answer:
    """A row of the check page."""

    label: Any
    value: Any
    change_url: str


@dataclass(frozen=True)
class Questions:
    """A short series for a signed-in person; what was answered is still there after the next sign-in."""

    key: str
    url_name: str
    check_url_name: str
    questions: tuple[Question, ...]

    def answers(self, request: HttpRequest) -> Answers:
        return answers_of(self.key, request.user)

    def forget(self, request: HttpRequest) -> None:
        forget_answers(series=self.key, by=_person(request), at=clock.now())

    def asked(self, answers: Answers) -> list[Question]:
        return [question for question in self.questions if question.asked(answers)]

    def first_url(self) -> str:
        return reverse(self.url_name, args=[self.questions[0].slug])

    def page(self, request: HttpRequest, slug: str, **context: Any) -> HttpResponse:
        """Show one question; a good answer is kept and leads to the next one, or back to the check page."""
        answers = self.answers(request)
        asked = self.asked(answers)
        here = next((number for number, question in enumerate(asked) if question.slug == slug), None)
        if here is None:
            raise Http404(_("This question is not asked here. Begin again from the first one."))
        question = asked[here]
        form = question.form(request.POST or None, initial=answers)
        if request.method == "POST" and form.is_valid():
            given = {name: _plain(value) for name, value in form.cleaned_data.items()}
            answers = keep_answers(series=self.key, given=given, by=_person(request), at=clock.now())
            return HttpResponseRedirect(self._after(answers, slug, back="back" in request.GET))
        values = {
            "form": form, "title": question.title, "hint": question.hint, "step": here + 1, "steps": len(asked) + 1,
            "back_url": reverse(self.url_name, args=[asked[here - 1].slug]) if here else "", **context,
        }  # fmt: skip
        return page(request, "question.html", values, form=form)

    def unanswered(self, answers: Answers) -> str | None:
        """The address of the first question whose answers are missing or no longer good, or None."""
        for question in self.asked(answers):
            if not question.form(data=answers, initial=answers).is_valid():
                return reverse(self.url_name, args=[question.slug])
        return None

    def rows(self, answers: Answers) -> list[Answer]:
        """Every answer in words, with the way back to its question."""
        rows = []
        for question in self.asked(answers):
            url = reverse(self.url_name, args=[question.slug]) + "?back"
            form = question.form(initial=answers)
            rows += [
                Answer(bound.label, _said(bound.field, answers.get(bound.name)), url)
                for bound in form.visible_fields()
            ]
        return rows

    def _after(self, answers: Answers, slug: str, *, back: bool) -> str:
        if back:
            return self.unanswered(answers) or reverse(self.check_url_name)
        slugs = [question.slug for question in self.asked(answers)]
        place = slugs.index(slug) + 1
        return (
            reverse(self.url_name, args=[slugs[place]])
            if place < len(slugs)
            else reverse(self.check_url_name)
        )


def _person(request: HttpRequest) -> Any:
    """Who answers; every series stands behind a sign-in."""
    return request.user


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _said(field: forms.Field, value: Any) -> Any:
    """An answer as a reader says it."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    choices: Mapping[str, Any] = {str(slug): label for slug, label in getattr(field, "choices", ())}
    if isinstance(value, list):
        return "\n".join(str(choices.get(str(one), one)) for one in value)
    if choices:
        return choices.get(str(value), value)
    return field.prepare_value(value)
