"""The suite's profile for a worker process whose SMS gateway is a file."""

from config.settings.test import *  # noqa: F403 — the whole profile

SMS_ADAPTER = "tests.notices.gateway.FileSms"
