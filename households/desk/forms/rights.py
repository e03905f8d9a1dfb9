"""What the household allows on paper, taken down by a worker with its evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from households.answers import DelegateAnswer
from households.desk.forms.base import DeskForm, RowChoice, day_input
from households.enums import Identified
from households.models import Consent, Delegation
from reference.queries import choices

ON_PAPER = ("signature", "fingerprint", "voice", "guardian")
EVIDENCE_HINT = _("A photo, a scan or a recording, at most 10 MB.")


class CodeForm(DeskForm):
    """By whom the family was known; a supervisor may vouch for it without a receipt."""

    how = forms.ChoiceField(
        label=_("How do you know that it is this family?"), choices=Identified, widget=forms.RadioSelect
    )
    upload = forms.FileField(
        label=_("Photo of the receipt, signed by the family or the witness"),
        required=False,
        help_text=_("A photo, a PDF or a recording, up to 10 MB. Only a supervisor may leave it out."),
    )


class ConsentForm(DeskForm):
    purpose = forms.ChoiceField(label=_("What does the family agree to?"))
    receiver: Any = RowChoice(
        Organisation.objects.all(),
        label=_("Which organisation may receive it?"),
        required=False,
        to_field_name="public_id",
        empty_label=_("this platform"),
        help_text=_("Leave it empty when only this platform uses it."),
    )
    method = forms.ChoiceField(label=_("How was it given?"), widget=forms.RadioSelect)
    evidence = forms.FileField(label=_("Evidence"), required=False, help_text=EVIDENCE_HINT)

    def prepare(self) -> None:
        self.fields["purpose"].choices = choices("consent_purpose")  # type: ignore[attr-defined]
        known = dict(Consent._meta.get_field("method").choices or ())
        self.fields["method"].choices = [(slug, known[slug]) for slug in ON_PAPER]  # type: ignore[attr-defined]


class DelegationForm(DeskForm):
    """Read back, evidenced, limited in what and for how long."""

    name = forms.CharField(label=_("Name of the delegate"), max_length=60)
    relation = forms.ChoiceField(label=_("Relation to the household"))
    id_number = forms.CharField(label=_("Identity number"), max_length=30, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    scope = forms.MultipleChoiceField(
        label=_("What may this person do?"), widget=forms.CheckboxSelectMultiple
    )
    valid_to = forms.DateField(label=_("Until when?"), widget=day_input())
    evidence_kind = forms.ChoiceField(label=_("Kind of evidence"), widget=forms.RadioSelect)
    evidence = forms.FileField(label=_("Evidence"), required=False, help_text=EVIDENCE_HINT)
    witness = forms.CharField(label=_("Witness"), max_length=60, required=False)
    read_back = forms.BooleanField(label=_("I read it aloud to the family"), required=False)

    def prepare(self) -> None:
        self.fields["relation"].choices = choices("delegate_relation")  # type: ignore[attr-defined]
        self.fields["scope"].choices = choices("delegation_scope")  # type: ignore[attr-defined]
        kinds = Delegation._meta.get_field("evidence_kind").choices
        self.fields["evidence_kind"].choices = kinds  # type: ignore[attr-defined]

    @property
    def delegate(self) -> DelegateAnswer:
        given = {name: value for name, value in self.cleaned_data.items() if name != "evidence"}
        return DelegateAnswer(**given | {"scope": tuple(given["scope"])})
