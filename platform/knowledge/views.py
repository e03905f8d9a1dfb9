"""The encyclopedia for everybody, and the station's desk for writing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nh3
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from accounts.enums import Role
from accounts.models import User
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm, ReasonForm
from common.gate import get_visible
from common.pages import for_roles, keyset, page, public_page, submit
from journal.queries import timeline_of
from knowledge import services
from knowledge.enums import SHOWN, ArticleState
from knowledge.forms import ArticleEditForm, ArticleForm, ChecklistForm
from knowledge.models import WRITERS, Article
from knowledge.rules import works_on
from reference.queries import labels

MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True})


@public_page
@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Published articles, newest first; `?q=` looks in title and summary."""
    rows = Article.objects.visible_to(request.user).shown()
    words = request.GET.get("q", "").strip()[:40]
    if words:
        rows = rows.filter(title__icontains=words) | rows.filter(summary__icontains=words)
    found = keyset(request, rows, order=("-published_at", "-id"), known={"q"})
    return page(request, "knowledge/list.html", {"articles": found, "words": words})


@public_page
@require_safe
def article(request: HttpRequest, public_id: str) -> HttpResponse:
    """The answer first, then the steps, the evidence, and what it helps with."""
    row = get_visible(Article, request.user, public_id)
    evaluations = row.evaluations.select_related("project", "project__agency__organisation")
    context: dict[str, Any] = {"article": row, "html": rendered(row.body), "evaluations": evaluations}
    user = request.user
    if user.is_authenticated and works_on(row, user):
        purposes = labels("consent_purpose")
        near = row.consents.filter(household__area__startswith=user.seat.prefix if user.seat else "-")
        linked = near.select_related("household").order_by("pk")
        consents = [(consent, purposes[consent.purpose]) for consent in linked]
        context |= {"forms": _steps(row, user), "timeline": timeline_of(row), "consents": consents}
    return page(request, "knowledge/article.html", context)


@for_roles(*WRITERS)
@require_safe
def desk(request: SignedRequest) -> HttpResponse:
    """Everything in work."""
    rows = Article.objects.visible_to(request.user).exclude(state__in=SHOWN)
    return page(request, "knowledge/desk.html", {"articles": keyset(request, rows)})


@for_roles(*WRITERS)
def write(request: SignedRequest) -> HttpResponse:
    """Begin an article."""
    form = ArticleForm(request.POST or None, user=request.user)
    answer = submit(
        request,
        form,
        lambda _data: services.draft_article(**form.written(), by=request.user, at=clock.now()),
        to=_address,
    )
    return answer or page(request, "knowledge/write.html", {"form": form}, form=form)


@for_roles(*WRITERS)
def edit(request: SignedRequest, public_id: str) -> HttpResponse:
    """The author goes on with a draft, also one that came back."""
    row = get_visible(Article.objects.filter(author=request.user), request.user, public_id)
    form = ArticleEditForm(request.POST or None, user=request.user, article=row)
    answer = submit(
        request,
        form,
        lambda _data: services.edit_article(article=row, **form.written(), by=request.user, at=clock.now()),
        to=_address,
    )
    return answer or page(request, "knowledge/write.html", {"form": form, "article": row}, form=form)


@for_roles(*WRITERS)
def step(request: SignedRequest, public_id: str, act: str) -> HttpResponse:
    """One step of the way to publication, or back."""
    in_work = Article.objects.worked_on_by(request.user, request.user.seat)
    row = get_visible(in_work, request.user, public_id)
    form_class, service = STEPS[act]
    form = form_class(request.POST or None)
    answer = submit(
        request, form, lambda data: service(article=row, **data, by=request.user, at=clock.now()), to=_address
    )
    return answer or page(
        request, "knowledge/step.html", {"form": form, "article": row, "act": act}, form=form
    )


STEPS: dict[str, tuple[type[Any], Callable[..., Article]]] = {
    "send": (ChecklistForm, services.send_article),
    "approve": (ConfirmForm, services.pass_peer_review),
    "publish": (ConfirmForm, services.publish_article),
    "return": (ReasonForm, services.return_article),
    "revise": (ConfirmForm, services.revise_article),
    "drop": (ConfirmForm, services.drop_article),
    "take-down": (ReasonForm, services.take_down_article),
    "archive": (ConfirmForm, services.archive_article),
}


def _steps(row: Article, user: User) -> tuple[str, ...]:
    """What this person may do next with the article (docs/who-decides.md)."""
    wrote, supervises = row.author_id == user.pk, user.seat is not None and user.seat.role == Role.SUPERVISOR
    if row.state == ArticleState.DRAFT:
        return ("send", "edit", "drop") if wrote else ()
    if row.state == ArticleState.PEER_REVIEW:
        return () if wrote else ("approve", "return")
    if row.state == ArticleState.COMPLIANCE_REVIEW:
        if wrote or row.peer_id == user.pk:
            return ()
        return ("publish", "return") if supervises else ("return",)
    if row.state in SHOWN:
        revise = ("revise",) if row.state == ArticleState.PUBLISHED else ()
        return (*revise, "take-down", "archive") if supervises else revise
    return ()


def _address(row: Article) -> str:
    return reverse("knowledge:article", args=[row.public_id])


def rendered(text: str) -> Any:
    """Markdown without raw HTML, cleaned once more."""
    return mark_safe(nh3.clean(MARKDOWN.render(text)))
