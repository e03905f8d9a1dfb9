"""Writing, reading, checking and publishing: three different people (R49, R50, R61)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.exceptions import Difference, Refused, Stale
from common.locking import lock, save_edited
from common.recording import record
from common.states import move
from evaluation.models import Evaluation
from households.models import Consent
from knowledge.enums import ArticleState, StoryUse
from knowledge.models import Article
from knowledge.rules import (
    refuse_identifying,
    refuse_unchecked,
    refuse_unless_working_on,
    refuse_unless_writer,
    refuse_unseen,
    refuse_weak,
    refuse_without_consent,
    refuse_without_evidence,
)


@transaction.atomic
def draft_article(
    *,
    kind: str,
    title: str,
    summary: str,
    body: str,
    causes: Sequence[str],
    categories: Sequence[str],
    grade: str,
    evaluations: Sequence[Evaluation],
    story: str,
    by: User,
    at: datetime,
    consents: Sequence[Consent] = (),
    replaces: Article | None = None,
) -> Article:
    """A worker writes down what worked; grades A and B rest on evaluations after the end, A on two projects or more.

    A new version begins with the words of the old one and is held against the rule when it is sent.
    """
    refuse_unless_writer(by)
    if replaces is None:
        refuse_unseen([*evaluations, *consents], by)
        refuse_weak(kind, grade, evaluations)
    refuse_without_consent(story, consents)
    article = Article(
        kind=kind,
        title=title,
        summary=summary,
        body=body,
        causes=list(causes),
        categories=list(categories),
        grade=grade,
        story=StoryUse(story),
        author=by,
        area=replaces.area if replaces else by.seat.prefix if by.seat else "",
        replaces=replaces,
        created_at=at,
        state=ArticleState.DRAFT,
        state_since=at,
    )
    article.save(force_insert=True)
    article.evaluations.set(evaluations)
    article.consents.set(consents)
    register_involvement(file=article, duty=Duty.AUTHOR, by=by, at=at)
    record(
        "article.drafted", article, by=by, at=at, kind=kind, grade=grade, story=story,
        evaluations=[e.number for e in evaluations], consents=[c.public_id for c in consents],
    )  # fmt: skip
    return article


@transaction.atomic
def edit_article(
    *,
    article: Article,
    version: int,
    causes: Sequence[str],
    categories: Sequence[str],
    evaluations: Sequence[Evaluation],
    consents: Sequence[Consent],
    by: User,
    at: datetime,
    **words: str,
) -> Article:
    """The author edits the draft; a stale save shows both versions."""
    _refuse_unless_own_draft(lock(article), by)
    for name, rows in (("evaluations", evaluations), ("consents", consents)):
        kept = set(getattr(article, name).values_list("pk", flat=True))
        refuse_unseen([row for row in rows if row.pk not in kept], by)
    refuse_weak(words.get("kind", article.kind), words["grade"], evaluations)
    refuse_without_consent(words["story"], consents)
    chosen = {"causes": list(causes), "categories": list(categories)}
    try:
        saved = save_edited(article, version=version, changes={**words, **chosen})
    except Stale as stale:
        linked = [*_moved(article, "evaluations", evaluations), *_moved(article, "consents", consents)]
        differences = [*stale.differences, *linked]
        raise Stale(stale.message, differences=differences, version=stale.version) from None
    saved.evaluations.set(evaluations)
    saved.consents.set(consents)
    record(
        "article.edited", saved, by=by, at=at, grade=saved.grade, story=saved.story,
        evaluations=[e.number for e in evaluations], consents=[c.public_id for c in consents],
    )  # fmt: skip
    return saved


def _moved(article: Article, name: str, yours: Sequence[Any]) -> list[Difference]:
    """What the other person linked meanwhile, when it is not the same."""
    theirs = list(getattr(article, name).order_by("pk").values_list("pk", flat=True))
    chosen = sorted(row.pk for row in yours)
    label = str(article._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return [Difference(name, label, theirs, chosen)] if theirs != chosen else []


@transaction.atomic
def revise_article(*, article: Article, by: User, at: datetime) -> Article:
    """A draft with the words of a published article; the article stays public until the draft takes its place."""
    article = lock(article)
    refuse_unless_working_on(article, by)
    if article.state != ArticleState.PUBLISHED:
        raise Refused("not_published", _("Only a published article gets a new version, one at a time."))
    move(article, ArticleState.UPDATING, by=by, at=at)
    return draft_article(
        kind=article.kind,
        title=article.title,
        summary=article.summary,
        body=article.body,
        causes=article.causes,
        categories=article.categories,
        grade=article.grade,
        evaluations=list(article.evaluations.all()),
        story=article.story,
        consents=list(article.consents.all()),
        replaces=article,
        by=by,
        at=at,
    )


@transaction.atomic
def drop_article(*, article: Article, by: User, at: datetime) -> Article:
    """The author gives a draft up; the version it was to replace stays as it is."""
    article = lock(article)
    _refuse_unless_own_draft(article, by)
    if article.replaces is not None and article.replaces.state == ArticleState.UPDATING:
        move(lock(article.replaces), ArticleState.PUBLISHED, by=by, at=at)
    return move(article, ArticleState.ARCHIVED, by=by, at=at, also={"replaces": None})


@transaction.atomic
def send_article(*, article: Article, checklist: Sequence[str], by: User, at: datetime) -> Article:
    """The author has gone through the de-identification list; a colleague reads it next."""
    article = lock(article)
    _refuse_unless_own_draft(article, by)
    refuse_unchecked(checklist)
    _refuse_unfit(article)
    also = {"checklist": list(checklist), "reason": ""}
    return move(article, ArticleState.PEER_REVIEW, by=by, at=at, also=also)


@transaction.atomic
def pass_peer_review(*, article: Article, by: User, at: datetime) -> Article:
    """A colleague finds it right and useful."""
    article = lock(article)
    refuse_unless_working_on(article, by)
    if article.author_id == by.pk:
        raise Refused("four_eyes", _("You wrote this. A colleague reads it."))
    return move(article, ArticleState.COMPLIANCE_REVIEW, by=by, at=at, also={"peer": by})


@transaction.atomic
def publish_article(*, article: Article, by: User, at: datetime) -> Article:
    """A third person checks privacy and consent and publishes; an older version gives way."""
    article = lock(article)
    refuse_unless_working_on(article, by, supervisor=True)
    if by.pk in {article.author_id, article.peer_id}:
        raise Refused("third_person_needed", _("A third colleague publishes it."))
    _refuse_unfit(article)
    register_involvement(file=article, duty=Duty.EDITOR, by=by, at=at)
    if article.replaces is not None and article.replaces.state == ArticleState.UPDATING:
        move(lock(article.replaces), ArticleState.UPDATED, by=by, at=at)
    return move(article, ArticleState.PUBLISHED, by=by, at=at, also={"editor": by, "published_at": at})


@transaction.atomic
def return_article(*, article: Article, reason: str, by: User, at: datetime) -> Article:
    """Back to the author, with what to change."""
    article = lock(article)
    refuse_unless_working_on(article, by)
    if not reason.strip():
        raise Refused("reason_missing", _("Say what the author should change."), field="reason")
    return move(article, ArticleState.DRAFT, by=by, at=at, also={"reason": reason, "peer": None})


@transaction.atomic
def take_down_article(*, article: Article, reason: str, by: User, at: datetime) -> Article:
    """After a complaint it disappears at once; looking into it comes afterwards."""
    article = lock(article)
    refuse_unless_working_on(article, by, supervisor=True)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why it is taken down."), field="reason")
    return move(article, ArticleState.TAKEN_DOWN, by=by, at=at, also={"reason": reason})


@transaction.atomic
def archive_article(*, article: Article, by: User, at: datetime) -> Article:
    """No longer current."""
    refuse_unless_working_on(article, by, supervisor=True)
    return move(lock(article), ArticleState.ARCHIVED, by=by, at=at)


def _refuse_unless_own_draft(article: Article, by: User) -> None:
    refuse_unless_writer(by)
    if article.author_id != by.pk or article.state != ArticleState.DRAFT:
        raise Refused("not_your_draft", _("Only the author does this, and only while it is a draft."))


def _refuse_unfit(article: Article) -> None:
    refuse_without_consent(article.story, article.consents.all())
    refuse_without_evidence(article)
    refuse_identifying(article)
