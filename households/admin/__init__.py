"""Households inside the web admin: lists, the file, work pages."""

from households.admin import cards, care, cases, duplicates, imports, plans, records, scales, ties, trainings

__all__ = [
    "cards",
    "care",
    "cases",
    "duplicates",
    "imports",
    "plans",
    "records",
    "scales",
    "ties",
    "trainings",
]
