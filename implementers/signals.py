"""News from the implementing side for the layers above."""

from __future__ import annotations

from django.dispatch import Signal

# agency, before, after, by, at — the standing changed; running matches may be concerned.
standing_changed = Signal()
