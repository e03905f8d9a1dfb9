"""The auditor's desk: the journal page by page, its seals, and when it was last verified."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common import panels
from common.admin import RecordAdmin
from common.pages import keyset, page
from common.templatetags.ui import moment
from journal.filters import EntryFilter
from journal.models import Anchor, Entry, Seal
from journal.queries import last_verification
from journal.words import act_in_words, actor_in_words, facts_in_words, kind_in_words

AUDITOR = frozenset({"auditor"})  # a role by its word: accounts lies above this app


@admin.register(Entry)
class EntryAdmin(RecordAdmin):
    """Never counted and never paged by offset: the journal is the longest table of all."""

    roles = AUDITOR
    fields = ["when", "act", "slug", "actor", "role_in_words", "kind", "ref", "facts", "fingerprint"]
    readonly_fields = ["when", "act", "slug", "actor", "role_in_words", "kind", "ref", "facts", "fingerprint"]

    @admin.display(description=_("when"))
    def when(self, entry: Entry) -> str:
        return moment(entry.at)

    @admin.display(description=_("name of the act"))
    def slug(self, entry: Entry) -> str:
        return entry.action

    @admin.display(description=_("number of the object"))
    def ref(self, entry: Entry) -> str:
        return entry.object_ref

    @admin.display(description=_("fingerprint of the entry"))
    def fingerprint(self, entry: Entry) -> str:
        return entry.digest

    @admin.display(description=_("what was done"))
    def act(self, entry: Entry) -> str:
        return act_in_words(entry.action)

    @admin.display(description=_("actor"))
    def actor(self, entry: Entry) -> str:
        return actor_in_words(entry, dict(panels.collect("journal.actors", [entry.actor_ref])))

    @admin.display(description=_("role"))
    def role_in_words(self, entry: Entry) -> str:
        return str(dict(panels.collect("journal.roles")).get(entry.role, entry.role))

    @admin.display(description=_("kind of object"))
    def kind(self, entry: Entry) -> str:
        return kind_in_words(entry.object_label)

    @admin.display(description=_("details"))
    def facts(self, entry: Entry) -> SafeString:
        return format_html_join("", "<div>{}: {}</div>", facts_in_words(entry))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = EntryFilter(request.GET, queryset=self.get_queryset(request))
        listed = keyset(request, chosen, order=("-id",), size=50)
        names = dict(panels.collect("journal.actors", [entry.actor_ref for entry in listed]))
        roles = dict(panels.collect("journal.roles"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Journal"),
            "opts": self.opts,
            "filter": chosen,
            "page": listed,
            "rows": [
                {
                    "entry": entry,
                    "actor": actor_in_words(entry, names),
                    "role": roles.get(entry.role, entry.role),
                    "act": act_in_words(entry.action),
                    "kind": kind_in_words(entry.object_label),
                    "facts": facts_in_words(entry),
                }
                for entry in listed
            ],
        }
        return page(request, "journal/entries.html", context)

    changelist_view.roles = AUDITOR  # type: ignore[attr-defined]


@admin.register(Seal)
class SealAdmin(RecordAdmin):
    roles = AUDITOR

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        listed = keyset(request, self.get_queryset(request), order=("-id",), size=50)
        anchored = set(
            Anchor.objects.filter(seal__in=[seal.pk for seal in listed]).values_list("seal_id", flat=True)
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Seals of the journal"),
            "opts": self.opts,
            "page": listed,
            "rows": [(seal, seal.pk in anchored) for seal in listed],
            "verification": last_verification(),
            "unsealed": Entry.objects.visible_to(request.user).filter(sealed__isnull=True).exists(),
        }
        return page(request, "journal/seals.html", context)

    changelist_view.roles = AUDITOR  # type: ignore[attr-defined]
