"""What is tried out on the register, and with how much."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import Form
from households.enums import CardState
from households.models import PointsCard
from reference.queries import children

PLACES, MONEY = "places", "money"


class TargetingForm(Form):
    """A rule, a budget, a known outcome; every one of them has a first choice."""

    rule = forms.ChoiceField(label=_("Rule"), widget=forms.RadioSelect)
    budget = forms.ChoiceField(
        label=_("How much there is"),
        choices=[(PLACES, _("places for so many families")), (MONEY, _("money, the same for each family"))],
        widget=forms.RadioSelect,
        initial=PLACES,
    )
    amount = forms.DecimalField(
        label=_("How many places, or how many yuan"),
        min_value=1,
        max_value=10**12,
        max_digits=14,
        decimal_places=2,
    )
    each = forms.DecimalField(
        label=_("Yuan for each family"), min_value=1, max_value=10**9, max_digits=11, decimal_places=2, required=False,
        help_text=_("Only where there is money to share out."),
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=_("Held against"),
        choices=[
            ("below_line", _("income below the line")),
            ("official", _("an official status in force")),
            ("deprived", _("poor in several ways at once (score from one third on)")),
        ],
    )
    by = forms.ChoiceField(
        label=_("Compare by"),
        choices=[
            ("", _("no groups")),
            ("place", _("place")),
            ("category", _("household category")),
            ("cause", _("main cause")),
        ],
        required=False,
    )
    area = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefix = user.seat.prefix if user.seat else ""
        cards = PointsCard.objects.visible_to(user).exclude(state=CardState.RETIRED).order_by("-state", "-pk")
        self.cards = {card.public_id: card for card in cards}
        self.fields["rule"].choices = [  # type: ignore[attr-defined]
            ("income", _("Income below the line, the lowest first")),
            ("deprivation", _("Deprivation score, the highest first")),
            *(
                (
                    ref,
                    _("Points card %(title)s (%(state)s)")
                    % {"title": f"{card.title} · {card.version}", "state": card.state_label},
                )
                for ref, card in self.cards.items()
            ),
        ]
        self.fields["area"].choices = [  # type: ignore[attr-defined]
            ("", _("the whole area")),
            *((row.code, row.name) for row in children(prefix)),
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("budget") == MONEY and not data.get("each"):
            self.add_error("each", _("Say how much each family gets."))
        if data.get("rule") == "income" and data.get("outcome") == "below_line":
            self.add_error(
                "outcome", _("The rule and what it is held against are the same. Choose another outcome.")
            )
        if data.get("rule") == "deprivation" and data.get("outcome") == "deprived":
            self.add_error(
                "outcome", _("The rule and what it is held against are the same. Choose another outcome.")
            )
        return data
