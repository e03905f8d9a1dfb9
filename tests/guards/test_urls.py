"""Every address of ours declares who may open it."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Role
from common.pages import PUBLIC, SIGNED_IN

# Pages of third parties keep their own rights: sign-in pages, the admin's frame (opened by the desk), the schema.
THIRD_PARTY = ("allauth.", "django.contrib.", "django.views.", "drf_spectacular.")


def every_pattern(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_pattern(entry, address)
        elif isinstance(entry, URLPattern):
            yield address, entry.callback


def roles_of(view: Any) -> frozenset[str]:
    """What `common.pages` declared on a function, or the class behind an API view or an admin page states."""
    behind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    declared = getattr(view, "roles", None) or getattr(behind, "roles", None)
    if not declared and is_third_party(view):
        declared = getattr(getattr(view, "model_admin", None), "roles", None)
    return frozenset(declared or ())


def is_third_party(view: Any) -> bool:
    behind = getattr(view, "cls", None) or getattr(view, "view_class", None) or view
    return str(behind.__module__).startswith(THIRD_PARTY)


def test_every_address_declares_its_roles():
    undeclared = [
        address
        for address, view in every_pattern(get_resolver())
        if not roles_of(view) and not is_third_party(view)
    ]

    assert undeclared == []


def test_declared_roles_exist():
    known = {PUBLIC, SIGNED_IN, *Role.values}

    unknown = {
        address: sorted(roles_of(view) - known)
        for address, view in every_pattern(get_resolver())
        if roles_of(view) - known
    }

    assert unknown == {}
