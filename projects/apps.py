"""Projects, joint analysis, stage gates."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
