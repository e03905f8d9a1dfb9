"""Vocabularies of the assessment: Washington Group short set, PHQ-2, risks, levels (domain §4.1, §4.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FunctionDomain(models.TextChoices):
    """The six questions of the Washington Group short set on functioning."""

    SEEING = "seeing", _("seeing, even with glasses")
    HEARING = "hearing", _("hearing, even with a hearing aid")
    WALKING = "walking", _("walking or climbing steps")
    REMEMBERING = "remembering", _("remembering or concentrating")
    WASHING = "washing", _("washing or dressing")
    COMMUNICATING = "communicating", _("understanding and being understood")


class Difficulty(models.TextChoices):
    """The four answers; “a lot” and “cannot” count as a disability in statistics."""

    NONE = "none", _("no difficulty")
    SOME = "some", _("some difficulty")
    LOT = "lot", _("a lot of difficulty")
    CANNOT = "cannot", _("cannot do it at all")


class MoodQuestion(models.TextChoices):
    """The two questions of PHQ-2 about the last two weeks; it opens a conversation and diagnoses nobody."""

    INTEREST = "interest", _("In the last two weeks: little interest or pleasure in doing things?")
    DOWN = "down", _("In the last two weeks: feeling down, low or without hope?")


class MoodAnswer(models.TextChoices):
    NEVER = "0", _("not at all")
    DAYS = "1", _("on several days")
    HALF = "2", _("on more than half the days")
    DAILY = "3", _("nearly every day")
    REFUSED = "refused", _("prefers not to say")


class Risk(models.TextChoices):
    """What cannot wait: any of these makes a need most urgent."""

    SAFETY = "safety", _("in danger at home or outside")
    SELF_HARM = "self_harm", _("thoughts of harming oneself")
    VIOLENCE = "violence", _("violence in the family")
    FOOD = "food", _("nothing to eat today or tomorrow")
    SHELTER = "shelter", _("no safe place to sleep")


class Frequency(models.TextChoices):
    ONCE = "once", _("happened once")
    SOMETIMES = "sometimes", _("from time to time")
    WEEKLY = "weekly", _("every week")
    DAILY = "daily", _("every day")


class Duration(models.TextChoices):
    WEEKS = "weeks", _("some weeks")
    MONTHS = "months", _("some months")
    YEARS = "years", _("a year or longer")
    LASTING = "lasting", _("for good")
    UNKNOWN = "unknown", _("cannot be said yet")


class CauseLevel(models.TextChoices):
    """At which of the three levels a cause lies."""

    PROBLEM = "problem", _("the problem itself")
    PERSON = "person", _("the person")
    SITUATION = "situation", _("the situation")


class Grade(models.IntegerChoices):
    """How severe the problem is."""

    NONE = 0, _("0 · no problem")
    SLIGHT = 1, _("1 · slight, the family copes")
    MODERATE = 2, _("2 · moderate, copes with effort")
    SEVERE = 3, _("3 · severe, does not cope without help")
    EXTREME = 4, _("4 · extreme, life or health at stake")


MOST_CAUSES = 3
