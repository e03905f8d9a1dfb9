"""Pages of matching."""

from django.urls import path

from matching.views import catalogue, household, parties

app_name = "matching"
urlpatterns = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("needs/<slug:public_id>/", catalogue.need, name="need"),
    path("needs/<slug:public_id>/pledge/", catalogue.pledge, name="pledge"),
    path("pledged/<slug:public_id>/", catalogue.pledged, name="pledged"),
    path("matches/", parties.matches, name="matches"),
    path("matches/<slug:public_id>/", parties.match, name="match"),
    path("matches/<slug:public_id>/yes/", parties.yes, name="yes"),
    path("matches/<slug:public_id>/no/", parties.no, name="no"),
    path("matches/<slug:public_id>/undo/", parties.undo, name="undo"),
    path("household/<slug:public_id>/yes/", household.yes, name="household_yes"),
    path("household/<slug:public_id>/no/", household.no, name="household_no"),
    path("household/<slug:public_id>/undo/", household.undo, name="household_undo"),
]
