"""Forms of officers, and the field for a place of any level."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common import clock
from common.forms import Form
from policy.enums import Category, LineKind, Scope, Subject
from policy.models import Policy
from policy.rules import CODE_LISTS, CONDITION_ROWS, FIELD_LABELS, FIELDS, OPERATOR_LABELS
from reference.enums import Level
from reference.fields import DivisionField
from reference.queries import choices

DAY = {"type": "date"}


class AreaField(DivisionField):
    """A county, a prefecture, a province or a township, by name or code."""

    LEVELS = (Level.COUNTY, Level.PREFECTURE, Level.PROVINCE, Level.TOWNSHIP)


class PolicyForm(Form):
    """A policy in its own words and in plain ones."""

    area = AreaField(label=_("Where does it hold?"))
    title = forms.CharField(label=_("Title"), max_length=160)
    doc_no = forms.CharField(label=_("Document number"), max_length=80)
    issuer = forms.CharField(label=_("Issuer"), max_length=120)
    category = forms.ChoiceField(label=_("Matter"), choices=Category.choices)
    effective_from = forms.DateField(label=_("In force from"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    effective_to = forms.DateField(
        label=_("In force until"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )
    plain_summary = forms.CharField(
        label=_("In plain words"),
        help_text=_("Who gets what, and where to ask. Short sentences; a family should understand it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    full_text = forms.CharField(label=_("Full text"), widget=forms.Textarea(attrs={"rows": 14}))

    def __init__(self, *args: Any, prefix_inside: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.prefix = prefix_inside

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("effective_from"), data.get("effective_to")
        if begins and ends and ends <= begins:
            self.add_error("effective_to", _("It cannot end before it begins."))
        return data


class PolicyEditForm(PolicyForm):
    """The same without the place, which stays; it carries the version it was opened at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name not in {"area", "version"}]
        initial = {name: getattr(policy, name) for name in names} | {"version": policy.version}
        super().__init__(*args, initial=initial, prefix_inside=policy.area, **kwargs)
        del self.fields["area"]


class LineForm(Form):
    """An income line in yuan per person and year."""

    scope = forms.ChoiceField(label=_("Scope"), choices=Scope.choices)
    area = AreaField(label=_("Place"), required=False)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label=_("Kind"), choices=LineKind.choices)
    amount = forms.DecimalField(
        label=_("Amount (yuan per person and year)"),
        min_value=Decimal("0.01"),
        max_digits=10,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    basis = forms.CharField(
        label=_("Basis (for example constant prices of 2010)"), max_length=60, required=False
    )

    def __init__(self, *args: Any, prefix_inside: str, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {"area": prefix_inside, "year": clock.today().year, "scope": Scope.COUNTY}
        )
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.prefix = prefix_inside


class RuleForm(Form):
    """Who may get what: conditions over known fields, never code; it advises and never decides."""

    benefit = forms.CharField(label=_("What do they get?"), max_length=160)
    standard = forms.CharField(label=_("How much?"), max_length=160, required=False)
    where_to_apply = forms.CharField(label=_("Where to ask"), max_length=160)

    def __init__(self, *args: Any, subject: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blank = [("", _("no further condition"))]
        known = [(name, FIELD_LABELS[name]) for name in FIELDS[Subject(subject)]]
        for row in range(CONDITION_ROWS):
            self.fields[f"field{row}"] = forms.ChoiceField(
                label=_("Condition %(number)s") % {"number": row + 1}, choices=blank + known, required=False
            )
            self.fields[f"op{row}"] = forms.ChoiceField(
                label=_("compares"), choices=list(OPERATOR_LABELS.items()), required=False
            )
            self.fields[f"value{row}"] = forms.CharField(
                label=_("with what value"),
                max_length=200,
                required=False,
                help_text=_("Several values: a comma between them."),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        conditions = []
        for row in range(CONDITION_ROWS):
            name, op, value = (data.pop(f"{part}{row}", "") for part in ("field", "op", "value"))
            if name:
                parts = [part.strip() for part in value.replace("，", ",").replace("、", ",").split(",")]
                known = [self._slug(name, part, row) for part in parts if part]
                chosen = known if op == "in" else next(iter(known), "")
                conditions.append({"field": name, "op": op, "value": chosen})
        return {**data, "conditions": conditions}

    def _slug(self, name: str, said: str, row: int) -> str:
        """A word of a code list is stored as its slug, whichever way it was written."""
        if name not in CODE_LISTS:
            return said
        by_label = {label: slug for slug, label in choices(CODE_LISTS[name])}
        if said in by_label.values():
            return said
        if said not in by_label:
            self.add_error(
                f"value{row}",
                ValidationError(
                    _("“%(said)s” is not on the list. One may write: %(known)s."),
                    params={"said": said, "known": ", ".join(by_label)},
                ),
            )
        return by_label.get(said, said)


class RepealForm(Form):
    reason = forms.CharField(
        label=_("Why is it repealed?"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class SendBackForm(Form):
    reason = forms.CharField(
        label=_("What should be changed?"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReviewForm(Form):
    """The reviewer vouches for the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
