"""News from the donor side for the layers above; sent inside the service's transaction."""

from __future__ import annotations

from django.dispatch import Signal

# lot, by, at — the lot may be matched from now on.
lot_listed = Signal()
# lot, by, at — what is still set aside stays; nothing new may be.
lot_withdrawn = Signal()
# pledge, by, at — sent before the pledge is taken back, so that what it set aside is released first.
pledge_withdrawing = Signal()
# feedback, by, at — the donor has been told.
feedback_given = Signal()
