"""Loading reference data: idempotent, all or nothing."""

from reference.services.load import load_reference

__all__ = ["load_reference"]
