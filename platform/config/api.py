"""The API: one version, the same gate as the pages, JSON alone."""

from typing import Any

urlpatterns: list[Any] = []
