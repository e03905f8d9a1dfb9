"""Pages of accounts."""

from django.urls import path

from accounts.views import colleagues, lock, revealing, seats

app_name = "accounts"
urlpatterns = [
    path("", seats.seats, name="seats"),
    path("switch/", seats.switch, name="switch_seat"),
    path("account/", seats.account, name="account"),
    path("account/leave/", seats.leave_everywhere, name="leave_everywhere"),
    path("members/", colleagues.members, name="members"),
    path("members/office/", colleagues.office, name="office"),
    path("members/invite/", colleagues.invite, name="invite"),
    path("members/<slug:public_id>/", colleagues.invitation, name="invitation"),
    path("members/<slug:public_id>/end/", colleagues.end, name="end_membership"),
    path("invitation/<str:token>/", colleagues.accept, name="accept"),
    path("unlock/", lock.unlock, name="unlock"),
    path("confirm/", lock.confirm, name="confirm"),
    path("again/", lock.again, name="again"),
    path("reveal/<str:label>/<slug:public_id>/<slug:field>/", revealing.reveal_value, name="reveal"),
]
