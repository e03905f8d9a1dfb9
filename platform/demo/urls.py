"""Pages of the demonstration."""

from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("", views.people, name="people"),
    path("a-day-later/", views.a_day_later, name="a_day_later"),
    path("as/<slug:username>/", views.become, name="become"),
]
