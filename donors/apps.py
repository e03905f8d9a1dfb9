"""Donors: lots, conditions, pledges and their ledger."""

from django.apps import AppConfig


class DonorsConfig(AppConfig):
    name = "donors"
