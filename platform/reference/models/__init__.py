"""Public facts every party shares: divisions, code lists, items, the work calendar."""

from reference.models.calendar import WorkCalendar
from reference.models.divisions import Designation, Division
from reference.models.vocabulary import Code, CodeList, Item

__all__ = ["Code", "CodeList", "Designation", "Division", "Item", "WorkCalendar"]
