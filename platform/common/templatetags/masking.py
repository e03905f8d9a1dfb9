"""Template filters that mask identity data; a missing value stays empty."""

from __future__ import annotations

from datetime import date

from django import template

from common import clock, masking

register = template.Library()


@register.filter
def mask_name(name: str | None) -> str:
    """{{ member.name|mask_name }}"""
    return masking.mask_name(name or "")


@register.filter
def mask_id(number: str | None) -> str:
    """{{ member.id_number|mask_id }}"""
    return masking.mask_id(number or "")


@register.filter
def mask_phone(phone: str | None) -> str:
    """{{ household.phone|mask_phone }}"""
    return masking.mask_phone(phone or "")


@register.filter
def mask_account(account: str | None) -> str:
    """{{ household.account|mask_account }}"""
    return masking.mask_account(account or "")


@register.filter
def age_band(birth: date | None) -> str:
    """{{ member.birth_date|age_band }}"""
    return masking.age_band(birth, clock.today()) if birth else ""
