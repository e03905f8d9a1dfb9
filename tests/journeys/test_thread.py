"""The whole main job in a browser, on an empty installation, in both languages (design §9, domain §16).

One test a language: every step stands on what the step before it left behind.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.journeys.people import Journey
from tests.journeys.site import Site
from tests.journeys.steps_agreements import entrustment_is_signed, service_agreement_is_signed
from tests.journeys.steps_county import open_the_county
from tests.journeys.steps_delivery import causes_are_found_together, first_help_is_brought, rest_is_brought
from tests.journeys.steps_desk import elder_is_refused, household_is_filed
from tests.journeys.steps_evaluation import after_the_end, before_the_start, midway
from tests.journeys.steps_giving import lots_are_listed, need_is_pledged
from tests.journeys.steps_government import policy_is_published, public_money_is_registered
from tests.journeys.steps_household import household_applies, household_follows, neighbour_applies
from tests.journeys.steps_knowledge import experience_is_published, objection_is_answered
from tests.journeys.steps_matching import parties_confirm, project_may_begin, run_proposes, worker_decides
from tests.journeys.steps_money import (
    arrival_is_confirmed,
    first_payment_is_accounted_for,
    first_tranche_is_paid,
    money_is_sent,
    second_payment_is_accounted_for,
    second_tranche_is_paid,
    second_tranche_waits,
)
from tests.journeys.steps_parties import agency_is_admitted, donors_register, fund_holder_is_admitted
from tests.journeys.steps_project import milestones_are_reached, project_is_applied_for
from tests.journeys.steps_rating import agencies_are_rated, donors_are_ranked
from tests.journeys.steps_reports import ledgers_are_downloaded, ledgers_are_filtered
from tests.journeys.steps_trace import donor_sees_what_came_of_it, donors_are_told, homes_show_everything

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def nothing_was_altered(journey: Journey) -> None:
    """What was written can be recomputed: the sealed journal, and every lot's counters from its ledger."""
    call_command("verify_journal", verbosity=0)
    call_command("verify_ledger", verbosity=0)


STEPS: tuple[Callable[[Journey], None], ...] = (
    open_the_county,
    policy_is_published,
    household_applies,
    neighbour_applies,
    household_is_filed,
    household_follows,
    fund_holder_is_admitted,
    agency_is_admitted,
    donors_register,
    lots_are_listed,
    need_is_pledged,
    public_money_is_registered,
    project_is_applied_for,
    before_the_start,
    run_proposes,
    worker_decides,
    parties_confirm,
    project_may_begin,
    causes_are_found_together,
    service_agreement_is_signed,
    entrustment_is_signed,
    money_is_sent,
    arrival_is_confirmed,
    first_tranche_is_paid,
    second_tranche_waits,
    first_help_is_brought,
    first_payment_is_accounted_for,
    milestones_are_reached,
    donors_are_told,
    midway,
    second_tranche_is_paid,
    rest_is_brought,
    second_payment_is_accounted_for,
    donors_are_told,
    after_the_end,
    agencies_are_rated,
    donors_are_ranked,
    donor_sees_what_came_of_it,
    homes_show_everything,
    ledgers_are_downloaded,
    ledgers_are_filtered,
    experience_is_published,
    elder_is_refused,
    objection_is_answered,
    nothing_was_altered,
)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_thread_from_application_to_rating(browser: Any, site: Site, language: str, tmp_path: Path):
    journey = Journey(browser, site, language)
    try:
        for step in STEPS:
            step(journey)
    except BaseException:
        journey.keep_pictures(tmp_path)
        raise
    finally:
        journey.close()
