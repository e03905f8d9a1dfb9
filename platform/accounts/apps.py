"""Users, organisations, seats, involvement, sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
