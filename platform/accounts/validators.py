"""Passwords: ten characters (settings) of three classes out of four (quality S; MLPS level 3)."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")
NEEDED = 3


class ThreeClassesValidator:
    """Small letters, capital letters, digits, other signs: three of the four kinds."""

    def validate(self, password: str, user: Any = None) -> None:
        if sum(bool(re.search(kind, password)) for kind in CLASSES) < NEEDED:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return _("Mix three of these four: small letters, capital letters, digits, other signs.")
