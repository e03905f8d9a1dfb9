"""What becomes of the files of a group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from households.desk.forms.base import words
from households.models import DuplicateFile
from households.models.duplicate import Verdict

UNDECIDED = ("", _("not decided yet"))


class VerdictForm(Form):
    """One answer a file, in one sentence why; `version` is the group as it stood on the page."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, files: Sequence[DuplicateFile], version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = files
        self.fields["version"].initial = version
        for file in files:
            self.fields[f"file-{file.public_id}"] = forms.ChoiceField(
                label=file.household.number,
                required=False,
                choices=[UNDECIDED, *Verdict.choices],
                initial=file.verdict,
                widget=forms.RadioSelect,
            )
        self.fields["reason"] = words(_("What did you see that shows it?"), required=True, limit=500)

    @property
    def verdicts(self) -> dict[str, str]:
        return {file.public_id: self.cleaned_data[f"file-{file.public_id}"] for file in self.listed}
