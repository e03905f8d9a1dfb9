"""The front door, every party's home, and what anyone may read."""

from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="home"),
    path("home/", views.party_home, name="party_home"),
    path("home/<slug:slug>/", views.work_list, name="work"),
    path("trace/<slug:public_id>/", views.trace, name="trace"),
    path("about/", views.about, name="about"),
    path("statistics/", views.statistics, name="statistics"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("components/", views.components, name="components"),
    path("view/", views.view_mode, name="view_mode"),
]
