"""Pages of implementers."""

from typing import Any

app_name = "implementers"
urlpatterns: list[Any] = []
