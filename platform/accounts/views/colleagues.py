"""The members of one's organisation: listed, invited, ended; and the page an invitation link opens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts import invitations, rules, second_factor
from accounts.enums import ORGANISATION_ROLES, MembershipState, Role
from accounts.forms import AcceptForm, ColleagueForm, EndForm, OfficeForm
from accounts.models import Membership
from accounts.requests import SignedRequest, acting_seat
from accounts.services import accept_invitation, edit_organisation, end_membership, invite_member
from common import clock
from common.gate import get_visible
from common.pages import for_roles, keyset, page, public_page, signed_in_page, submit

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@signed_in_page
def members(request: SignedRequest) -> HttpResponse:
    """Everybody with a seat in the organisation one acts for."""
    seat = request.user.seat
    shown = Membership.objects.visible_to(request.user).select_related("user", "organisation")
    shown = (
        shown.filter(organisation_id=seat.organisation_id) if seat and seat.organisation_id else shown.none()
    )
    listed = keyset(request, shown.exclude(state=MembershipState.ENDED), order=("pk",))
    return page(request, "accounts/members.html", {"page": listed, "seat": seat})


@for_roles(*ORGANISATION_ROLES)
def invite(request: SignedRequest) -> HttpResponse:
    """A manager invites a colleague into the own organisation and role."""
    seat = acting_seat(request)
    form = ColleagueForm(request.POST or None)

    def act(data: Any) -> Membership:
        return invite_member(
            **data,
            role=seat.role,
            prefix=seat.prefix,
            organisation=seat.organisation,
            by=request.user,
            at=clock.now(),
        )

    answer = submit(request, form, act, to=lambda done: reverse("accounts:invitation", args=[done.public_id]))
    return answer or page(request, "accounts/invite.html", {"form": form, "seat": seat}, form=form)


@signed_in_page
def office(request: SignedRequest) -> HttpResponse:
    """How the own organisation is reached; what its certificate says is corrected by an administrator."""
    seat = request.user.seat
    if seat is None or seat.organisation is None or not seat.manages:
        raise Http404
    own = seat.organisation
    names = ("phone", "version")
    form = OfficeForm(request.POST or None, initial={name: getattr(own, name) for name in names})
    answer = submit(
        request,
        form,
        lambda data: edit_organisation(organisation=own, **data, by=request.user, at=clock.now()),
        to="accounts:members",
    )
    return answer or page(request, "accounts/office.html", {"form": form, "organisation": own}, form=form)


@signed_in_page
def invitation(request: SignedRequest, public_id: str) -> HttpResponse:
    """The link to hand over; only for whoever looks after this seat, and only while it is open."""
    membership = get_visible(Membership, request.user, public_id)
    if not rules.may_look_after(by=request.user, role=membership.role, organisation=membership.organisation):
        raise Http404
    link = ""
    if membership.state == MembershipState.INVITED:
        link = request.build_absolute_uri(invitations.link_to(membership))
    return page(request, "accounts/invitation.html", {"membership": membership, "link": link})


@signed_in_page
def end(request: SignedRequest, public_id: str) -> HttpResponse:
    """End a seat: one's own, a colleague's as manager, anybody's as system administrator."""
    membership = get_visible(Membership, request.user, public_id)
    form = EndForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: end_membership(
            membership=membership, reason=data["reason"], by=request.user, at=clock.now()
        ),
        to=_after_ending(request, membership),
    )
    return answer or page(request, "accounts/end.html", {"form": form, "membership": membership}, form=form)


def _after_ending(request: SignedRequest, membership: Membership) -> str:
    if membership.user_id == request.user.pk:
        return "accounts:seats"
    return (
        "admin:accounts_membership_changelist"
        if acting_seat(request).role == Role.SYSTEM_ADMIN
        else "accounts:members"
    )


@public_page
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person: a new account chooses its password and is signed in, an existing one signs in first."""
    membership = invitations.behind(token)
    if membership is None:
        return page(request, "accounts/invitation_over.html", {}, status=410)
    if request.user.is_authenticated and request.user != membership.user:
        return page(request, "accounts/invitation_other.html", {"membership": membership}, status=409)
    known = membership.user.has_usable_password()
    if known and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    form = AcceptForm(request.POST or None, membership=membership)

    def act(data: Any) -> Membership:
        return accept_invitation(
            membership=membership, password=data.get("password", ""), by=membership.user, at=clock.now()
        )

    answer = submit(request, form, act, to="accounts:seats")
    if answer is not None and not known:
        membership.user.refresh_from_db()
        login(request, membership.user, backend=BACKEND)
        second_factor.note(request, "password")
    return answer or page(
        request, "accounts/accept.html", {"form": form, "membership": membership}, form=form
    )
