"""Two separate consents, and the guardian's for a child under fourteen (domain §8.1: PIPL §14, §29, §31)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from households.forms.public.step import StepForm, for_other

NEEDED = _("Without this we may not take the application up. Tick it to go on, or call us instead.")


class NoticeForm(StepForm):
    apply = forms.BooleanField(
        label=_("I agree: you may use these details to work on the application"),
        error_messages={"required": NEEDED},
    )
    sensitive = forms.BooleanField(
        label=_("I also agree for health, disability and money matters"), error_messages={"required": NEEDED}
    )

    def prepare(self) -> None:
        if for_other(self.answers):
            self.fields["apply"].label = _(
                "The family agrees: you may use their details to work on the application"
            )
            self.fields["sensitive"].label = _(
                "The family also agrees for health, disability and money matters"
            )
        self.fields["apply"].help_text = _("Name, address, phone and what the family tells us.")
        self.fields["sensitive"].help_text = _(
            "The law asks for this separately, because such matters are personal."
        )


class GuardianForm(StepForm):
    guardian = forms.CharField(
        label=_("Who is the child's guardian?"),
        help_text=_("A parent, or whoever brings the child up."),
        max_length=60,
        error_messages={"required": _("Write the name of the guardian.")},
    )
    child_data = forms.BooleanField(
        label=_("The guardian agrees that we use the child's details for this application"),
        error_messages={
            "required": _("The guardian must agree before we may keep details of a child under 14.")
        },
    )
