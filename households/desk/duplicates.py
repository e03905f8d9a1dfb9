"""Files that may be of one family: what waits, and a whole group side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.masking import mask_address, mask_id, mask_name, mask_phone
from common.pages import page, submit
from common.templatetags.ui import day
from common.todos import Todo
from households.desk.forms.duplicates import VerdictForm
from households.desk.words import age_of, file_url, head_of
from households.duplicates.fields import CLOSE, DIFFERENT, NEAR, SAME, SLIP
from households.duplicates.finder import THRESHOLD
from households.models import DuplicateCluster, DuplicateFile, Household, Member
from households.models.duplicate import DuplicateState
from households.services import begin_search, decide_files
from reference.queries import labels, path_labels

Frame = dict[str, Any]
MOST = 30
FIELD_WORDS = {
    "given": gettext_lazy("given name"),
    "family": gettext_lazy("family name"),
    "birth": gettext_lazy("birth date"),
    "id": gettext_lazy("identity number"),
    "phone": gettext_lazy("telephone"),
    "place": gettext_lazy("village"),
}
GRADE_WORDS = {
    SAME: gettext_lazy("the same"),
    SLIP: gettext_lazy("one slip of the pen apart"),
    CLOSE: gettext_lazy("alike"),
    NEAR: gettext_lazy("a little alike"),
    DIFFERENT: gettext_lazy("different"),
}


def page_of(cluster: DuplicateCluster) -> str:
    return reverse("admin:households_duplicatecluster_group", args=[cluster.public_id])


def open_to(user: Any) -> QuerySet[DuplicateFile]:
    """The files of groups this person may open, with what the pages say of each."""
    rows: QuerySet[DuplicateFile] = DuplicateFile.objects.visible_to(user).order_by("pk")
    rows = rows.select_related("household__worker", "decided_by")
    return rows.prefetch_related(Prefetch("household__members", Member.objects.order_by("-is_head", "pk")))


def file_words(shown: Sequence[DuplicateFile], total: int) -> list[str]:
    """The files by head and number; of those elsewhere no more than how many there are."""
    said = [f"{head_of(file.household)} · {file.household.number}" for file in shown]
    if elsewhere := total - len(shown):
        said.append(elsewhere_words(elsewhere))
    return said


def elsewhere_words(count: int) -> str:
    return ngettext("and one file elsewhere", "and %(count)s files elsewhere", count) % {"count": count}


def surest(cluster: DuplicateCluster) -> str:
    """How probable the most probable pair of people is."""
    most = max((pair["percent"] or 0 for pair in cluster.evidence), default=0)
    return percent_words(most) or "—"


def percent_words(percent: int | None) -> str:
    """What is shown for one slip alone has no weight worth a figure, nor has a look at intake."""
    return f"{percent} %" if percent and percent >= THRESHOLD * 100 else ""


def todos(user: Any) -> list[Todo]:
    """Groups that wait, for whoever may open all their files."""
    rows = DuplicateCluster.objects.visible_to(user).filter(state=DuplicateState.OPEN)
    rows = rows.annotate(total=Count("files")).prefetch_related(
        Prefetch("files", open_to(user), to_attr="shown")
    )
    return [
        Todo(
            title=_("Is it one family? %(heads)s")
            % {"heads": _(", ").join(head_of(f.household) for f in row.shown)},
            url=page_of(row),
            detail=day(row.found_at),
            kind="double",
        )
        for row in rows.order_by("found_at", "pk")[:MOST]
        if len(row.shown) == row.total
    ]


def search_page(request: HttpRequest, frame: Frame) -> HttpResponse:
    """A supervisor has the own area looked through."""
    user: Any = request.user
    form = ConfirmForm(request.POST or None)

    def run(_data: Any) -> Any:
        job = begin_search(by=user, at=clock.now())
        messages.success(
            request, _("The search has begun. What it finds stands on this list in a few minutes.")
        )
        return job

    answer = submit(request, form, run, to="admin:households_duplicatecluster_changelist")
    context = {
        **frame,
        "form": form,
        "title": _("Look through my area"),
        "lead": _(
            "Every night the platform looks for people who stand in two files. Begin now, for example after a table has"
            " gone into the register."
        ),
        "button": _("Begin the search"),
        "back": reverse("admin:households_duplicatecluster_changelist"),
    }
    return answer or page(request, "households/desk/duplicate_form.html", context, form=form)


def cluster_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """Every file a column, every fact a row, what differs marked; below, who looks like whom, and the decision."""
    user: Any = request.user
    cluster = get_visible(DuplicateCluster, user, public_id)
    shown = list(open_to(user).filter(cluster=cluster))
    elsewhere = cluster.files.count() - len(shown)
    waiting = [file for file in shown if file.open]
    form = VerdictForm(request.POST or None, files=waiting, version=cluster.version)

    def run(data: Any) -> DuplicateCluster:
        said = {"verdicts": form.verdicts, "reason": data["reason"], "version": data["version"]}
        done = decide_files(cluster=cluster, **said, by=user, at=clock.now())
        messages.success(request, _("Written down."))
        return done

    if answer := submit(request, form, run, to=page_of):
        return answer
    context = {
        **frame,
        "title": _("Is it one family?"),
        "cluster": cluster,
        "files": [(file, file_url(file.household)) for file in shown],
        "rows": list(_rows(shown)),
        "pairs": list(_pairs(cluster, shown)),
        "elsewhere": elsewhere_words(elsewhere) if elsewhere else "",
        "decides": cluster.state == DuplicateState.OPEN and not elsewhere,
        "form": form,
    }
    return page(request, "households/desk/duplicate.html", context, form=form)


def _rows(files: Sequence[DuplicateFile]) -> Iterator[tuple[Any, list[tuple[str, Any]], bool]]:
    """Label, one masked value a file, and whether the unmasked ones differ."""
    homes = [file.household for file in files]
    places = path_labels({home.area for home in homes})
    relations = labels("relation_to_head")
    facts: list[tuple[Any, list[Any], list[Any]]] = [
        (_("state"), [home.state_label for home in homes], [home.state for home in homes]),
        (
            _("head of household"),
            [head_of(home) for home in homes],
            [home.head and home.head.name for home in homes],
        ),
        (_("place"), [places[home.area] for home in homes], [home.area for home in homes]),
        (_("village group"), [home.group for home in homes], [home.group for home in homes]),
        (
            _("address detail"),
            [mask_address(home.address) for home in homes],
            [home.address for home in homes],
        ),
        (_("phone"), [mask_phone(home.phone) for home in homes], [home.phone for home in homes]),
        (_("people"), [_people(home, relations) for home in homes], [_who(home) for home in homes]),
        (_("worker"), [home.worker.name if home.worker else _("nobody yet") for home in homes], []),
        (_("filed on"), [day(home.filed_at) for home in homes], []),
        (_("decision"), [file.get_verdict_display() for file in files], []),
    ]
    for label, said, values in facts:
        cells = [(home.number, value or "—") for home, value in zip(homes, said, strict=True)]
        yield label, cells, len(set(values)) > 1


def _people(home: Household, relations: dict[str, str]) -> Any:
    lines = [
        " · ".join(
            filter(
                None,
                [mask_name(one.name), relations.get(one.relation, ""), age_of(one), mask_id(one.id_number)],
            )
        )
        for one in home.members.all()
        if one.live
    ]
    return format_html("{}" + "<br>{}" * (len(lines) - 1), *lines) if lines else ""


def _who(home: Household) -> tuple[Any, ...]:
    return tuple(sorted((one.name, str(one.birth_date)) for one in home.members.all() if one.live))


def _pairs(cluster: DuplicateCluster, files: Sequence[DuplicateFile]) -> Iterator[tuple[str, str, list[str]]]:
    """The pairs both of whose files are open to this person: names, weight, and how each field agrees."""
    people = {one.public_id: (one, file.household) for file in files for one in file.household.members.all()}
    for pair in cluster.evidence:
        known = [people[ref] for ref in pair["people"] if ref in people]
        if len(known) < 2:
            continue
        names = " — ".join(f"{mask_name(one.name)} ({home.number})" for one, home in known)
        agree = [
            _("%(field)s: %(grade)s") % {"field": FIELD_WORDS[name], "grade": GRADE_WORDS[grade]}
            for name, grade in pair["agree"].items()
            if name in FIELD_WORDS
        ]
        yield names, percent_words(pair["percent"]), agree
