"""Every act a worker has, by the kind of row it is done to."""

from households.desk.acts import application, care, checking, household, needs, rights, safety, slips, ties
from households.desk.acts.base import Act, act_of, household_of, offered, slugs_of

__all__ = [
    "Act",
    "act_of",
    "application",
    "care",
    "checking",
    "household",
    "household_of",
    "needs",
    "offered",
    "rights",
    "safety",
    "slips",
    "slugs_of",
    "ties",
]
