"""The base form: errors by service refusals land beside the field they speak of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.exceptions import Refused

CHOSEN = (forms.RadioSelect, forms.CheckboxSelectMultiple)
CHOOSE, FILL_IN = _("Choose one to go on."), _("Still open: fill it in to go on.")
DJANGOS = forms.Field.default_error_messages["required"]


class Form(forms.Form):
    """Plain Django form without colons or asterisks; `refuse` shows what a service refused."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.was_refused = False
        for field in self.fields.values():
            if field.error_messages["required"] == DJANGOS:
                field.error_messages["required"] = CHOOSE if isinstance(field.widget, CHOSEN) else FILL_IN

    def refuse(self, refused: Refused) -> None:
        self.was_refused = True
        field = refused.field if refused.field in self.fields else None
        self.add_error(field, forms.ValidationError(str(refused.message), code=refused.code))


class ConfirmForm(Form):
    """A form with nothing to fill in: one button, one act."""


class ReasonForm(Form):
    """A form that asks why: every negative decision carries its reason."""

    reason = forms.CharField(label=_("Why?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
