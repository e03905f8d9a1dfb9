"""Households inside the web admin: lists, the file, work pages."""

from households.admin import cases, duplicates, imports, records, scales, trainings

__all__ = ["cases", "duplicates", "imports", "records", "scales", "trainings"]
