"""Celery rings the bell; the database remembers (jobs)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("bangfu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def install_beat(sender: Celery, **_: object) -> None:
    """What the apps declared as regular work becomes the beat schedule."""
    from jobs.tasks import install_schedule  # noqa: PLC0415 — the apps are ready only now

    install_schedule(sender)
