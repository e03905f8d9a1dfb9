"""Pages of jobs."""

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.listing, name="list"),
    path("<slug:public_id>/", views.progress, name="progress"),
    path("<slug:public_id>/stop/", views.cancel, name="cancel"),
]
