"""Experience and the encyclopedia."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "knowledge"
