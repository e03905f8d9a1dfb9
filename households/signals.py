"""News for the layers above, sent inside the service's transaction."""

from django.dispatch import Signal

# household, by, at — sent before a family that is on file leaves, so that what was set aside for it is released first.
household_leaving = Signal()
