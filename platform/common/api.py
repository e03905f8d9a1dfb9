"""Lists of the API: the pages' own keyset, so that both refuse the same cut addresses."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.utils.urls import replace_query_param

from common.filters import CURSOR
from common.pagination import Page, keyset_page


class KeysetPagination(CursorPagination):
    """`ordering` ends with a unique column and names no nullable one; at most `max_page_size` rows a page."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    cursor_query_param = CURSOR
    ordering: tuple[str, ...] = ("-id",)
    _page: Page
    _address: str

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        size = self.get_page_size(request)
        self._address = request.build_absolute_uri()
        try:
            self._page = keyset_page(
                queryset, order=self.ordering, cursor=request.query_params.get(CURSOR, ""), size=size
            )
        except BadRequest as cut:
            raise ValidationError({CURSOR: [str(cut)]}) from None
        return self._page.rows

    def get_page_size(self, request: Any) -> int:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not re.fullmatch("[1-9][0-9]{0,2}", asked) or int(asked) > self.max_page_size:
            wanted = _("a whole number from 1 to %(most)s") % {"most": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [wanted]})
        return int(asked)

    def get_next_link(self) -> str | None:
        return self._link(self._page.next)

    def get_previous_link(self) -> str | None:
        return self._link(self._page.previous)

    def _link(self, cursor: str) -> str | None:
        return replace_query_param(self._address, CURSOR, cursor) if cursor else None
