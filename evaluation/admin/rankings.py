"""Boards of donors: computed on demand from the ledger, put into force by a supervisor."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.requests import SignedRequest
from common import clock
from common.admin import StateFilter, WordsFilter
from common.forms import ConfirmForm, Form
from common.gate import get_visible
from common.pages import asked, keyset, submit
from common.templatetags.ui import tag
from donors.enums import DonorKind
from evaluation import services
from evaluation.enums import RankingState
from evaluation.forms.acts import DayForm, ReasonForm
from evaluation.models import Ranking
from projects.admin import DeskAdmin


class BoardFilter(WordsFilter):
    title = _("board")
    parameter_name = "board"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DonorKind.choices)


@admin.register(Ranking)
class RankingAdmin(DeskAdmin):
    list_display = ["opened", "as_of", "counted", "computed_at", "course"]
    work_url = "evaluation_ranking_file"
    list_display_links = None
    list_filter = [StateFilter, BoardFilter, "as_of"]
    ordering = ["-as_of", "-pk"]
    change_list_template = "evaluation/desk_list.html"
    run_jobs = [("admin:evaluation_ranking_run", "", _("Compute rankings"))]

    def get_urls(self) -> list[URLPattern]:
        return [
            path("run/", self.guarded(self.run_view), name="evaluation_ranking_run"),
            path("<slug:public_id>/file/", self.guarded(self.file_view), name="evaluation_ranking_file"),
            *super().get_urls(),
        ]

    @admin.display(description=_("board"), ordering="board")
    def opened(self, row: Ranking) -> SafeString:
        url = reverse("admin:evaluation_ranking_file", args=[row.public_id])
        return format_html('<a href="{}">{}</a>', url, DonorKind(row.board).label)

    @admin.display(description=_("entries counted"), ordering="ledger_rows")
    def counted(self, row: Ranking) -> int:
        return row.ledger_rows

    @admin.display(description=_("state"), ordering="state")
    def course(self, row: Ranking) -> SafeString:
        return tag(row.state_label, row.state)

    def run_view(self, request: SignedRequest) -> HttpResponse:
        """As of which day? The computing goes on in the background."""
        form = DayForm(request.POST or None, initial={"as_of": clock.today()})
        answer = submit(
            request,
            form,
            lambda data: services.start_ranking(**data, by=request.user, at=clock.now()),
            to=lambda job: reverse("jobs:progress", args=[job.public_id]),
        )
        text = _(
            "Only what households received counts, from the ledger; a supervisor puts the boards into force."
        )
        context = {"title": _("Compute rankings"), "form": form, "text": text}
        return answer or self.framed(request, "evaluation/desk_form.html", context, form=form)

    def file_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The board with its scores, and the next step."""
        ranking = get_visible(Ranking, request.user, public_id)
        act = request.POST.get("act", "")
        form: Form = ReasonForm(request.POST) if act == "aside" else ConfirmForm(request.POST or None)
        given: dict[str, Any] = {"ranking": ranking, "by": request.user, "at": clock.now()}
        acts: dict[str, Any] = {
            "approve": lambda data: services.approve_ranking(**given),
            "aside": lambda data: services.set_ranking_aside(reason=data["reason"], **given),
        }
        here = reverse("admin:evaluation_ranking_file", args=[public_id])
        chosen = asked(request, acts)
        answer = submit(request, form, chosen, to=here) if chosen else None
        rows = ranking.rows.visible_to(request.user).select_related("donor")
        context = {
            "title": f"{DonorKind(ranking.board).label} · {ranking.as_of}",
            "ranking": ranking,
            "page": keyset(request, rows, order=("place", "id"), size=50),
            "form": form,
            "aside": form if act == "aside" else ReasonForm(),
            "is_draft": ranking.state == RankingState.DRAFT,
            "may_decide": ranking.state == RankingState.DRAFT
            and services.may_decide_ranking(ranking, request.user),
        }
        return answer or self.framed(request, "evaluation/desk_ranking.html", context, form=form)
