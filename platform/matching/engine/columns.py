"""Rows as columns of whole numbers."""

from collections.abc import Sequence

import numpy as np

from .eligibility import first_day, last_day
from .flow import Ints
from .rows import NeedRow


def first_days(needs: Sequence[NeedRow]) -> Ints:
    """The first day each need can be served."""
    return np.array([first_day(need.earliest) for need in needs], np.int64)


def last_days(needs: Sequence[NeedRow]) -> Ints:
    """The last day each need can be served."""
    return np.array([last_day(need.latest) for need in needs], np.int64)


def combine(columns: Sequence[Ints]) -> Ints:
    """One number for each distinct row of the columns, in the columns' own order."""
    code = np.zeros(columns[0].size, np.int64)
    for column in columns:
        _, rank = np.unique(column, return_inverse=True)
        code = code * (int(rank.max(initial=0)) + 1) + rank
        _, code = np.unique(code, return_inverse=True)
    return code.astype(np.int64)
