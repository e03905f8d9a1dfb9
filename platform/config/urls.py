"""Every address of the product; each app keeps its own."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from common.pages import public_page

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"

urlpatterns: list[Any] = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("language/", public_page(set_language), name="set_language"),
    path("seats/", include("accounts.urls")),
    path("jobs/", include("jobs.urls")),
    path("files/", include("files.urls")),
    path("notices/", include("notices.urls")),
    path("regions/", include("reference.urls")),
    path("policy/", include("policy.urls")),
    path("help/", include("households.urls")),
    path("give/", include("donors.urls")),
    path("agency/", include("implementers.urls")),
    path("projects/", include("projects.urls")),
    path("match/", include("matching.urls")),
    path("delivery/", include("delivery.urls")),
    path("evaluation/", include("evaluation.urls")),
    path("learn/", include("knowledge.urls")),
    path("reports/", include("reports.urls")),
    path("api/v1/", include("config.api")),
    path("", include("portal.urls")),
]
if "demo" in settings.INSTALLED_APPS:
    urlpatterns.insert(0, path("demo/", include("demo.urls")))
