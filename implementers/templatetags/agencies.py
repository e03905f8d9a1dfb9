"""An agency's name, leading to its page for whoever may read that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html

from accounts.enums import GOVERNMENT, PLATFORM_STAFF
from implementers.enums import AgencyState
from implementers.models import Agency
from implementers.views.agencies import READERS

register = template.Library()


@register.simple_tag(takes_context=True)
def agency_name(context: Mapping[str, Any], agency: Agency) -> str:
    """Strangers and families read the name alone; no row is fetched for it."""
    role = getattr(context.get("seat"), "role", "")
    open_to_all = agency.state == AgencyState.ADMITTED
    if role not in READERS or not (open_to_all or role in PLATFORM_STAFF | GOVERNMENT):
        return agency.name
    url = reverse("implementers:agency", args=[agency.public_id])
    return format_html('<a href="{}">{}</a>', url, agency.name)
