"""The API: one version, the same gate as the pages, JSON alone; its description keeps the content policy too."""

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated

app_name = "api"
signed_in = [IsAuthenticated]
urlpatterns: list[Any] = [
    path("", include("matching.api.urls")),
    path("schema/", SpectacularJSONAPIView.as_view(permission_classes=signed_in), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(
            permission_classes=signed_in, url_name="api:schema", template_name="matching/api_docs.html"
        ),
        name="docs",
    ),
]
