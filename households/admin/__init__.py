"""Households inside the web admin: lists, the file, work pages."""

from households.admin import cases, imports, records, scales, trainings

__all__ = ["cases", "imports", "records", "scales", "trainings"]
