"""The three-level assessment in four pages, and the page that sends it up with its needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.exceptions import Refused
from households.desk.forms.base import DeskForm, VersionedForm, day_input, optional, words
from households.enums import Urgency
from households.instruments import (
    MOST_CAUSES,
    CauseLevel,
    Difficulty,
    Duration,
    Frequency,
    FunctionDomain,
    Grade,
    MoodAnswer,
    MoodQuestion,
    Risk,
)
from households.models import Need
from households.queries.ranking import needs_to_rank, ranked
from households.services.deidentify import refuse_identifying
from households.services.revising import REVISED
from reference.queries import choices

PUBLIC_LIMITS = {"public_title": 60, "public_summary": 300}


class ProblemForm(VersionedForm):
    columns = (
        "problem_words", "problem_view", "category", "onset", "frequency", "duration", "grade", "efforts", "risks",
        "no_risk_seen",
    )  # fmt: skip
    problem_words = words(_("What is the matter, in the family's words?"))
    problem_view = words(_("How do you see it?"))
    category = forms.ChoiceField(label=_("What kind of need is it?"), required=False)
    onset = forms.DateField(label=_("Since when?"), required=False, widget=day_input())
    frequency = forms.ChoiceField(label=_("How often?"), choices=optional(Frequency.choices), required=False)
    duration = forms.ChoiceField(
        label=_("How long will it last?"), choices=optional(Duration.choices), required=False
    )
    grade = forms.TypedChoiceField(
        label=_("How severe is it?"),
        coerce=int,
        empty_value=None,
        choices=Grade.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    efforts = words(_("What was tried, and what help came?"))
    risks = forms.MultipleChoiceField(
        label=_("Is anybody in danger now?"),
        choices=Risk.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    no_risk_seen = forms.BooleanField(label=_("No immediate risk seen"), required=False)

    def prepare(self) -> None:
        self.fields["category"].choices = optional(choices("need_category"))  # type: ignore[attr-defined]
        super().prepare()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("risks") and data.get("no_risk_seen"):
            self.add_error("risks", _("You ticked a risk and also “no immediate risk”. Which one holds?"))
        return data


class PersonForm(VersionedForm):
    columns = ("health", "skills", "motivation", "strengths", "wish")
    health = words(_("Health"))
    skills = words(_("Education and skills"))
    motivation = words(_("What does the person hope for?"))
    strengths = words(_("What is this person good at? What goes well?"))
    wish = words(_("“What I want”, in the family's words"))

    def prepare(self) -> None:
        super().prepare()
        asked = ((FunctionDomain, Difficulty, "functioning"), (MoodQuestion, MoodAnswer, "mood"))
        fields: dict[str, forms.Field] = {}
        for questions, answers, name in asked:
            for question in questions:
                label = (
                    question.label
                    if name == "mood"
                    else _("Difficulty with %(what)s?") % {"what": question.label}
                )
                fields[f"{name}_{question.value}"] = forms.ChoiceField(
                    label=label,
                    choices=answers.choices,
                    required=False,
                    widget=forms.RadioSelect,
                    initial=getattr(self.obj, name).get(question.value),
                )
        self.fields = fields | self.fields

    @property
    def changes(self) -> dict[str, Any]:
        given = {
            name: {
                question.value: answer
                for question in questions
                if (answer := self.cleaned_data[f"{name}_{question.value}"])
            }
            for questions, name in ((FunctionDomain, "functioning"), (MoodQuestion, "mood"))
        }
        return super().changes | given


class SituationForm(VersionedForm):
    columns = (
        "family", "network", "living", "economy", "policies_enjoyed", "no_policy_enjoyed", "policies_missing",
        "no_policy_missing", "services_near", "conflict", "language",
    )  # fmt: skip
    folded = frozenset(
        {"policies_enjoyed", "policies_missing"}
    )  # two long lists, opened where they say something
    family = words(_("Who lives here, and who supports whom?"))
    network = words(_("Relatives, neighbours, organisations that help"))
    living = words(_("Housing, water, road"))
    economy = words(_("Income and debt"))
    policies_enjoyed = forms.MultipleChoiceField(
        label=_("Which public help does the family receive?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    no_policy_enjoyed = forms.BooleanField(label=_("It receives no public help"), required=False)
    policies_missing = forms.MultipleChoiceField(
        label=_("Which public help may it be missing?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    no_policy_missing = forms.BooleanField(label=_("It misses no public help it could have"), required=False)
    services_near = words(_("Services within reach"))
    conflict = words(_("Discrimination or conflict"), help_text=_("If there is none, write so."))
    language = forms.CharField(label=_("Language spoken at home"), max_length=40, required=False)

    def prepare(self) -> None:
        for name in self.folded:
            self.fields[name].choices = choices("measure")  # type: ignore[attr-defined]
        super().prepare()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, none in (
            ("policies_enjoyed", "no_policy_enjoyed"),
            ("policies_missing", "no_policy_missing"),
        ):
            if data.get(name) and data.get(none):
                self.add_error(
                    name, _("You ticked public help and also that there is none. Which one holds?")
                )
        return data


class SynthesisForm(VersionedForm):
    columns = ("protective", "risk_factors", "objectives")
    protective = words(_("What protects this family?"))
    risk_factors = words(_("What endangers it?"))
    objectives = words(_("What should be reached, by when, and how will we see it?"))

    def prepare(self) -> None:
        super().prepare()
        known = [*self.obj.causes, *({} for _place in range(MOST_CAUSES))]
        titles = (_("Main cause"), _("Second cause"), _("Third cause"))
        fields: dict[str, forms.Field] = {}
        for number, title in enumerate(titles, start=1):
            cause = known[number - 1]
            fields[f"cause_{number}"] = forms.ChoiceField(
                label=title, choices=optional(choices("cause")), required=False, initial=cause.get("code")
            )
            fields[f"level_{number}"] = forms.ChoiceField(
                label=_("It lies in"),
                choices=CauseLevel.choices,
                required=False,
                initial=cause.get("level", CauseLevel.PROBLEM),
            )
        self.fields = fields | self.fields

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        codes = [data.get(f"cause_{number}", "") for number in range(1, MOST_CAUSES + 1)]
        given = [code for code in codes if code]
        if given and not codes[0]:
            self.add_error("cause_1", _("Name the main cause first."))
        if len(set(given)) < len(given):
            self.add_error("cause_1", _("The same cause stands here twice."))
        return data

    @property
    def changes(self) -> dict[str, Any]:
        return super().changes | {"causes": list(self._causes())}

    def _causes(self) -> Iterator[dict[str, str]]:
        for number in range(1, MOST_CAUSES + 1):
            if code := self.cleaned_data[f"cause_{number}"]:
                yield {
                    "code": code,
                    "level": self.cleaned_data[f"level_{number}"] or CauseLevel.PROBLEM.value,
                }


LEVELS: dict[str, tuple[Any, type[VersionedForm]]] = {
    "problem": (_("The problem"), ProblemForm),
    "person": (_("The person"), PersonForm),
    "situation": (_("The situation"), SituationForm),
    "synthesis": (_("What follows from it"), SynthesisForm),
}


class SendForm(DeskForm):
    """What the assessment made of each need, and that the family agrees."""

    agreed = forms.BooleanField(label=_("I went through it with the family, and they agree"), required=False)

    def prepare(self) -> None:
        fields: dict[str, forms.Field] = {}
        places = ranked(self.obj, self.needs)
        given = set(self.obj.ranking) == {need.public_id for need in self.needs}
        for need in self.needs:
            ref = need.public_id
            if len(places) > 1:
                fields[f"rank_{ref}"] = forms.TypedChoiceField(
                    label=_("Which place among the needs?"),
                    coerce=int,
                    empty_value=None,
                    choices=[("", _("not chosen")), *((place, place) for place in range(1, len(places) + 1))],
                    initial=places.index(need) + 1 if given else None,
                    required=False,
                    help_text=_(
                        "1 is what the family needs first; each place is given once. By how severe and how soon, this "
                        "would be number %(place)s."
                    )
                    % {"place": places.index(need) + 1},
                )
                fields[f"rank_{ref}"].conditional = True  # type: ignore[attr-defined]
            found = self._found(need)
            amount = forms.DecimalField(
                label=_("How much?"),
                min_value=0,
                decimal_places=2,
                max_digits=14,
                initial=_shown(found["requested"], need),
            )
            amount.unit = need.item.unit_label  # type: ignore[attr-defined]
            fields |= {
                f"requested_{ref}": amount,
                f"urgency_{ref}": forms.ChoiceField(
                    label=_("How soon?"), choices=Urgency.choices, initial=found["urgency"]
                ),
                f"deadline_{ref}": forms.DateField(
                    label=_("Needed by"), required=False, widget=day_input(), initial=found["deadline"]
                ),
                f"public_title_{ref}": forms.CharField(
                    label=_("Public title"), max_length=60, initial=found["public_title"] or need.item.label
                ),
                f"public_summary_{ref}": forms.CharField(
                    label=_("Public summary"),
                    max_length=300,
                    required=False,
                    initial=found["public_summary"],
                    widget=forms.Textarea(attrs={"rows": 2}),
                    help_text=_("Strangers read this: no names, numbers or address."),
                ),
                f"contribution_{ref}": forms.CharField(
                    label=_("What the family itself contributes"),
                    max_length=200,
                    required=False,
                    initial=found["contribution"],
                ),
            }
        self.fields = fields | self.fields

    @property
    def needs(self) -> list[Need]:
        if not hasattr(self, "_needs"):
            self._needs = list(needs_to_rank(self.obj))
        return self._needs

    def _found(self, need: Need) -> dict[str, Any]:
        """What was found of a need so far: it comes back as it was sent when the supervisor asked for more."""
        sent: dict[str, Any] = next((one for one in self.obj.revised if one["need"] == need.public_id), {})
        return {name: sent.get(name, getattr(need, name)) for name in REVISED}

    @property
    def groups(self) -> list[tuple[Need, list[forms.BoundField]]]:
        """The fields of each need, for the page."""
        return [
            (need, [self[name] for name in self.fields if name.endswith(f"_{need.public_id}")])
            for need in self.needs
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for need in self.needs:
            amount = data.get(f"requested_{need.public_id}")
            if amount is not None and (amount * need.item.unit_factor) % 1:
                self.add_error(f"requested_{need.public_id}", _("Give a whole number here."))
            for name in PUBLIC_LIMITS:
                field = f"{name}_{need.public_id}"
                try:
                    refuse_identifying(data.get(field, ""), household=self.obj.household, field=field)
                except Refused as refused:
                    self.add_error(field, str(refused.message))
        return data

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What the service is told of each need."""
        data = self.cleaned_data
        names = ("urgency", "deadline", *PUBLIC_LIMITS, "contribution")
        return [
            {
                "need": need,
                "rank": data.get(f"rank_{need.public_id}"),
                "requested": int(data[f"requested_{need.public_id}"] * need.item.unit_factor),
                **{name: data[f"{name}_{need.public_id}"] for name in names},
            }
            for need in self.needs
        ]


def _shown(quantity: int, need: Need) -> Any:
    whole, rest = divmod(quantity, need.item.unit_factor)
    return quantity / need.item.unit_factor if rest else whole
