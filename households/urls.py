"""Pages of households."""

from typing import Any

app_name = "households"
urlpatterns: list[Any] = []
