"""Writing and signing agreements: every part is asked for, what the law gives the family stands there already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.forms import Form
from delivery.enums import ENTRUSTMENT_PARTS, SERVICE_PARTS
from delivery.forms.fields import DayField, LongText, YuanField
from delivery.forms.negotiation import joined, split
from delivery.models import Agreement, Remark
from projects.models import JointAnalysis, Project
from reference.queries import label_of

TRANCHES = (1, 2, 3)


class TermsForm(Form):
    """The parts of the text and its days; `content` puts them together as they are signed."""

    parts: tuple[str, ...] = ()
    start = DayField(label=_("First day"))
    end = DayField(label=_("Last day"))

    def terms(self) -> dict[str, Any]:
        """What a service of agreements is given."""
        data = self.cleaned_data
        return {
            "content": {part: data[part].strip() for part in self.parts},
            "amount": 0,
            "start": data["start"],
            "end": data["end"],
        }


class ServiceForm(TermsForm):
    """Between the family and the agency (domain §10.6); the right to leave cannot be taken out."""

    parts = SERVICE_PARTS
    causes = LongText(label=_("What we found out together"))
    goals = LongText(label=_("What we want to reach"))
    agency_duties = LongText(label=_("What the agency does"), rows=4)
    household_duties = LongText(label=_("What the family does"))
    privacy = LongText(label=_("What is told to whom"))
    complaints = LongText(label=_("If something is not right"))
    withdrawal = LongText(
        label=_("The right to leave"), disabled=True, help_text=_("This right is the family's by rule.")
    )
    field_order = [*SERVICE_PARTS, "start", "end"]

    def __init__(
        self, *args: Any, analysis: JointAnalysis, agreement: Agreement | None = None, **kwargs: Any
    ):
        found = agreement.content if agreement else _from_analysis(analysis)
        days = agreement or analysis.project
        start = days.start if agreement else first_day(analysis.project)
        initial = {**found, "withdrawal": right_to_leave(), "start": start, "end": days.end}
        super().__init__(*args, initial=initial, **kwargs)


class EntrustmentForm(TermsForm):
    """Between the agency, the fund holder and the platform."""

    parts = ENTRUSTMENT_PARTS
    purpose = LongText(label=_("Purpose"))
    use_of_funds = LongText(label=_("What the money may be used for"))
    amount = YuanField(label=_("Sum of the agreement"))
    tranche_1 = YuanField(label=_("First tranche"))
    tranche_2 = YuanField(
        label=_("Second tranche"), help_text=_("Paid only after the evaluation midway is passed.")
    )
    tranche_3 = YuanField(label=_("Third tranche"), required=False)
    tranches = LongText(label=_("When the tranches are paid"))
    duties = LongText(label=_("Duties of the agency"))
    reporting = LongText(label=_("Reports and vouchers"))
    leftover = LongText(label=_("What happens with money left over"))
    liability = LongText(label=_("When the agreement is broken"))
    field_order = [
        "purpose", "use_of_funds", "amount", "tranche_1", "tranche_2", "tranche_3", "tranches", "duties",
        "reporting", "leftover", "liability", "start", "end",
    ]  # fmt: skip

    def __init__(
        self,
        *args: Any,
        project: Project,
        agreement: Agreement | None = None,
        remarks: Sequence[Remark] = (),
        **kwargs: Any,
    ):
        initial = _written(agreement) if agreement else _for_project(project)
        super().__init__(*args, initial={**initial, "seen": joined(remarks)}, **kwargs)
        if remarks:
            self.fields["answer"] = LongText(
                label=_("Your answer to the remarks"),
                max_length=500,
                help_text=_("What you changed, and what not and why."),
            )
            self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.fields["tranche_1"].help_text = _(
            "Paid after the evaluation before the start: at most %(share)s %% of the sum."
        ) % {"share": settings.FIRST_TRANCHE_PERCENT}

    def terms(self) -> dict[str, Any]:
        terms = super().terms()
        asked = (self.cleaned_data.get(f"tranche_{number}") for number in TRANCHES)
        terms["content"]["tranche_amounts"] = [amount for amount in asked if amount]
        terms["amount"] = self.cleaned_data["amount"]
        if "answer" in self.fields:
            terms["answer"] = self.cleaned_data["answer"]
            terms["seen"] = split(self.cleaned_data["seen"])
        return terms


class SignForm(Form):
    """Carries the hash of the text that was read, so that only this text is signed."""

    text_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)


def first_day(project: Project) -> date:
    """The project's first day, or today when that has passed: nothing is agreed backwards."""
    return max(project.start, clock.today())


def right_to_leave() -> str:
    return gettext(
        "You can leave at any time, without giving a reason. Nothing you have received has to be given back, "
        "and your application and other help stay as they are."
    )


def _from_analysis(analysis: JointAnalysis) -> dict[str, Any]:
    causes = [label_of("cause", code) for code in analysis.causes]
    return {
        "causes": "\n".join([*causes, analysis.cause_notes]).strip(),
        "goals": "\n".join(str(goal) for goal in analysis.goals),
        "agency_duties": analysis.responses,
        "privacy": gettext(
            "The agency sees how to reach you, where you live and what you need, for this help alone. "
            "It passes nothing on."
        ),
        "complaints": gettext(
            "Call the county's social-work station, or write it on your page with the query code. "
            "Nobody may treat you worse for it."
        ),
    }


def _for_project(project: Project) -> dict[str, Any]:
    return {
        "purpose": project.needs_covered,
        "use_of_funds": "\n".join(str(line.get("title", "")) for line in project.budget_lines),
        "amount": project.funds,
        "tranches": gettext(
            "The first after the signatures, the others after the evaluation midway is passed."
        ),
        "reporting": gettext("A report every quarter, a voucher for every payment."),
        "leftover": gettext("What is left goes back to the fund holder and serves the same purpose."),
        "start": first_day(project),
        "end": project.end,
    }


def _written(agreement: Agreement) -> dict[str, Any]:
    stated = agreement.content.get("tranche_amounts", [])
    tranches = {f"tranche_{number}": amount for number, amount in zip(TRANCHES, stated, strict=False)}
    return {
        **agreement.content,
        **tranches,
        "amount": agreement.amount,
        "start": agreement.start,
        "end": agreement.end,
    }
