"""Pages of reports."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("ask/", views.ask, name="ask"),
    path("<slug:public_id>/", views.show, name="show"),
    path("<slug:public_id>/file/", views.download, name="download"),
]
