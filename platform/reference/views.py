"""Public pages: the country's divisions, from province to village, and what became of older codes."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from common import pages
from common.pages import public_page
from reference import coding, queries
from reference.enums import Level
from reference.filters import DivisionFilter
from reference.models import Division


@public_page
def regions(request: HttpRequest) -> HttpResponse:
    """The provinces, or what a search finds; a page of 25 rows with their places in one query."""
    chosen = DivisionFilter(request.GET, queryset=queries.current().visible_to(request.user))
    rows = chosen.rows()
    if not chosen.asks:
        rows = rows.filter(level=Level.PROVINCE)
    found = pages.keyset(request, rows, order=("code",), size=40, known=chosen.form.fields)
    text = request.GET.get("q", "").strip()
    if not found.rows and coding.level_of(text) and queries.last_of(text):
        return redirect("reference:region", code=text)
    context = {
        "filter": chosen,
        "page": found,
        "rows": _with_places(found.rows),
        "asked": chosen.asks,
        "counts": queries.national_counts(down_to=Level.TOWNSHIP) if not chosen.asks else {},
    }
    return pages.page(request, "reference/regions.html", context)


@public_page
def region(request: HttpRequest, code: str) -> HttpResponse:
    """One division with its children, or, for a code no longer in force, the divisions of today."""
    here = queries.get_division(code)
    if here is None:
        return _former(request, code)
    below = pages.keyset(request, queries.children(code).visible_to(request.user), order=("code",), size=60)
    context = {
        "here": here,
        "title": here.name,
        "trail": _trail(code),
        "children": below,
        "below": Level(here.level + 1).label if here.level < Level.VILLAGE else "",
        "designations": [
            {"label": label, "since": row.valid_from, "document": row.document}
            for row, label in queries.designations_of(code)
        ],
    }
    return pages.page(request, "reference/region.html", context)


def _former(request: HttpRequest, code: str) -> HttpResponse:
    former = queries.last_of(code)
    if former is None:
        raise Http404(_("There is no place with this code. Search for its name in the list of places."))
    today = queries.resolve(code)
    context = {"former": former, "title": former.name, "trail": _trail(code), "rows": _with_places(today)}
    return pages.page(request, "reference/former.html", context)


@public_page
def divisions(request: HttpRequest) -> HttpResponse:
    """`?parent=64`: the divisions one level below as JSON; the provinces without it."""
    if unknown := sorted(set(request.GET) - {"parent"}):
        return JsonResponse(
            {"error": _("Unknown parameter: %(names)s.") % {"names": ", ".join(unknown)}}, status=400
        )
    parent = request.GET.get("parent", "")
    if parent and queries.get_division(parent) is None:
        return JsonResponse({"error": _("There is no place with this code.")}, status=404)
    rows = queries.children(parent).visible_to(request.user).values("code", "name", "level")
    return JsonResponse(
        {"parent": parent, "divisions": list(rows)}, json_dumps_params={"ensure_ascii": False}
    )


def _with_places(rows: list[Division]) -> list[dict[str, object]]:
    """Each row with the label of the division above it, in one query for the whole page."""
    above = queries.path_labels({row.parent_code for row in rows if row.parent_code})
    return [{"division": row, "place": above.get(row.parent_code, "")} for row in rows]


def _trail(code: str) -> list[tuple[str, str]]:
    steps = [(_("All places"), reverse("reference:regions"))]
    rows = queries.path(code)
    steps += [(row.name, reverse("reference:region", args=[row.code])) for row in rows if row.code != code]
    return [*steps, (rows[-1].name, "")]
