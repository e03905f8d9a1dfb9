"""Durable jobs behind Celery."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("Work in the background")

    def ready(self) -> None:
        # Every process knows the handlers: who asks, who works, who shows the page.
        autodiscover_modules("tasks")
