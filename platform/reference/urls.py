"""Pages of reference."""

from django.urls import path, re_path

from reference import views

app_name = "reference"
urlpatterns = [
    path("", views.regions, name="regions"),
    path("divisions/", views.divisions, name="divisions"),
    re_path(r"^(?P<code>\d{2,12})/$", views.region, name="region"),
]
