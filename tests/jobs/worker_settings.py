"""The suite's profile for a worker process that also knows the work made up for these tests."""

from config.settings.test import *  # noqa: F403 — the whole profile

CELERY_IMPORTS = ["tests.jobs.workload"]
