"""Households: applications, files, assessments, needs."""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
