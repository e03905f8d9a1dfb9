"""The web admin under our own name: the workers' desk."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "config.desk.Desk"
