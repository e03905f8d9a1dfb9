"""Durable jobs behind Celery."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
