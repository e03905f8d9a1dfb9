"""Pages of jobs."""

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("<slug:public_id>/", views.progress, name="progress"),
    path("<slug:public_id>/cancel/", views.cancel, name="cancel"),
]
