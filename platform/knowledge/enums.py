"""States of an article and how strong its evidence is (domain §10.11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ArticleKind(models.TextChoices):
    EXPERIENCE = "experience", _("Experience")
    ENTRY = "entry", _("Encyclopedia entry")


class ArticleState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PEER_REVIEW = "peer_review", _("Read by a colleague")
    COMPLIANCE_REVIEW = "compliance_review", _("Checked for privacy and consent")
    PUBLISHED = "published", _("Published")
    UPDATING = "updating", _("Published; a new version is being written")
    UPDATED = "updated", _("Replaced by a newer version")
    TAKEN_DOWN = "taken_down", _("Taken down")
    ARCHIVED = "archived", _("Archived")


_A = ArticleState
ARTICLE_MOVES = {
    _A.DRAFT: {_A.PEER_REVIEW, _A.ARCHIVED},
    _A.PEER_REVIEW: {_A.COMPLIANCE_REVIEW, _A.DRAFT},
    _A.COMPLIANCE_REVIEW: {_A.PUBLISHED, _A.DRAFT},
    _A.PUBLISHED: {_A.UPDATING, _A.TAKEN_DOWN, _A.ARCHIVED},
    _A.UPDATING: {_A.UPDATED, _A.PUBLISHED, _A.TAKEN_DOWN, _A.ARCHIVED},
}
SHOWN = frozenset({_A.PUBLISHED, _A.UPDATING})


class StoryUse(models.TextChoices):
    """Whether a family can be found behind the text: then its consent is a row, never a tick (domain §8.1, §10.11)."""

    NONE = "none", _("No family's story and no picture of one")
    FAMILIES = "families", _("Told after families who agreed to it")


class Grade(models.TextChoices):
    """A: two projects with a comparison; B: before and after; C: the opinion of practitioners."""

    A = "A", _("A · at least two projects, with comparison")
    B = "B", _("B · before and after")
    C = "C", _("C · experience of practitioners")
