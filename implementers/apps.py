"""Implementing agencies and fund holders."""

from django.apps import AppConfig


class ImplementersConfig(AppConfig):
    name = "implementers"
