"""The last page, and the two doors with a code: back to a draft, on to one's application."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from households.rules import plain_code

CODE_LENGTH = 10


class SendForm(Form):
    """`seen` is the moment the answers on the page were saved: what is sent is what was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ReadBackForm(SendForm):
    read_back = forms.BooleanField(
        label=_("I read all of this aloud to the family, and they agreed"),
        error_messages={"required": _("Read it aloud to the family first, then tick that you did.")},
    )


class AgainForm(Form):
    """Begin: for the own family or for somebody else."""

    whose = forms.ChoiceField(
        label=_("For whom are you applying?"),
        widget=forms.RadioSelect,
        choices=[("self", _("For my own family")), ("delegate", _("For another family, on their behalf"))],
        error_messages={"required": _("Choose for whom you are applying.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].option_hints = {  # type: ignore[attr-defined]
            "self": _("You live there yourself."),
            "delegate": _("They asked you to, and you read everything to them at the end."),
        }


def _code_box() -> forms.TextInput:
    return forms.TextInput(
        attrs={
            "class": "input-code",
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }
    )


class _CodeForm(Form):
    code = forms.CharField(
        label=_("Query code"),
        max_length=30,
        widget=_code_box(),
        error_messages={"required": _("Write the code.")},
    )

    def clean_code(self) -> str:
        """Capital or small, with or without the dash; o is read as 0, i and l as 1."""
        code = plain_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(
                _("The code has 10 characters. Look at your slip once more."), code="code_length"
            )
        return code


class CodeForm(_CodeForm):
    tail = forms.CharField(
        label=_("Last four characters of the telephone or identity number"),
        help_text=_("The ones given in the application."),
        max_length=8,
        widget=forms.TextInput(attrs={"class": "input-code", "autocomplete": "off"}),
        error_messages={"required": _("Write the last four characters.")},
    )

    def clean_tail(self) -> str:
        tail = "".join(self.cleaned_data["tail"].split()).upper()
        if len(tail) != 4:
            raise forms.ValidationError(_("Write exactly four characters."), code="tail_length")
        return tail


class ResumeForm(_CodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code to go on")
