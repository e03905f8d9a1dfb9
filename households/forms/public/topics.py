"""“What do you need most?”: ten everyday answers, and the concrete items under each (domain §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

UNSURE = "unsure"
UNSURE_ITEM = (
    "procedure_query"  # a social worker sits down with the family; the assessment says what it really is
)


@dataclass(frozen=True)
class Topic:
    """One card: its words, a second line of examples, and the items a household may ask for under it."""

    slug: str
    label: Any
    hint: Any
    items: tuple[str, ...]


TOPICS = (
    Topic(
        "medical",
        _("Seeing a doctor, medicine"),
        _("medicine, hospital, rehabilitation, company to the hospital"),
        (
            "chronic_medicine", "serious_illness_money", "insurance_premium", "rehabilitation", "medical_escort",
            "wheelchair", "crutches", "hearing_aid",
        ),
    ),
    Topic(
        "money",
        _("Money is short, something urgent to pay"),
        _("emergency, daily life, starting something, a loan"),
        ("emergency_money", "living_aid", "startup_capital", "interest_subsidy", "micro_credit_guidance"),
    ),
    Topic(
        "things",
        _("Things to eat, wear and use"),
        _("rice, quilts, winter clothes, a stove"),
        (
            "rice", "flour", "cooking_oil", "milk_powder", "quilt", "winter_coat", "washing_machine", "heating_stove",
            "heating_coal",
        ),
    ),
    Topic(
        "school",
        _("The children's school"),
        _("school fees, boarding, lessons"),
        (
            "tuition", "boarding", "school_kit", "tutoring", "yulu_subsidy", "dropout_support", "left_behind_visit",
        ),
    ),
    Topic(
        "work",
        _("Finding work, learning a trade"),
        _("a job, a course, seed and animals, selling what we grow"),
        (
            "local_job", "migrant_job", "public_post", "home_work", "farming_technique_seat", "craft_seat",
            "ecommerce_seat", "care_worker_seat", "driving_seat", "mandarin_seat", "digital_skill_seat",
            "seed_fertiliser", "breeding_sheep", "produce_order",
        ),
    ),
    Topic(
        "house",
        _("The house and drinking water"),
        _("repairs, heating, toilet, water tank"),
        ("house_repair", "toilet_works", "accessibility_works", "water_tank", "street_light"),
    ),
    Topic(
        "care",
        _("Old or ill people at home need care"),
        _("somebody to look after them for some hours"),
        ("elder_care_hour", "disabled_care_hour", "infant_care_hour", "respite_day"),
    ),
    Topic(
        "heart",
        _("A heavy heart, wanting to talk to somebody"),
        _("a talk, company, grief"),
        ("counselling", "companionship", "grief_support", "group_session"),
    ),
    Topic(
        "policy",
        _("Asking about policies, getting papers done"),
        _("policies, procedures, wages owed, injuries"),
        (
            "policy_query", "procedure_query", "market_query", "legal_hour", "legal_aid_case", "financial_advice",
        ),
    ),
    Topic(
        UNSURE,
        _("Not sure: let a social worker look with us"),
        "",
        (UNSURE_ITEM,),
    ),
)  # fmt: skip
BY_SLUG = {topic.slug: topic for topic in TOPICS}
