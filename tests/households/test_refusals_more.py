"""A file is approved only when somebody has seen, written and settled everything, and about this family alone."""

from __future__ import annotations

from datetime import date

import pytest

from households import services
from households.models import Assessment, Household, QualityFlag
from households.services.facts import add_measure
from households.services.file import edit_household
from tests import cast as people
from tests.cast import AT, Cast
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return people.county()


def test_no_assessment_no_approval(cast: Cast) -> None:
    application = people.visited(people.widow_applies(), cast)

    with refuses("no_assessment"):
        services.approve_application(application=application, by=cast.supervisor, at=AT)


def test_open_question_holds_the_approval(cast: Cast) -> None:
    """Two households give one telephone number, which nobody noticed before the review."""
    application = people.reviewing(people.widow_applies(), cast)
    others = [people.applies(people.clean_answers(n, phone=people.WIDOW_PHONE)) for n in (1, 2, 3)]
    services.run_quality_rules(household=application.household, application=None, by=cast.worker, at=AT)
    assert others
    assert QualityFlag.objects.filter(
        household=application.household, severity__in=["block", "flag"]
    ).exists()

    with refuses("open_questions"):
        services.approve_application(application=application, by=cast.supervisor, at=AT)


def test_assessment_goes_up_only_after_somebody_saw_the_document(cast: Cast) -> None:
    application = people.verified(people.widow_applies(), cast)
    household = Household.objects.get()
    edit_household(
        household=household, version=household.version, changes=people.CLASS_OF_FILE, by=cast.worker, at=AT
    )
    services.record_visit(
        visit=people.planned_visit(household), done_at=AT, companion=cast.colleague,
        companion_name="", by_video=False, identity_seen=0, papers_of=[], findings="证件在儿子那里。",
        evidence=None, by=cast.worker, at=AT,
    )  # fmt: skip
    assessment = services.start_assessment(application=application, by=cast.worker, at=AT)
    services.save_assessment(
        assessment=assessment, version=assessment.version, changes=people.full_assessment(), by=cast.worker,
        at=AT,
    )  # fmt: skip

    with refuses("identity_not_seen"):
        services.submit_assessment(
            assessment=Assessment.objects.get(), household_confirms=True, needs=[], by=cast.worker, at=AT
        )


def test_need_of_another_family_is_not_assessed_here(cast: Cast) -> None:
    other = people.applies(people.clean_answers(1))
    application = people.visited(people.widow_applies(), cast)
    assessment = services.start_assessment(application=application, by=cast.worker, at=AT)
    services.save_assessment(
        assessment=assessment, version=assessment.version, changes=people.full_assessment(), by=cast.worker,
        at=AT,
    )  # fmt: skip

    with refuses("other_household"):
        services.submit_assessment(
            assessment=Assessment.objects.get(), household_confirms=True,
            needs=[{"need": people.needs_of(other)[0], "public_title": "棉被"}], by=cast.worker, at=AT,
        )  # fmt: skip


def test_help_is_noted_for_a_member_of_this_family_alone(cast: Cast) -> None:
    stranger = people.applies(people.clean_answers(1)).household.members.get()
    application = people.accepted(people.widow_applies(), cast)

    with refuses("other_household"):
        add_measure(
            household=application.household, kind="dibao", item=None, source="public", amount=30_000,
            period_start=date(2026, 1, 1), period_end=None, document="", member=stranger, by=cast.worker, at=AT,
        )  # fmt: skip
