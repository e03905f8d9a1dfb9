"""Households inside the web admin: lists, the file, work pages."""

from households.admin import cards, cases, duplicates, imports, records, scales, trainings

__all__ = ["cards", "cases", "duplicates", "imports", "records", "scales", "trainings"]
