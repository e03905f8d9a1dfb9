"""What anyone may read: summaries of evaluations, ratings in force, boards of donors who agreed to be named."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common.gate import get_visible
from common.pages import keyset, page, public_page
from donors.enums import DonorKind
from evaluation.enums import RankingState, RatingState
from evaluation.models import Evaluation, RankingRow, Rating

PUBLISHED = Evaluation.objects.all().readable().select_related("project__agency__organisation", "policy")
BOARD_LENGTH = 50


@public_page
def published(request: HttpRequest) -> HttpResponse:
    """Summaries, newest first."""
    rows = keyset(request, PUBLISHED.all().visible_to(request.user), order=("-published_at", "-id"))
    return page(request, "evaluation/published.html", {"title": _("Evaluations"), "page": rows})


@public_page
def summary(request: HttpRequest, public_id: str) -> HttpResponse:
    """One result in a few sentences, with the agency's answer."""
    evaluation = get_visible(PUBLISHED.all(), request.user, public_id)
    context = {"title": evaluation.project.title, "evaluation": evaluation}
    return page(request, "evaluation/summary.html", context)


@public_page
def agencies(request: HttpRequest) -> HttpResponse:
    """Ratings in force, best first; before them those announced, with the day until when objections are heard."""
    rows = (
        Rating.objects.visible_to(request.user)
        .filter(state=RatingState.EFFECTIVE, score__isnull=False)
        .select_related("agency__organisation", "policy")
    )
    announced = (
        Rating.objects.visible_to(request.user)
        .filter(state=RatingState.ANNOUNCED, score__isnull=False)
        .select_related("agency__organisation")
    )
    context = {
        "title": _("Ratings of agencies"),
        "page": keyset(request, rows, order=("-score", "-id")),
        "announced": list(announced.order_by("announced_until", "pk")[:BOARD_LENGTH]),
    }
    return page(request, "evaluation/agencies.html", context)


@public_page
def boards(request: HttpRequest) -> HttpResponse:
    """Boards of thanks: donors appear only when they agreed, the place of the others stays empty."""
    rows = (
        RankingRow.objects.visible_to(request.user)
        .filter(ranking__state=RankingState.EFFECTIVE, place__lte=BOARD_LENGTH)
        .select_related("ranking", "donor")
        .order_by("ranking__board", "place")
    )
    boards_shown = [
        (DonorKind(board).label, list(group))
        for board, group in groupby(rows, key=lambda row: row.ranking.board)
    ]
    return page(request, "evaluation/boards.html", {"title": _("Boards of thanks"), "boards": boards_shown})
