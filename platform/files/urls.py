"""Pages of files."""

from django.urls import path

from files import views

app_name = "files"
urlpatterns = [path("<slug:public_id>/", views.show, name="show")]
