"""The household's own pages and those of its helpers; staff work on households inside the admin."""

from django.urls import path

from households.pages import (
    answering,
    apply,
    exits,
    leaving,
    needs,
    points,
    rights,
    send,
    start,
    status,
    taking_back,
    targeting,
    village,
)

app_name = "households"

APPLY = [
    path("", start.start, name="start"),
    path("assisted/", start.start_assisted, name="start_assisted"),
    path("resume/", start.resume, name="resume"),
    path("paper/", start.paper_form, name="paper"),
    path("apply/<slug:draft_id>/check/", send.check, name="apply_check"),
    path("apply/<slug:draft_id>/read/", send.read, name="apply_read"),
    path("apply/<slug:draft_id>/sent/", send.sent, name="apply_sent"),
    path("apply/<slug:draft_id>/later/", apply.later, name="apply_later"),
    path("apply/<slug:draft_id>/remove/<slug:slot>/", apply.remove, name="apply_remove"),
    path("apply/<slug:draft_id>/<slug:slug>/", apply.step, name="apply_step"),
    path("apply/<slug:draft_id>/<slug:slug>/<slug:slot>/", apply.step, name="apply_slot"),
]
STATUS = [
    path("status/", status.status, name="status"),
    path("status/enter/", status.enter, name="enter"),
    path("status/leave/", status.leave, name="leave"),
    path("status/missing/", answering.missing, name="missing"),
    path("status/questions/<slug:public_id>/", answering.explain, name="explain"),
    path("status/needs/<slug:public_id>/again/", needs.renew, name="need_renew"),
    path("status/needs/<slug:public_id>/back/", taking_back.no_longer, name="need_cancel"),
    path("status/more/", needs.more, name="more"),
    path("status/more/<slug:item>/", needs.more_of, name="more_of"),
    path("status/more/<slug:public_id>/back/", taking_back.further, name="further_withdraw"),
    path("status/contact/", answering.contact, name="contact"),
    path("status/objection/", answering.objection, name="objection"),
    path("status/objection/<slug:public_id>/back/", taking_back.objection, name="objection_withdraw"),
    path("status/consents/", rights.consents, name="consents"),
    path("status/consents/<slug:public_id>/withdraw/", rights.withdraw_consent, name="consent_withdraw"),
    path("status/consents/<slug:public_id>/restore/", rights.restore_consent, name="consent_restore"),
    path("status/delegates/", rights.delegates, name="delegates"),
    path("status/delegates/add/", rights.add_delegate, name="delegate_add"),
    path("status/delegates/<slug:public_id>/revoke/", rights.revoke_delegate, name="delegate_revoke"),
    path("status/copy/", status.copy, name="copy"),
    path("status/points/", points.points, name="points"),
    path("status/looked/", status.looked, name="looked"),
    path("status/withdraw/", leaving.withdraw, name="withdraw"),
    path("status/end/", leaving.leave_support, name="leave_support"),
    path("status/exit/", exits.yes, name="exit"),
    path("status/exit/no/", exits.no, name="exit_no"),
    path("status/exit/undo/", exits.undo, name="exit_undo"),
]
VILLAGE = [
    path("village/", village.filings, name="filings"),
    path("village/<slug:public_id>/", village.filing, name="filing"),
    path("village/<slug:public_id>/missing/", village.filing_missing, name="filing_missing"),
    path("village/<slug:public_id>/contact/", village.filing_contact, name="filing_contact"),
    path("village/<slug:public_id>/questions/<slug:flag_id>/", village.filing_explain, name="filing_explain"),
]
STAFF = [path("targeting/", targeting.targeting, name="targeting")]
urlpatterns = [*APPLY, *STATUS, *VILLAGE, *STAFF]
