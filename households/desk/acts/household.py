"""The file: who takes care of it, who belongs to it, its facts, and its episodes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from households import services
from households.desk.acts.base import Act, register
from households.desk.acts.word import brought
from households.desk.forms.base import OwnWordForm
from households.desk.forms.cases import AssignForm, FurtherForm, ObjectionForm, PlanVisitForm
from households.desk.forms.files import (
    EndMemberForm,
    ExitForm,
    MeasureForm,
    MemberForm,
    PersonFields,
    PlaceForm,
    ReturnToSupportForm,
    StatusForm,
    SuspendForm,
    YearForm,
)
from households.enums import ENDED, Channel
from households.enums import HouseholdState as H
from households.models import Household, Member
from households.rules import ON_FILE, waits_from_list
from households.services.facts import add_measure, add_official_status, record_year
from households.services.file import add_member, edit_household, edit_member, end_member

SUPERVISOR = frozenset({Role.SUPERVISOR})
LIVING = frozenset(H) - {*ENDED, H.CLOSED}

register(
    Household,
    (
        Act(
            "assign",
            _("Hand to a colleague"),
            lambda obj, form, by, at: services.assign_worker(
                household=obj, worker=form.cleaned_data["worker"], by=by, at=at
            ),
            _("The colleague has this family now."),
            form=AssignForm,
            roles=SUPERVISOR,
            states=LIVING,
        ),
        Act(
            "place",
            _("Correct address, phone or category"),
            lambda obj, form, by, at: edit_household(
                household=obj, version=form.cleaned_data["version"], changes=form.changes, by=by, at=at
            ),
            _("Saved."),
            form=PlaceForm,
            states=LIVING,
        ),
        Act(
            "add-member",
            _("Add a person"),
            lambda obj, form, by, at: add_member(household=obj, person=form.person, by=by, at=at),
            _("Added."),
            form=PersonFields,
            states=LIVING,
        ),
        Act(
            "more",
            _("Something more is needed"),
            lambda obj, form, by, at: services.request_further(
                household=obj,
                answer=form.answer,
                beneficiary=form.cleaned_data["beneficiary"],
                read_back=False,
                by=by,
                at=at,
            ),
            _("It stands on the list like an application, on the same file."),
            form=FurtherForm,
            states=ON_FILE | {H.PENDING},
            fits=lambda obj, user: obj.state in ON_FILE or waits_from_list(obj),
            lead=_("What the family asks for besides. It is assessed and decided like the first time."),
        ),
        Act(
            "visit",
            _("Plan a visit"),
            lambda obj, form, by, at: services.plan_visit(household=obj, **form.cleaned_data, by=by, at=at),
            _("The visit stands on the list."),
            form=PlanVisitForm,
            states=LIVING,
            tab="check",
            rests=True,
        ),
        Act(
            "year",
            _("Record income and living conditions"),
            lambda obj, form, by, at: record_year(
                household=obj,
                **{
                    name: form.cleaned_data[name]
                    for name in ("year", "period_start", "period_end", "size", "size_basis", "version")
                },
                lines=form.income_lines,
                deprivations=form.deprivations,
                by=by,
                at=at,
            ),
            _("Recorded; net income per head was computed from the sources."),
            form=YearForm,
            lead=_("Leave open what is not known. Open is not zero."),
            tab="facts",
        ),
        Act(
            "measure",
            _("Add help received"),
            lambda obj, form, by, at: add_measure(household=obj, **form.cleaned_data, by=by, at=at),
            _("Noted. Nobody will give the same thing twice."),
            form=MeasureForm,
            tab="facts",
        ),
        Act(
            "status",
            _("Add an official status"),
            lambda obj, form, by, at: add_official_status(household=obj, **form.cleaned_data, by=by, at=at),
            _("Noted."),
            form=StatusForm,
            lead=_("What an authority decided, from its document. It changes nothing here by itself."),
            tab="facts",
        ),
        Act(
            "objection",
            _("Take down an objection"),
            lambda obj, form, by, at: services.file_objection(
                household=obj,
                subject=form.cleaned_data["decision"].subject,
                about=form.cleaned_data["decision"].about,
                text=form.cleaned_data["text"],
                channel=Channel.DESK,
                by=by,
                at=at,
            ),
            _("Received. Two colleagues who had no part in it will answer within 30 days."),
            form=ObjectionForm,
            tab="rights",
        ),
        Act(
            "propose-exit",
            _("Propose the exit"),
            lambda obj, form, by, at: services.propose_exit(
                household=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("Proposed. The family says whether it agrees."),
            form=ExitForm,
            states=frozenset({H.ACTIVE}),
            lead=_("Only with a yearly income above the line. The family may disagree."),
            look="link",
        ),
        Act(
            "confirm-exit",
            _("The family agrees to the exit"),
            brought(services.confirm_exit, "household"),
            _("Noted with its evidence. A supervisor decides; until then the family can say no."),
            form=OwnWordForm,
            states=frozenset({H.EXIT_PROPOSED}),
            lead=_("Only what the family said itself, on paper or recorded."),
            look="primary",
        ),
        Act(
            "dispute-exit",
            _("The family does not agree"),
            lambda obj, form, by, at: services.dispute_exit(household=obj, by=by, at=at),
            _("The family stays supported."),
            states=frozenset({H.EXIT_PROPOSED, H.EXIT_AGREED}),
        ),
        Act(
            "approve-exit",
            _("End the support"),
            lambda obj, form, by, at: services.approve_exit(household=obj, by=by, at=at),
            _("Four follow-up visits stand on the list."),
            states=frozenset({H.EXIT_AGREED}),
            roles=SUPERVISOR,
            lead=_(
                "The family has agreed. It is followed for a year, and support can begin again at any time."
            ),
            look="primary",
            fits=lambda obj, user: not obj.exits.open_with_part_of(user).exists(),
        ),
        Act(
            "refuse-exit",
            _("Too early: go on supporting"),
            lambda obj, form, by, at: services.refuse_exit(household=obj, by=by, at=at),
            _("The family stays supported."),
            states=frozenset({H.EXIT_AGREED}),
            roles=SUPERVISOR,
            fits=lambda obj, user: not obj.exits.open_with_part_of(user).exists(),
        ),
        Act(
            "leave",
            _("The family no longer wants support"),
            brought(services.leave_support, "household"),
            _("Noted. The family can apply again at any time."),
            form=OwnWordForm,
            states=ON_FILE,
            lead=_("Only when the family itself says so. Needs, visits and sharing end at once."),
            look="link",
        ),
        Act(
            "close",
            _("Close the file"),
            lambda obj, form, by, at: services.close_household(household=obj, by=by, at=at),
            _("Closed. The family can come back at any time."),
            states=frozenset({H.TRACKING}),
        ),
        Act(
            "return",
            _("Support begins again"),
            lambda obj, form, by, at: services.return_household(
                household=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("A new episode has begun."),
            form=ReturnToSupportForm,
            states=frozenset({H.TRACKING, H.CLOSED}),
        ),
        Act(
            "suspend",
            _("Pause the file"),
            lambda obj, form, by, at: services.suspend_household(
                household=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("Paused; the clocks stand still."),
            form=SuspendForm,
            roles=SUPERVISOR,
            states=LIVING - {H.SUSPENDED},
            look="link",
        ),
        Act(
            "resume",
            _("Go on with the file"),
            lambda obj, form, by, at: services.resume_household(household=obj, by=by, at=at),
            _("The file goes on where it stood."),
            roles=SUPERVISOR,
            states=frozenset({H.SUSPENDED}),
            look="primary",
        ),
    ),
)
register(
    Member,
    (
        Act(
            "edit",
            _("Correct or complete"),
            lambda obj, form, by, at: edit_member(
                member=obj, version=form.cleaned_data["version"], changes=form.changes, by=by, at=at
            ),
            _("Saved."),
            form=MemberForm,
            fits=lambda obj, user: obj.live,
        ),
        Act(
            "end",
            _("No longer belongs here"),
            lambda obj, form, by, at: end_member(
                member=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("Noted."),
            form=EndMemberForm,
            fits=lambda obj, user: obj.live,
            look="link",
        ),
    ),
)
