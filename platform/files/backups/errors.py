"""Why a backup cannot be made or restored: one clear line, and nothing has changed."""


class Failed(Exception):
    """Said to whoever ran the command."""
