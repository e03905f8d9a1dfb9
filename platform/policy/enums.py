"""States and kinds of the government party."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PolicyState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    PUBLISHED = "published", _("Published")
    AMENDED = "amended", _("Replaced by an amendment")
    REPEALED = "repealed", _("Repealed")


POLICY_MOVES = {
    PolicyState.DRAFT: {PolicyState.REVIEWED},
    PolicyState.REVIEWED: {PolicyState.PUBLISHED, PolicyState.DRAFT},
    PolicyState.PUBLISHED: {PolicyState.AMENDED, PolicyState.REPEALED},
}


class Scope(models.TextChoices):
    """How specific a line is; the most specific published one wins."""

    NATIONAL = "national", _("national")
    PROVINCE = "province", _("provincial")
    PREFECTURE = "prefecture", _("prefecture")
    COUNTY = "county", _("county")


PREFIX_LENGTH = {Scope.NATIONAL: 0, Scope.PROVINCE: 2, Scope.PREFECTURE: 4, Scope.COUNTY: 6}


class LineKind(models.TextChoices):
    POVERTY = "poverty", _("poverty line")
    EXIT = "exit", _("exit line")
    MONITORING = "monitoring", _("monitoring line")
    DIBAO = "dibao", _("subsistence allowance line")


class Subject(models.TextChoices):
    HOUSEHOLD = "household", _("households")
    AGENCY = "agency", _("agencies")
    DONOR = "donor", _("donors")
    VOLUNTEER = "volunteer", _("volunteers")


class Category(models.TextChoices):
    """What a policy is about, in the order of the open-government catalogue."""

    LINES = "lines", _("Income lines")
    ASSISTANCE = "assistance", _("Social assistance")
    EDUCATION = "education", _("Education")
    MEDICAL = "medical", _("Medical care")
    HOUSING = "housing", _("Housing")
    EMPLOYMENT = "employment", _("Employment")
    INDUSTRY = "industry", _("Farming and industry")
    FINANCE = "finance", _("Finance")
    INFRASTRUCTURE = "infrastructure", _("Water and infrastructure")
    DONATION = "donation", _("Giving and volunteering")
    OTHER = "other", _("Other")
