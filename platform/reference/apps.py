"""Divisions, code lists, items, calendar."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "reference"
