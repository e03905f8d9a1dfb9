"""One need on four small pages: what about, what exactly, how much, by when."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from households.forms.public import vocabulary, words
from households.forms.public.step import StepForm, each
from households.forms.public.topics import BY_SLUG, TOPICS, UNSURE
from reference.models import Item

MOST_YUAN = 1_000_000


def units_of(item: Item, quantity: Decimal) -> int:
    """The quantity in the item's smallest unit; no smaller than a part that can be given."""
    units = quantity * item.unit_factor
    smallest = Decimal(item.smallest_part or 1)
    if units != units.to_integral_value():
        raise forms.ValidationError(_("Only whole pieces of this can be given. Write a round number."))
    if units < smallest:
        least = f"{(smallest / item.unit_factor).normalize():f}"
        message = _("The least that can be given is %(least)s %(unit)s.")
        raise forms.ValidationError(message % {"least": least, "unit": item.unit_label})
    if item.is_money and quantity > MOST_YUAN:
        raise forms.ValidationError(_("This is very much. Write what is needed for now."))
    return int(units)


class TopicForm(StepForm):
    topic = forms.ChoiceField(
        label=_("What does the family need most?"),
        widget=forms.RadioSelect,
        choices=[(topic.slug, topic.label) for topic in TOPICS],
        error_messages={"required": _("Choose one. Not sure? Choose the last line.")},
    )

    def prepare(self) -> None:
        self.fields["topic"].option_hints = {topic.slug: topic.hint for topic in TOPICS}  # type: ignore[attr-defined]


class ItemForm(StepForm):
    item = forms.ChoiceField(
        label=_("What exactly would help?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is closest; you can add another need afterwards.")},
    )

    def prepare(self) -> None:
        topic = BY_SLUG.get(self.said("topic", "topic", UNSURE), BY_SLUG[UNSURE])
        found = vocabulary.items()
        self.offer("item", [(slug, found[slug].label) for slug in topic.items if slug in found])


class AmountForm(StepForm):
    quantity = forms.DecimalField(
        label=_("How much?"), max_digits=9, decimal_places=2, min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "required": _("Write how much, or tick “not sure”."),
            "invalid": _("Write the quantity in figures, for instance 3."),
            "min_value": _("Write how much is needed, more than nothing."),
            "max_digits": _("This is very much. Write what is needed for now."),
            "max_whole_digits": _("This is very much. Write what is needed for now."),
            "max_decimal_places": _("Write the quantity in figures, for instance 3."),
        },
    )  # fmt: skip
    unsure = forms.BooleanField(label=_("Not sure; the social worker works it out with us"), required=False)
    beneficiary = forms.ChoiceField(label=_("Who is it for?"), required=False)

    def prepare(self) -> None:
        self.item: Item = vocabulary.items()[self.said("item", "item")]
        self.fields["quantity"].label = self.item.label
        self.fields["quantity"].unit = self.item.unit_label  # type: ignore[attr-defined]
        people = [(slot, who["name"]) for slot, who in each(self.answers, "who")]
        self.offer("beneficiary", [("", _("The whole family")), *people])
        if len(people) < 2:
            del self.fields["beneficiary"]
        if not self.item.divisible:
            self.fields["quantity"].initial = 1

    def clean(self) -> dict[str, Any]:
        """The quantity in the item's smallest unit; no smaller than a part that can be given."""
        data: dict[str, Any] = super().clean() or {}
        quantity = data.get("quantity")
        if data.get("unsure"):
            data["quantity"], data["units"] = None, self.item.smallest_part or 1
            self.errors.pop("quantity", None)
            return data
        if quantity is None:
            return data
        try:
            data["units"] = units_of(self.item, quantity)
        except forms.ValidationError as error:
            self.add_error("quantity", error)
        data["quantity"] = f"{quantity.normalize():f}"
        return data


class WhenForm(StepForm):
    urgency = forms.ChoiceField(
        label=_("How soon?"),
        widget=forms.RadioSelect,
        choices=list(words.URGENCY.items()),
        error_messages={"required": _("Choose how soon it is needed.")},
    )
    deadline = forms.DateField(
        label=_("Needed by a certain day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        error_messages={"invalid": _("Write the day like this: 2026-12-20.")},
        help_text=_("For instance the first day of school, or before the new year."),
    )
    contribution = forms.CharField(
        label=_("What can the family do itself?"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For instance: fetch it, lend a hand, pay a part."),
    )

    def clean_deadline(self) -> Any:
        deadline = self.cleaned_data["deadline"]
        if deadline is not None and deadline < clock.today():
            raise forms.ValidationError(_("This day is already over. By when is it needed?"), code="past")
        return deadline


class FurtherForm(AmountForm, WhenForm):
    """How much and by when, on one page: what a family on file asks for besides."""


class FurtherByDelegateForm(FurtherForm):
    read_back = forms.BooleanField(
        label=_("I read it aloud to the family, and it agrees"),
        error_messages={"required": _("Read it aloud to the family first, then tick this.")},
    )


class MoreNeedsForm(StepForm):
    more = forms.ChoiceField(
        label=_("Is there anything else?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes, add another need")), ("no", _("No, that is all for now"))],
        error_messages={"required": _("Say whether there is anything else.")},
    )
