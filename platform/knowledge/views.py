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

from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm, ReasonForm
from common.gate import get_visible
from common.pages import for_roles, keyset, page, public_page, submit
from journal.queries import timeline_of
from knowledge import services
from knowledge.enums import ArticleState
from knowledge.forms import ArticleForm, ChecklistForm
from knowledge.models import WRITERS, Article

MARKDOWN = MarkdownIt("commonmark", {"html": False})


@public_page
@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Published articles, newest first; `?q=` looks in title and summary."""
    rows = Article.objects.filter(state=ArticleState.PUBLISHED)
    words = request.GET.get("q", "").strip()[:40]
    if words:
        rows = rows.filter(title__icontains=words) | rows.filter(summary__icontains=words)
    found = keyset(request, rows, order=("-published_at", "-id"))
    return page(request, "knowledge/list.html", {"articles": found, "words": words})


@public_page
@require_safe
def article(request: HttpRequest, public_id: str) -> HttpResponse:
    """The answer first, then the steps, the evidence, and what it helps with."""
    row = get_visible(Article, request.user, public_id)
    evaluations = row.evaluations.select_related("project", "project__agency__organisation")
    context: dict[str, Any] = {"article": row, "html": rendered(row.body), "evaluations": evaluations}
    seat = request.user.seat if request.user.is_authenticated else None
    if seat is not None and seat.role in WRITERS:
        context |= {"forms": _steps(row), "timeline": timeline_of(row)}
    return page(request, "knowledge/article.html", context)


@for_roles(*WRITERS)
@require_safe
def desk(request: SignedRequest) -> HttpResponse:
    """Everything in work."""
    rows = Article.objects.visible_to(request.user).exclude(state=ArticleState.PUBLISHED)
    return page(request, "knowledge/desk.html", {"articles": keyset(request, rows)})


@for_roles(*WRITERS)
def write(request: SignedRequest) -> HttpResponse:
    """Begin an article."""
    form = ArticleForm(request.POST or None, user=request.user)
    answer = submit(
        request,
        form,
        lambda data: services.draft_article(
            **{**data, "evaluations": list(data["evaluations"])}, by=request.user, at=clock.now()
        ),
        to=_address,
    )
    return answer or page(request, "knowledge/write.html", {"form": form}, form=form)


@for_roles(*WRITERS)
def step(request: SignedRequest, public_id: str, act: str) -> HttpResponse:
    """One step of the way to publication, or back."""
    row = get_visible(Article, request.user, public_id)
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
    "take-down": (ReasonForm, services.take_down_article),
    "archive": (ConfirmForm, services.archive_article),
}
OPEN = {
    ArticleState.DRAFT: ("send",),
    ArticleState.PEER_REVIEW: ("approve", "return"),
    ArticleState.COMPLIANCE_REVIEW: ("publish", "return"),
    ArticleState.PUBLISHED: ("take-down", "archive"),
}


def _steps(row: Article) -> tuple[str, ...]:
    return OPEN.get(ArticleState(row.state), ())


def _address(row: Article) -> str:
    return reverse("knowledge:article", args=[row.public_id])


def rendered(text: str) -> Any:
    """Markdown without raw HTML, cleaned once more."""
    return mark_safe(nh3.clean(MARKDOWN.render(text)))
