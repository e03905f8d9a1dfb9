"""Whether a person must have a second factor, for the page that sets it up."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.second_factor import required

register = template.Library()


@register.filter
def needs_second_factor(user: Any) -> bool:
    """One seat that handles other people's data is enough."""
    return required(user)
