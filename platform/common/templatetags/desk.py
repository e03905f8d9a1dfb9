"""Facts on the desk's pages: what a row points to is a link for those alone who may follow it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.db.models import JSONField
from django.utils.html import format_html

from common.admin import RecordAdmin
from common.spelling import spelled

register = template.Library()


@register.simple_tag(takes_context=True)
def fact(context: Mapping[str, Any], field: Any) -> Any:
    """A read-only field in words; the row it points to is linked when the reader's gate and role open it."""
    row = field.form.instance
    try:
        known = row._meta.get_field(field.field["name"])
    except FieldDoesNotExist:
        return field.contents()
    if isinstance(known, JSONField):
        return spelled(getattr(row, known.name))
    if not known.is_relation or not known.many_to_one:
        return field.contents()
    other = getattr(row, known.name)
    if other is None:
        return field.contents()
    request, desk = context["request"], field.model_admin.admin_site._registry.get(type(other))
    may = (
        isinstance(desk, RecordAdmin)
        and desk.has_view_permission(request)
        and desk.get_queryset(request).filter(pk=other.pk).exists()
    )
    return format_html('<a href="{}">{}</a>', desk.row_url(other), other) if may else str(other)
