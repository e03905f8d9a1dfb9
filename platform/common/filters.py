"""Filters that refuse what they do not know: an unknown parameter is an error, never "everything"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import django_filters
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from django_filters.widgets import SuffixedMultiWidget

CURSOR = "cursor"
ALWAYS = frozenset({CURSOR, "format", "page_size"})


class StrictFilterSet(django_filters.FilterSet):
    """Unknown names and unreadable values end in one clear message (HTTP 400)."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        refuse_unknown(data or {}, set(self.form.fields) | ALWAYS | _suffixed(self.form))

    def rows(self) -> Any:
        """The filtered queryset, or HTTP 400 with the fields that cannot be read."""
        if self.is_bound and not self.form.is_valid():
            names = ", ".join(sorted(self.form.errors))
            raise BadRequest(
                _("The filter “%(names)s” cannot be read. Choose again on the page.") % {"names": names}
            )
        return self.qs


def refuse_unknown(asked: Iterable[str], known: Collection[str]) -> None:
    """HTTP 400 that names the parameters a list does not have."""
    if unknown := sorted(set(asked) - set(known)):
        raise BadRequest(
            _(
                "This list has no filter “%(names)s”. Remove it from the address, or choose a filter on the page."
            )
            % {"names": ", ".join(unknown)}
        )


def _suffixed(form: Any) -> set[str]:
    """Parameters of fields with two boxes: `opened_after` and `opened_before` of the field `opened`."""
    return {
        field.widget.suffixed(name, suffix)
        for name, field in form.fields.items()
        if isinstance(field.widget, SuffixedMultiWidget)
        for suffix in field.widget.suffixes
    }
