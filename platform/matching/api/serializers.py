"""What a program may read of needs and lots: what the pages show, nothing more."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from donors.models import Lot
from households.models import Need


class NeedSerializer(serializers.ModelSerializer[Need]):
    """An open need without anybody's name: the place down to the county, quantities in the smallest unit."""

    id = serializers.CharField(source="public_id")
    item = serializers.CharField(source="item.slug")
    category = serializers.CharField(source="item.category")
    unit = serializers.CharField(source="item.unit_zh")
    unit_factor = serializers.IntegerField(source="item.unit_factor")
    title = serializers.CharField(source="public_title")
    summary = serializers.CharField(source="public_summary")
    county = serializers.SerializerMethodField()
    missing = serializers.IntegerField(source="left")
    groups = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Need
        fields = [
            "id", "item", "category", "unit", "unit_factor", "title", "summary", "county", "groups", "severity",
            "urgency", "requested", "missing", "smallest", "deadline", "opened_at",
        ]  # fmt: skip

    def get_county(self, need: Any) -> str:
        return str(need.area)[:6]


class LotSerializer(serializers.ModelSerializer[Lot]):
    """A lot and its counters; quantities in the items' smallest unit."""

    id = serializers.CharField(source="public_id")
    items: Any = serializers.SlugRelatedField(many=True, read_only=True, slug_field="slug")
    groups = serializers.ListField(child=serializers.CharField())
    donor = serializers.SerializerMethodField()

    class Meta:
        model = Lot
        fields = [
            "id", "donor", "title", "kind", "origin", "items", "state", "quantity", "available", "reserved",
            "disbursed",
            "returned", "written_off", "smallest", "per_household_cap", "min_severity", "min_agency_level",
            "area_prefix", "groups", "valid_from", "valid_until", "expires_on", "listed_at",
        ]  # fmt: skip

    def get_donor(self, lot: Lot) -> str:
        return str(lot.donor.public_name)
