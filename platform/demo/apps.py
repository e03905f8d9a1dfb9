"""The fictional county; the local profile alone."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
