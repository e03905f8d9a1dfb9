"""Government: policies, lines, eligibility rules."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "policy"
