"""What hangs on a household: members, yearly facts, help received, official status, consents, delegations, access."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.masking import mask_id, mask_name
from common.templatetags.ui import day, tag, yuan
from households.admin.cells import FILE, HEAD, STATE
from households.desk.filters import RowFilter
from households.desk.lists import Column, DeskAdmin
from households.desk.words import age_of, file_url
from households.models import (
    CaseAccess,
    Consent,
    Delegation,
    HouseholdYear,
    MeasureReceived,
    Member,
    OfficialStatus,
)
from reference.queries import labels


class RecordsAdmin(DeskAdmin):
    """A row of a file; its words of a code list are fetched once a page."""

    filterset = RowFilter
    tab = ""
    list_slug = ""
    coded = ""

    def row_url(self, row: Any) -> str:
        return file_url(row.household, self.tab)

    def name_rows(self, rows: list[Any]) -> None:
        super().name_rows(rows)
        if self.list_slug:
            words = labels(self.list_slug)
            for row in rows:
                row.word = words.get(getattr(row, self.coded), getattr(row, self.coded))


@admin.register(Member)
class MemberAdmin(RecordsAdmin):
    list_slug, coded = "relation_to_head", "relation"
    columns = (
        Column(gettext_lazy("Name"), lambda row: mask_name(row.name)),
        Column(gettext_lazy("relation to the head"), lambda row: row.word),
        Column(gettext_lazy("age"), age_of),
        Column(gettext_lazy("identity number"), lambda row: mask_id(row.id_number) or "—", "nowrap"),
        Column(gettext_lazy("identity"), lambda row: row.get_identity_level_display()),
        FILE,
    )
    heads = None


@admin.register(HouseholdYear)
class HouseholdYearAdmin(RecordsAdmin):
    tab = "facts"
    columns = (
        FILE,
        HEAD,
        Column(gettext_lazy("year"), lambda row: row.year),
        Column(gettext_lazy("people counted"), lambda row: row.size, "num"),
        Column(gettext_lazy("net income"), lambda row: yuan(row.net_income), "num"),
        Column(gettext_lazy("per head"), lambda row: yuan(row.per_head), "num"),
    )


@admin.register(MeasureReceived)
class MeasureReceivedAdmin(RecordsAdmin):
    list_slug, coded = "measure", "kind"
    tab = "facts"
    related = ("household", "item")
    columns = (
        Column(gettext_lazy("measure"), lambda row: row.word),
        Column(gettext_lazy("source"), lambda row: row.get_source_display()),
        HEAD,
        Column(gettext_lazy("amount"), lambda row: yuan(row.amount), "num"),
        Column(gettext_lazy("from"), lambda row: day(row.period_start), "nowrap"),
        Column(gettext_lazy("until"), lambda row: day(row.period_end), "nowrap"),
        FILE,
    )


@admin.register(OfficialStatus)
class OfficialStatusAdmin(RecordsAdmin):
    list_slug, coded = "household_attribute", "status"
    tab = "facts"
    columns = (
        Column(gettext_lazy("official status"), lambda row: row.word),
        Column(gettext_lazy("issuer"), lambda row: row.issuer),
        Column(gettext_lazy("document number"), lambda row: row.document),
        HEAD,
        Column(gettext_lazy("valid from"), lambda row: day(row.valid_from), "nowrap"),
        Column(gettext_lazy("valid to"), lambda row: day(row.valid_to), "nowrap"),
        FILE,
    )


@admin.register(Consent)
class ConsentAdmin(RecordsAdmin):
    list_slug, coded = "consent_purpose", "purpose"
    tab = "rights"
    related = ("household", "receiver")
    columns = (
        Column(gettext_lazy("purpose"), lambda row: row.word),
        Column(
            gettext_lazy("receiver"), lambda row: row.receiver.name if row.receiver else _("this platform")
        ),
        HEAD,
        Column(gettext_lazy("how it was given"), lambda row: row.get_method_display()),
        Column(gettext_lazy("given on"), lambda row: day(row.given_at), "nowrap"),
        Column(
            gettext_lazy("state"),
            lambda row: (
                tag(_("withdrawn"), "cancelled") if row.withdrawn_at else tag(_("in force"), "in_force")
            ),
        ),
    )


@admin.register(Delegation)
class DelegationAdmin(RecordsAdmin):
    list_slug, coded = "delegate_relation", "relation"
    tab = "rights"
    columns = (
        Column(gettext_lazy("name of the delegate"), lambda row: mask_name(row.name)),
        Column(gettext_lazy("relation to the household"), lambda row: row.word),
        HEAD,
        Column(gettext_lazy("evidence"), lambda row: row.get_evidence_kind_display()),
        Column(gettext_lazy("valid until"), lambda row: day(row.valid_to), "nowrap"),
        STATE,
    )


@admin.register(CaseAccess)
class CaseAccessAdmin(RecordsAdmin):
    list_slug, coded = "consent_purpose", "purpose"
    tab = "rights"
    related = ("household", "organisation")
    columns = (
        Column(gettext_lazy("organisation"), lambda row: row.organisation.name),
        HEAD,
        Column(gettext_lazy("purpose"), lambda row: row.word),
        Column(gettext_lazy("opened"), lambda row: day(row.opened_at), "nowrap"),
        Column(gettext_lazy("closed"), lambda row: day(row.closed_at), "nowrap"),
        FILE,
    )
