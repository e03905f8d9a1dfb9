"""Notes, supervision, referral and closing: what the worker writes down."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from households.desk.forms.base import DeskForm, OwnWordForm, day_input, words
from households.desk.forms.cases import UserChoice
from households.enums import ClosingReason, ReferralState, ServiceKind
from households.queries.colleagues import colleagues


class NoteForm(DeskForm):
    served_at = forms.DateTimeField(
        label=_("When was the family served?"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    kind = forms.ChoiceField(label=_("In which way?"), choices=ServiceKind.choices, widget=forms.RadioSelect)
    facts = words(
        _("What was said and done?"),
        required=True,
        help_text=_("Facts, not judgements. Written within a day; later it is marked so."),
        limit=4000,
    )
    next = words(_("What follows from it?"))

    def prepare(self) -> None:
        self.fields["served_at"].initial = clock.now().astimezone(clock.SHANGHAI)


class CorrectionForm(NoteForm):
    """The note as it should have been; the first one stays where it is."""

    def prepare(self) -> None:
        self.fields["served_at"].initial = self.obj.served_at.astimezone(clock.SHANGHAI)
        for name in ("kind", "facts", "next"):
            self.fields[name].initial = getattr(self.obj, name)


class SupervisionForm(DeskForm):
    worker = UserChoice(label=_("With which colleague?"))
    held_on = forms.DateField(label=_("On which day?"), widget=day_input())
    about = words(_("What was it about?"), required=True)
    advice = words(_("What was advised?"), required=True)
    due = forms.DateField(label=_("By when should it be done?"), required=False, widget=day_input())

    def prepare(self) -> None:
        people = colleagues(self.obj.area).exclude(pk=self.user.pk)
        self.fields["worker"].queryset = people  # type: ignore[attr-defined]
        self.fields["worker"].initial = self.obj.worker.public_id if self.obj.worker else None
        self.fields["held_on"].initial = clock.today()


class ReferralForm(OwnWordForm):
    receiver = forms.CharField(
        label=_("Who receives the family?"),
        max_length=80,
        help_text=_("For example the county hospital or the civil affairs office."),
    )
    contact = forms.CharField(label=_("How are they reached?"), max_length=80, required=False)
    matter = words(_("For which matter?"), required=True)
    told = words(
        _("What are they told?"),
        required=True,
        help_text=_("Only what is needed for this matter, and only what the family agrees to."),
    )
    field_order = ("receiver", "contact", "matter", "told", "upload")


class AnswerForm(DeskForm):
    to = forms.ChoiceField(
        label=_("What do they say?"),
        choices=[
            (ReferralState.ACCEPTED.value, _("they take the family on")),
            (ReferralState.DECLINED.value, _("they do not")),
        ],
        widget=forms.RadioSelect,
    )
    answer = words(_("In their words"), required=True, limit=1000)
    answered_on = forms.DateField(label=_("On which day?"), widget=day_input())

    def prepare(self) -> None:
        self.fields["answered_on"].initial = clock.today()


class OutcomeForm(DeskForm):
    outcome = words(_("What came of it?"), required=True, limit=1000)


class SummaryForm(DeskForm):
    reason = forms.ChoiceField(
        label=_("Why is it closed?"), choices=ClosingReason.choices, widget=forms.RadioSelect
    )
    result = words(_("What was reached, and what was not?"), required=True)
    family = words(_("What does the family say?"), required=True)
    follow_up = words(
        _("How is the family looked in on?"),
        required=True,
        help_text=_("Who, how often, and whom it can call."),
    )
    first_visit = forms.DateField(label=_("First follow-up visit by"), widget=day_input())
