"""The administrators' desk: organisations, people, seats and invitations; duties for the auditor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.enums import NATIONAL_ROLES, MembershipState, Role
from accounts.forms import AccountActForm, InvitationForm, OrganisationEditForm, OrganisationForm
from accounts.models import DutyConflict, Involvement, Membership, Organisation, User
from accounts.requests import SignedRequest
from accounts.services import (
    close_account,
    create_organisation,
    edit_organisation,
    end_sessions,
    invite_member,
    reopen_account,
    reset_second_factor,
)
from common import clock
from common.admin import RecordAdmin, StateFilter, WordsFilter
from common.gate import get_visible
from common.pages import asked, for_roles, page, submit
from common.templatetags.ui import tag
from journal.services import record
from journal.words import kind_in_words
from reference.queries import name_of

administrators = for_roles(Role.SYSTEM_ADMIN)


@admin.register(Organisation)
class OrganisationAdmin(RecordAdmin):
    roles = frozenset({Role.SYSTEM_ADMIN, Role.SUPERVISOR})
    list_display = ["name", "kind", "code", "place", "created_at"]
    fields = ["name", "kind", "uscc", "area", "phone", "created_at"]
    list_filter = ["kind"]
    search_fields = ["name", "^uscc", "^area"]
    ordering = ["name", "pk"]
    change_list_template = "accounts/desk_list.html"
    work_links = [("register/", _("Register an organisation"))]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(administrators(self.register_view))
        edit = self.admin_site.admin_view(administrators(self.edit_view))
        return [
            path("register/", view, name="accounts_organisation_register"),
            path("<slug:public_id>/edit/", edit, name="accounts_organisation_edit"),
            *super().get_urls(),
        ]

    def edit_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Correct name, kind, credit code, area or phone; a stale page shows both versions."""
        organisation: Organisation = get_visible(Organisation, request.user, public_id)
        names = ("name", "kind", "uscc", "area", "phone", "version")
        form = OrganisationEditForm(
            request.POST or None, initial={name: getattr(organisation, name) for name in names}
        )
        answer = submit(
            request,
            form,
            lambda data: edit_organisation(
                organisation=organisation, **data, by=request.user, at=clock.now()
            ),
            to="admin:accounts_organisation_changelist",
        )
        context = {**self.admin_site.each_context(request), "form": form, "title": organisation.name}
        return answer or page(request, "accounts/desk_form.html", {**context, "opts": self.opts}, form=form)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(place_name=name_of("area"))

    @admin.display(description=_("Credit code"), ordering="uscc")
    def code(self, row: Organisation) -> str:
        return row.uscc or ""

    @admin.display(description=_("Area"), ordering="area")
    def place(self, row: Any) -> str:
        return str(row.place_name or row.area)

    @admin.display(description=_("To do"))
    def acts(self, row: Organisation) -> SafeString:
        link = reverse("admin:accounts_organisation_edit", args=[row.public_id])
        return format_html('<a href="{}">{}</a>', link, _("Correct"))

    def get_list_display(self, request: HttpRequest) -> Any:
        """The act is for administrators; supervisors read."""
        seat = getattr(request.user, "seat", None)
        administers = seat is not None and seat.role == Role.SYSTEM_ADMIN
        return [*self.list_display, "acts"] if administers else self.list_display

    def register_view(self, request: SignedRequest) -> HttpResponse:
        form = OrganisationForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda data: create_organisation(**data, by=request.user, at=clock.now()),
            to="admin:accounts_organisation_changelist",
        )
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "title": _("Register an organisation"),
        }
        return answer or page(request, "accounts/desk_form.html", {**context, "opts": self.opts}, form=form)


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    roles = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
    list_display = ["user", "role", "place", "organisation", "invites", "shown_state", "acts"]
    list_filter = [StateFilter, "role"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__name", "user__username", "organisation__name", "^prefix"]
    ordering = ["-pk"]
    change_list_template = "accounts/desk_list.html"
    work_links = [("invite/", _("Invite somebody"))]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(administrators(self.invite_view))
        return [path("invite/", view, name="accounts_membership_invite"), *super().get_urls()]

    def invite_view(self, request: SignedRequest) -> HttpResponse:
        form = InvitationForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda data: invite_member(**data, by=request.user, at=clock.now()),
            to=lambda done: reverse("accounts:invitation", args=[done.public_id]),
        )
        context = {**self.admin_site.each_context(request), "form": form, "title": _("Invite somebody")}
        return answer or page(request, "accounts/desk_form.html", {**context, "opts": self.opts}, form=form)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(place_name=name_of("prefix"))

    @admin.display(description=_("Area"), ordering="prefix")
    def place(self, row: Any) -> str:
        if row.prefix:
            return str(row.place_name or row.prefix)
        return str(_("the whole country")) if row.role in NATIONAL_ROLES else ""

    @admin.display(description=_("invites colleagues"), ordering="manages")
    def invites(self, row: Membership) -> str:
        return str(_("yes") if row.manages else _("no"))

    @admin.display(description=_("State"), ordering="state")
    def shown_state(self, row: Membership) -> SafeString:
        return tag(row.state_label, row.state)

    @admin.display(description=_("To do"))
    def acts(self, row: Membership) -> SafeString:
        """What an administrator may do with a seat: hand over its link while it is offered, end it while it lasts."""
        if row.state == MembershipState.ENDED:
            return SafeString()
        end = format_html(
            '<a href="{}">{}</a>', reverse("accounts:end_membership", args=[row.public_id]), _("End")
        )
        if row.state != MembershipState.INVITED:
            return end
        link = reverse("accounts:invitation", args=[row.public_id])
        return format_html('<a href="{}">{}</a> · {}', link, _("Invitation link"), end)


