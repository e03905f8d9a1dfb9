"""Pages of agencies and fund holders."""

from django.urls import path

from implementers.views import agencies, fund_holders, registration

app_name = "implementers"
urlpatterns = [
    path("", registration.start, name="start"),
    path("register/check/", registration.register_check, name="register_check"),
    path("register/<slug:slug>/", registration.register, name="register"),
    path("own/", agencies.home, name="home"),
    path("own/edit/", agencies.edit, name="edit"),
    path("own/papers/new/", agencies.new_credential, name="new_credential"),
    path("own/staff/new/", agencies.new_staff, name="new_staff"),
    path("own/staff/<slug:public_id>/left/", agencies.left, name="staff_left"),
    path("own/again/", agencies.again, name="again"),
    path("own/leave/", agencies.leave, name="leave"),
    path("fund-holder/register/check/", registration.register_holder_check, name="register_holder_check"),
    path("fund-holder/register/<slug:slug>/", registration.register_holder, name="register_holder"),
    path("fund-holder/", fund_holders.home, name="holder_home"),
    path("fund-holder/edit/", fund_holders.edit, name="holder_edit"),
    path("fund-holder/papers/new/", fund_holders.new_qualification, name="new_qualification"),
    path("fund-holder/again/", fund_holders.again, name="holder_again"),
    path("<slug:public_id>/", agencies.agency, name="agency"),
]
