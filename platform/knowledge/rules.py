"""What may not stand in an article: anything that points at a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Length, StrIndex
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import NATIONAL, Role
from common.exceptions import Refused
from common.logs import IDENTITY
from evaluation.models import Evaluation
from households.models import Consent, Member
from knowledge.enums import ArticleKind, Grade, StoryUse
from knowledge.models import WRITERS, Article
from projects.enums import Stage

# What the writer confirms one by one before anybody else reads it (domain §10.11).
CHECKLIST = {
    "no_names": gettext_lazy("No names, nicknames or initials"),
    "no_place": gettext_lazy("No village, no house, no rare combination of facts"),
    "no_pictures": gettext_lazy("No picture in which somebody can be recognised"),
}
# What a family can have agreed to that lets its story or picture be shown (code list consent_purpose).
PURPOSES = frozenset({"story", "photo"})
# A plan shows no effect, and half the way none that lasts: only what was judged after the end is evidence.
EVIDENCE = Q(stage=Stage.EX_POST, final_at__isnull=False)
PROJECTS = {Grade.A: 2, Grade.B: 1, Grade.C: 0}  # evaluated ones each grade takes
HOUSE = re.compile(r"\d+\s*(号|组|室)")


def works_on(article: Article, by: Any) -> bool:
    """Whether somebody belongs to those who write, read and check this article; published or not."""
    seat = getattr(by, "seat", None)
    return bool(Article.objects.worked_on_by(by, seat).filter(pk=article.pk).exists())


def refuse_unless_writer(by: Any, *, supervisor: bool = False) -> None:
    """Writing and publishing is the station's people's."""
    seat = getattr(by, "seat", None)
    if seat is None or seat.role not in ({Role.SUPERVISOR} if supervisor else WRITERS):
        raise Refused("not_a_writer", _("Articles are written and published by the station's people."))


def refuse_unless_working_on(article: Article, by: Any, *, supervisor: bool = False) -> None:
    """An article is read, checked, revised and taken down by the people of the place it was written in."""
    refuse_unless_writer(by, supervisor=supervisor)
    if not works_on(article, by):
        raise Refused(
            "other_place",
            _("This was written in another place. Ask the station there, or write one of your own."),
        )


def refuse_unseen(rows: Iterable[Evaluation | Consent], by: Any) -> None:
    """Nobody rests a text on evaluations or consents out of files that are closed to the writer."""
    for row in rows:
        if not type(row).objects.visible_to(by).filter(pk=row.pk).exists():
            raise Refused("not_seen", _("Choose only what you may read yourself."))


def refuse_identifying(article: Article) -> None:
    """No identity number, no house, and no name of a family served, or on file where the text was written."""
    whole = "\n".join([article.title, article.summary, article.body])
    if IDENTITY.search(whole) or HOUSE.search(whole):
        raise Refused(
            "identifying",
            _("There is a number in the text that could point at a person. Take it out."),
            field="body",
        )
    named = Member.objects.alias(
        length=Length("name"), found=StrIndex(Value(whole, output_field=TextField()), F("name"))
    ).filter(live=True, length__gt=1, found__gt=0)
    served = named.filter(
        household__needs__proposals__project__in=article.evaluations.values("project_id"),
    )
    area = "" if article.area == NATIONAL else article.area
    on_file = named.filter(household__area__startswith=area, household__filed_at__isnull=False)
    if served.exists() or on_file.exists():
        raise Refused(
            "identifying",
            _("The name of somebody who was helped stands in the text. Take it out."),
            field="body",
        )


def refuse_weak(kind: str, grade: str, evaluations: Sequence[Evaluation]) -> None:
    """An experience, and whatever claims an effect, rests on final evaluations after the end (domain §10.11)."""
    if any(evaluation.final_at is None for evaluation in evaluations):
        raise Refused("not_final", _("Only final evaluations count as evidence."), field="evaluations")
    if (kind == ArticleKind.EXPERIENCE or PROJECTS[Grade(grade)]) and any(
        evaluation.stage != Stage.EX_POST for evaluation in evaluations
    ):
        raise Refused(
            "not_after_the_end",
            _(
                "An evaluation before the end judges a plan or half the way, and shows no effect yet. Choose one made "
                "after the end of a project, or write an entry of grade C."
            ),
            field="evaluations",
        )
    if len({evaluation.project_id for evaluation in evaluations}) < PROJECTS[Grade(grade)]:
        raise Refused(
            "evidence_weak", _("This grade needs more evaluated projects. Choose a lower one."), field="grade"
        )


def refuse_without_evidence(article: Article) -> None:
    """An experience says what an evaluation found; an entry of the encyclopedia may rest on none (domain §10.11)."""
    refuse_weak(article.kind, article.grade, list(article.evaluations.all()))
    if article.kind == ArticleKind.EXPERIENCE and not article.evaluations.exists():
        raise Refused(
            "evaluation_missing",
            _("An experience rests on at least one final evaluation. Choose it in the text first."),
            field="evaluations",
        )


def refuse_without_consent(story: str, consents: Iterable[Consent]) -> None:
    """A story rests on consents for it that are in force; a text without one names none (domain §8.1, §10.11)."""
    rows = list(consents)
    if story == StoryUse.NONE:
        if rows:
            raise Refused(
                "consent_without_story",
                _("You chose families' consents, so say that the text is told after them."),
                field="story",
            )
        return
    if not rows:
        raise Refused(
            "consent_missing",
            _("Choose the consent of every family whose story or picture is told."),
            field="consents",
        )
    if any(row.purpose not in PURPOSES for row in rows):
        raise Refused(
            "consent_for_else",
            _("This family agreed to something else, not to its story or picture being shown."),
            field="consents",
        )
    if any(row.withdrawn_at is not None for row in rows):
        raise Refused(
            "consent_withdrawn",
            _("A family has taken its consent back. Leave its story out."),
            field="consents",
        )


def refuse_unchecked(checklist: Iterable[str]) -> None:
    """Every point must have been confirmed."""
    if set(CHECKLIST) - set(checklist):
        raise Refused("checklist", _("Go through the list and tick every point."), field="checklist")