@admin.register(User)
class UserAdmin(RecordAdmin):
    roles = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
    list_display = ["name", "username", "in_use", "joined_at"]
    list_filter = ["is_active"]
    search_fields = ["name", "^username"]
    fields = ["name", "username", "email", "is_active", "joined_at", "last_login"]
    ordering = ["name", "pk"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(administrators(self.look_after_view))
        return [
            path("<slug:public_id>/look-after/", view, name="accounts_user_look_after"),
            *super().get_urls(),
        ]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Only a system administrator looks after accounts."""
        seat = getattr(request.user, "seat", None)
        administers = seat is not None and seat.role == Role.SYSTEM_ADMIN
        return [*self.list_display, "acts"] if administers else self.list_display

    def look_after_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Close or reopen an account, end its sessions, reset a lost second step, hand over a password link."""
        user = get_visible(User, request.user, public_id)
        form = AccountActForm(request.POST or None)
        here = reverse("admin:accounts_user_look_after", args=[public_id])
        link = ""
        given: dict[str, Any] = {"user": user, "by": request.user, "at": clock.now()}
        acts: dict[str, Callable[[Any], Any] | None] = {
            "close": lambda data: close_account(reason=data["reason"], **given),
            "reopen": lambda data: reopen_account(**given),
            "end_sessions": lambda data: end_sessions(**given),
            "reset_second_factor": lambda data: reset_second_factor(reason=data["reason"], **given),
            "password_link": None,  # answers with the link itself, on the page
        }
        answer = None
        if (act := asked(request, acts)) is not None:
            answer = submit(request, form, act, to=here)
        elif request.method == "POST" and form.is_valid():
            link = self._password_link(request, user, form.cleaned_data["reason"])
        user.refresh_from_db()
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "title": user.name,
            "account": user,
            "has_totp": second_factor.has_totp(user),
            "link": link,
            "opts": self.opts,
        }
        return answer or page(request, "accounts/look_after.html", context, form=form)

    def _password_link(self, request: SignedRequest, user: User, reason: str) -> str:
        """For people without a mailbox: the same link the password mail carries, handed over in person."""
        key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
        uidb36, _dash, token = key.partition("-")
        record("account.password_link", user, by=request.user, at=clock.now(), reason=reason)
        return request.build_absolute_uri(
            reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
        )

    @admin.display(description=_("in use"), ordering="is_active")
    def in_use(self, row: User) -> str:
        return str(_("yes") if row.is_active else _("no"))

    @admin.display(description=_("To do"))
    def acts(self, row: User) -> SafeString:
        link = reverse("admin:accounts_user_look_after", args=[row.public_id])
        return format_html('<a href="{}">{}</a>', link, _("Look after"))


class FileKindFilter(WordsFilter):
    title = _("kind of file")
    parameter_name = "file_label"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kept = Involvement.objects.order_by("file_label").values_list("file_label", flat=True).distinct()
        return [(label, kind_in_words(label)) for label in kept]


@admin.register(Involvement)
class InvolvementAdmin(RecordAdmin):
    roles = frozenset({Role.AUDITOR})
    list_display = ["user", "duty", "kind", "acts", "employer", "at"]
    list_filter = ["duty", FileKindFilter]
    list_select_related = ["user", "employer"]
    search_fields = ["^file_ref", "user__name", "^user__username"]
    ordering = ["-pk"]

    @admin.display(description=_("kind of file"))
    def kind(self, row: Involvement) -> str:
        return kind_in_words(row.file_label)

    @admin.display(description=_("file number"))
    def acts(self, row: Involvement) -> SafeString:
        """To every act on this file in the journal."""
        asked = urlencode({"object_label": row.file_label, "object_ref": row.file_ref})
        return format_html(
            '<a href="{}?{}">{}</a>', reverse("admin:journal_entry_changelist"), asked, row.file_ref
        )


@admin.register(DutyConflict)
class DutyConflictAdmin(RecordAdmin):
    roles = frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.SYSTEM_ADMIN})
    list_display = ["first", "second", "why"]
    fields = ["first", "second", "why"]
    list_filter = ["first"]
    ordering = ["first", "second"]

    @admin.display(description=_("why"))
    def why(self, row: DutyConflict) -> str:
        return str(_(row.reason))
