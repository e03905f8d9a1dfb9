"""What a project's state means for the people who read it, and its facts in words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.questions import Answer
from common.templatetags.ui import amount, day, number, percent, yuan
from projects.enums import ProjectState
from projects.models import JointAnalysis, Project
from reference.queries import labels, path_label

BASIS_POINTS = 10_000
_P = ProjectState
NEXT_FOR_AGENCY: dict[str, Any] = {
    _P.DRAFT: gettext_lazy("Complete the parts below, check them, then send the project."),
    _P.SUBMITTED: gettext_lazy("The station looks whether everything is there. You will hear from us."),
    _P.SCREENING: gettext_lazy("The station is screening the project. You will hear from us."),
    _P.EX_ANTE: gettext_lazy("An independent team evaluates the project before anything is agreed."),
    _P.REVISE: gettext_lazy("Change what was asked for, then send the project again."),
    _P.REJECTED: gettext_lazy("This project was not accepted. You may begin another one."),
    _P.APPROVED: gettext_lazy("Approved. Matches can name it now; work begins after the agreement."),
    _P.FUNDED: gettext_lazy("Enough is matched. The agreement comes next."),
    _P.AGREED: gettext_lazy("The agreement is in force. Report the start of the work."),
    _P.IN_PROGRESS: gettext_lazy("Report milestones and deliveries as they happen."),
    _P.PAUSED: gettext_lazy("The work rests. The station tells you when it goes on."),
    _P.MID_EVALUATING: gettext_lazy(
        "An independent team looks at the work midway. Keep your papers at hand."
    ),
    _P.RECTIFYING: gettext_lazy("Put right what was found, by the date below; then it is looked at again."),
    _P.COMPLETING: gettext_lazy("You reported the work done. The evaluation after the end follows."),
    _P.EX_POST: gettext_lazy("An independent team looks at what the project achieved."),
    _P.ACCEPTED: gettext_lazy("Accepted. Thank you for the work done."),
    _P.FAILED: gettext_lazy("Not passed. You may comment on the evaluation and appeal."),
    _P.TERMINATED: gettext_lazy("Ended early."),
    _P.ARCHIVED: gettext_lazy("Nothing more will happen here."),
}


def group_labels(groups: list[str]) -> str:
    """The population served, in words."""
    known = labels("population_group")
    return _(", ").join(known.get(slug, slug) for slug in groups)


def facts_of(project: Project) -> list[tuple[Any, Any]]:
    """Place, population, funds and schedule, and who answers for them."""
    return [
        (_("Number"), project.number),
        (_("Agency"), project.agency.name),
        (_("Fund holder"), project.fund_holder.organisation.name if project.fund_holder else "—"),
        (_("Place"), path_label(project.place)),
        (_("For whom"), group_labels(project.groups) or _("everybody in need")),
        (_("Households planned"), number(project.households_planned)),
        (_("Funds needed"), yuan(project.funds)),
        (_("From – until"), f"{day(project.start)} – {day(project.end)}"),
    ]


def answers_of(project: Project) -> list[Answer]:
    """Everything the agency wrote, each with the way back to its page."""

    def to(part: str) -> str:
        return reverse("projects:part", args=[project.public_id, part]) + "?back"

    def listed(label: str, value: str) -> str:
        return _("%(label)s: %(value)s") % {"label": label, "value": value}

    budget = "\n".join(listed(line["title"], yuan(line["amount"])) for line in project.budget_lines)
    capacity = "\n".join(
        listed(row.item.label, amount(row.capacity, row.item)) for row in project.items.select_related("item")
    )
    milestones = "\n".join(f"{day(row.due)} {row.title}" for row in project.milestones.order_by("due", "pk"))
    model = project.logic_model
    return [
        Answer(_("Title"), project.title, to("place")),
        Answer(_("Place"), path_label(project.place), to("place")),
        Answer(_("For whom"), group_labels(project.groups), to("population")),
        Answer(_("Households planned"), number(project.households_planned), to("population")),
        Answer(_("Funds needed"), yuan(project.funds), to("funds")),
        Answer(
            _("Fund holder"),
            project.fund_holder.organisation.name if project.fund_holder else "",
            to("funds"),
        ),
        Answer(_("Administration"), percent(project.admin_fee_bp / BASIS_POINTS), to("funds")),
        Answer(_("Other money"), project.co_funding, to("funds")),
        Answer(_("From – until"), f"{day(project.start)} – {day(project.end)}", to("schedule")),
        Answer(_("Milestones"), milestones, reverse("projects:milestones", args=[project.public_id])),
        Answer(_("Which needs it answers"), project.needs_covered, to("content")),
        Answer(_("Activities"), project.activities, to("content")),
        Answer(
            _("What the project can bring"), capacity, reverse("projects:capacity", args=[project.public_id])
        ),
        Answer(_("Budget lines"), budget, reverse("projects:budget", args=[project.public_id])),
        Answer(_("How it works"), "\n".join(text for text in model.values() if text), to("logic")),
        Answer(_("Risks"), project.risks, to("risks")),
        Answer(_("How the effect will be measured"), project.evaluation_plan, to("content")),
    ]


def described_in(project: Project) -> list[tuple[Any, Any]]:
    """What the agency wrote beyond the facts and the course, for those who judge it."""
    shown = {_("Title"), _("Milestones"), _("What the project can bring")}
    known = {label for label, _value in facts_of(project)} | shown
    return [(row.label, row.value) for row in answers_of(project) if row.label not in known]


def cause_labels(analysis: JointAnalysis) -> str:
    """The causes both sides found, in words."""
    known = labels("cause")
    found: list[str] = [known.get(slug, slug) for slug in analysis.causes]
    main, others = "".join(found[:1]), found[1:]
    if not others:
        return main
    return _("%(main)s (main cause); also %(others)s") % {"main": main, "others": _(", ").join(others)}
