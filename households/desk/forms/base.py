"""Forms of the desk know what they are about and who fills them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import Form
from common.masking import mask_name

LONG = {"rows": 3}

if TYPE_CHECKING:
    RowChoice = forms.ModelChoiceField[Any]
    RowChoices = forms.ModelMultipleChoiceField[Any]
else:
    RowChoice = forms.ModelChoiceField
    RowChoices = forms.ModelMultipleChoiceField
Sections = list[tuple[Any, list[BoundField]]]
NOBODY = _("nobody chosen")


class MemberChoice(RowChoice):
    """One member, by the masked name that stands in the file."""

    def label_from_instance(self, obj: Any) -> str:
        return mask_name(obj.name)


class DeskForm(Form):
    """`obj` is the row the page is about, `user` the worker; `prepare` fills in choices and initial values."""

    def __init__(self, *args: Any, obj: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj = obj
        self.user = user
        self.prepare()

    def prepare(self) -> None:
        return None

    @property
    def sections(self) -> Sections:
        """A long form under headings; a short one has none."""
        return []

    def split(self, *parts: tuple[Any, list[str]]) -> Sections:
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in parts]

    @property
    def has_files(self) -> bool:
        return any(isinstance(field, forms.FileField) for field in self.fields.values())


class Confirm(DeskForm):
    """Nothing to fill in: one button, one act."""


class OwnWordForm(DeskForm):
    """What the family itself said, shown by whoever brings it."""

    upload = forms.FileField(
        label=_("Photo of the family's signature, or a recording"),
        help_text=_("Read it aloud first. A photo, a PDF or a recording, up to 10 MB."),
    )


class Reason(DeskForm):
    """Why, in words the family understands."""

    reason = forms.CharField(label=_("Why?"), max_length=500, widget=forms.Textarea(attrs=LONG))


class VersionedForm(DeskForm):
    """An edit by hand: carries the version it was opened at, and starts from the row's present values."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    columns: tuple[str, ...] = ()

    def prepare(self) -> None:
        self.fields["version"].initial = self.obj.version
        for name in self.columns:
            self.fields[name].initial = getattr(self.obj, name)

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.columns}


def optional(choices: Any) -> list[tuple[str, Any]]:
    """Choices with an honest "not known" on top."""
    return [("", _("not known")), *choices]


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def words(label: Any, *, required: bool = False, help_text: Any = "", limit: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs=LONG)
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=limit, widget=widget
    )
