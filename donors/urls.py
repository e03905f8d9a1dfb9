"""Pages of donors."""

from typing import Any

app_name = "donors"
urlpatterns: list[Any] = []
