"""Chapter four: ratings and rankings by rule, approved by people; an experience for the encyclopedia."""

from __future__ import annotations

from demo.story.world import World
from evaluation import services as evaluations
from evaluation.models import Ranking, Rating
from jobs.worker import perform_waiting


def rate_and_rank(world: World) -> None:
    """The quarter's ratings and the donors' board: computed, reviewed, approved by two different people."""
    with world.on(168) as at:
        evaluations.start_rating(as_of=at.date(), by=world.person("lidu"), at=at)
        evaluations.start_ranking(as_of=at.date(), by=world.person("lidu"), at=at)
        perform_waiting()
    for rating in Rating.objects.filter(state="draft").order_by("pk"):
        with world.on(169) as at:
            rating = evaluations.review_rating(rating=rating, by=world.person("lidu"), at=at)
        with world.on(170) as at:
            evaluations.approve_rating(rating=rating, by=world.person("zhaohua"), at=at)
    for ranking in Ranking.objects.filter(state="draft").order_by("pk"):
        with world.on(170) as at:
            evaluations.approve_ranking(ranking=ranking, by=world.person("zhaohua"), at=at)


def write_experience(world: World) -> None:
    """Written by a worker, checked by two others, published."""
