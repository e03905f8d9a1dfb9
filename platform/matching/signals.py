"""News for the layers above, sent inside the service's transaction."""

from django.dispatch import Signal

asked = Signal()  # confirmation, by, at
confirmed = Signal()  # proposal, by, at
completed = Signal()  # proposal, by, at
released = Signal()  # proposal, by, at
override_asked = Signal()  # override, by, at
override_answered = Signal()  # override, by, at
