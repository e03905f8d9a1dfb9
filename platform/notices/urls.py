"""Pages of notices."""

from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("<slug:public_id>/open/", views.open_notice, name="open"),
]
