"""Pages of donors."""

from django.urls import path

from donors.views import drafting, lots, pledges, public_funds, registration

app_name = "donors"
urlpatterns = [
    path("", registration.start, name="start"),
    path("register/check/", registration.register_check, name="register_check"),
    path("register/done/", registration.registered, name="registered"),
    path("register/<slug:slug>/", registration.register, name="register"),
    path("papers/", registration.papers, name="papers"),
    path("profile/", registration.profile, name="profile"),
    path("lots/", lots.lots, name="lots"),
    path("lots/new/", drafting.new_lot, name="new_lot"),
    path("lots/new/<slug:kind>/", drafting.new_lot_items, name="new_lot_items"),
    path("lots/<slug:public_id>/", lots.lot, name="lot"),
    path("lots/<slug:public_id>/check/", drafting.lot_check, name="lot_check"),
    path("lots/<slug:public_id>/undo/", lots.undo, name="undo"),
    path("lots/<slug:public_id>/reopen/", lots.reopen, name="reopen"),
    path("lots/<slug:public_id>/withdraw/", lots.withdraw, name="withdraw"),
    path("lots/<slug:public_id>/edit/<slug:slug>/", drafting.lot_part, name="lot_part"),
    path("pledges/", pledges.pledges, name="pledges"),
    path("pledges/<slug:public_id>/withdraw/", pledges.pledge_withdraw, name="pledge_withdraw"),
    path("feedback/", pledges.feedback, name="feedback"),
    path("feedback/owed/", pledges.feedback_owed, name="feedback_owed"),
    path("feedback/<slug:public_id>/", pledges.feedback_give, name="feedback_give"),
    path("public-funds/new/", public_funds.new_public_fund, name="new_public_fund"),
]
