"""What waits for a worker, derived from dates and states alone: nothing is ticked off by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from common import clock
from common.todos import Todo
from households.desk import care_list, safety
from households.desk.words import about_words, act_url, end_of, file_url, head_of
from households.enums import (
    ApplicationState,
    AssessmentState,
    FlagState,
    HouseholdState,
    NeedState,
    ObjectionState,
    RemedyState,
    VisitKind,
    VisitState,
)
from households.models import (
    Application,
    Assessment,
    ExitProposal,
    Household,
    ImportBatch,
    ImportRow,
    Member,
    Need,
    Objection,
    QualityFlag,
    Remedy,
    Visit,
)
from households.models.imports import BatchState, RowState
from households.rules import CASE_ROLES, UNDER_CHECK

AHEAD = timedelta(days=31)
GOES_ON = ~Q(household__state=HouseholdState.SUSPENDED)  # what is paused has no day to keep
MOST = 30  # of one kind; the list behind the title holds the rest
HEADS = Member.objects.filter(is_head=True)


def with_heads(rows: QuerySet[Any], path: str = "household__") -> QuerySet[Any]:
    """The masked name of the head costs one query for a whole list."""
    return rows.prefetch_related(Prefetch(f"{path}members", HEADS))


def for_social_worker(user: Any) -> list[Todo]:
    """The own cases, and in the own area what nobody has taken yet."""
    return list(
        chain(
            safety.alerts(user),
            _to_accept(user),
            _to_check(user),
            _questions(user),
            _to_assess_at_once(user),
            _to_assess(user),
            _to_assess_anew(user),
            _visits(user),
            _to_see(user),
            _objections_to_decide(user),
            care_list.todos(user),
        )
    )


def for_supervisor(user: Any) -> list[Todo]:
    """Decisions, second opinions, objections, and what is late in the area."""
    return list(
        chain(
            safety.alerts(user),
            _to_assess_at_once(user),
            _to_review(user),
            _to_decide(user),
            _to_approve_anew(user),
            _to_hand_on(user),
            _visits_left(user),
            _second_opinions(user),
            _objections_to_assign(user),
            _objections_to_decide(user),
            _remedies(user),
            _exits_unheard(user),
            _exits_to_decide(user),
            _files_to_decide(user),
            _households_that_wait(user),
            care_list.todos(user),
            _late(user),
        )
    )


def _applications(user: Any, *states: str) -> QuerySet[Any]:
    rows = Application.objects.visible_to(user).filter(GOES_ON, state__in=states)
    return with_heads(rows.select_related("household"))


def _cases(user: Any, *states: str) -> QuerySet[Any]:
    """Whoever decides an objection reads that file and works on none of it."""
    return _applications(user, *states).exclude(household__in=_judged_by(user))


def _todo(application: Application, title: str, due: Any, slug: str, kind: str) -> Todo:
    household = application.household
    url = act_url(application, slug) if slug else file_url(household)
    return Todo(
        title=title % {"head": head_of(household)},
        url=url,
        due=end_of(due) if due else None,
        detail=application.number,
        kind=kind,
    )


def _to_accept(user: Any) -> Iterator[Todo]:
    rows = _cases(user, ApplicationState.SUBMITTED).order_by("accept_due", "pk")[:MOST]
    for row in rows:
        yield _todo(row, _("Accept the application of %(head)s"), row.accept_due, "", "accept")


def _to_check(user: Any) -> Iterator[Todo]:
    rows = _cases(user, ApplicationState.ACCEPTED).order_by("visit_due", "pk")[:MOST]
    for row in rows:
        yield _todo(row, _("Start checking the file of %(head)s"), row.visit_due, "", "verify")


def _questions(user: Any) -> Iterator[Todo]:
    rows = _cases(user, ApplicationState.FLAGGED).order_by("decide_due", "pk")[:MOST]
    for row in rows:
        todo = _todo(row, _("Settle the open questions on %(head)s"), row.decide_due, "", "questions")
        yield Todo(todo.title, file_url(row.household, "check"), todo.due, todo.detail, kind=todo.kind)


def _to_assess(user: Any) -> Iterator[Todo]:
    """Visited and not written yet, or sent back by the supervisor."""
    rows = _cases(user, ApplicationState.VERIFYING).order_by("decide_due", "pk")
    visited = Visit.objects.filter(kind=VisitKind.VERIFICATION, state=VisitState.DONE).values("household_id")
    back = Q(assessments__state=AssessmentState.SENT_BACK)
    rows = rows.exclude(pk__in=_set_aside_of(user)).exclude(
        pk__in=_opened_ahead(user).values("application_id")
    )
    for row in rows.filter(Q(household__in=visited) | back).distinct()[:MOST]:
        todo = _todo(row, _("Write the assessment of %(head)s"), row.decide_due, "", "assess")
        yield Todo(todo.title, file_url(row.household, "check"), todo.due, todo.detail, kind=todo.kind)


def _opened_ahead(user: Any) -> QuerySet[Need]:
    """What could not wait, while its assessment has not gone up yet."""
    rows = Need.objects.visible_to(user).filter(
        GOES_ON, assess_by__isnull=False, application__state__in=UNDER_CHECK
    )
    back = Application.objects.filter(assessments__state=AssessmentState.SENT_BACK)
    return rows.exclude(application__in=back.values("pk")).exclude(household__in=_judged_by(user))


def _to_assess_at_once(user: Any) -> Iterator[Todo]:
    """A need is open ahead of its assessment: one line for each application, by the hour."""
    rows = with_heads(_opened_ahead(user).select_related("household", "item")).order_by("assess_by", "pk")
    first = {row.application_id: row for row in reversed(rows[:MOST])}
    for row in reversed(first.values()):
        yield Todo(
            title=_("Assess %(head)s: %(need)s is open already")
            % {"head": head_of(row.household), "need": row},
            url=file_url(row.household, "check"),
            due=row.assess_by,
            detail=row.household.number,
            kind="assess_at_once",
        )


def _set_aside_of(user: Any) -> QuerySet[Any]:
    """Applications whose assessment by this person was set aside."""
    rows = Assessment.objects.filter(state=AssessmentState.SET_ASIDE, assessor=user)
    return rows.values("application_id")


def _judged_by(user: Any) -> QuerySet[Any]:
    """Families an objection of whom this person decides or has decided."""
    rows = Objection.objects.filter(Q(first_decider=user) | Q(second_decider=user))
    return rows.values("household_id")


def _to_assess_anew(user: Any) -> Iterator[Todo]:
    """A family on file that objected and was right, and what this person has begun to write of one."""
    rows = _applications(user, ApplicationState.APPROVED)
    begun = Q(
        assessments__assessor=user, assessments__state__in=[AssessmentState.DRAFT, AssessmentState.SENT_BACK]
    )
    wanted = rows.filter(pk__in=Application.objects.wanting_assessor().values("pk"))
    wanted = wanted.exclude(pk__in=_set_aside_of(user)).exclude(household__in=_judged_by(user))
    for row in (wanted | rows.filter(begun)).distinct().order_by("decide_due", "pk")[:MOST]:
        todo = _todo(row, _("Assess %(head)s anew"), row.decide_due, "", "assess_anew")
        yield Todo(todo.title, file_url(row.household, "check"), todo.due, todo.detail, kind=todo.kind)


def _visits(user: Any) -> Iterator[Todo]:
    """To the families this person takes care of."""
    return _planned(user, Q(household__worker=user))


def _visits_left(user: Any) -> Iterator[Todo]:
    """The own ones, and to families nobody takes care of, or somebody who no longer works here."""
    seats = Membership.objects.in_force().filter(user=OuterRef("household__worker"), role__in=CASE_ROLES)
    return _planned(user, Q(household__worker=user) | Q(household__worker__isnull=True) | Q(~Exists(seats)))


def _planned(user: Any, whose: Q) -> Iterator[Todo]:
    """Those of the next month; the list of visits holds what lies further off."""
    rows = Visit.objects.visible_to(user).filter(
        whose, GOES_ON, state=VisitState.PLANNED, due__lte=clock.today() + AHEAD
    )
    handed_on = Application.objects.wanting_assessor().filter(pk__in=_set_aside_of(user))
    rows = rows.exclude(kind=VisitKind.VERIFICATION, household__in=handed_on.values("household_id"))
    for row in with_heads(rows.select_related("household")).order_by("due", "pk")[:MOST]:
        yield Todo(
            title=_("Visit %(head)s") % {"head": head_of(row.household)},
            url=act_url(row, "record"),
            due=end_of(row.due),
            detail=f"{row.get_kind_display()} · {row.household.number}",
            kind="visit",
        )


def _to_see(user: Any) -> Iterator[Todo]:
    rows = Need.objects.visible_to(user).filter(state=NeedState.FULFILLED, household__worker=user)
    for row in with_heads(rows.select_related("household", "item")).order_by("pk")[:MOST]:
        yield Todo(
            title=_("See whether the help reached %(head)s: %(need)s")
            % {"head": head_of(row.household), "need": row},
            url=act_url(row, "verify"),
            detail=row.number,
            kind="see",
        )


def _to_review(user: Any) -> Iterator[Todo]:
    rows = _applications(user, ApplicationState.ASSESSED).exclude(assessments__assessor=user)
    for row in rows.order_by("decide_due", "pk")[:MOST]:
        yield _todo(row, _("Review the file of %(head)s"), row.decide_due, "", "review")


def _to_decide(user: Any) -> Iterator[Todo]:
    rows = _applications(user, ApplicationState.REVIEWING).exclude(assessments__assessor=user)
    for row in rows.order_by("decide_due", "pk")[:MOST]:
        yield _todo(row, _("Decide on the file of %(head)s"), row.decide_due, "", "decide")


def _to_approve_anew(user: Any) -> Iterator[Todo]:
    """The new assessment of a family on file waits for a supervisor who wrote none of it."""
    rows = Assessment.objects.visible_to(user).filter(
        GOES_ON, state=AssessmentState.SUBMITTED, application__state=ApplicationState.APPROVED
    )
    rows = rows.exclude(assessor=user).exclude(application__in=_set_aside_of(user))
    rows = rows.select_related("household", "application").order_by("application__decide_due", "pk")
    for row in with_heads(rows)[:MOST]:
        yield Todo(
            title=_("Decide on the new assessment of %(head)s") % {"head": head_of(row.household)},
            url=act_url(row, "approve"),
            due=end_of(row.application.decide_due),
            detail=row.household.number,
            kind="approve_anew",
        )


def _to_hand_on(user: Any) -> Iterator[Todo]:
    """Somebody else has to assess, and the family is still with the worker whose assessment was set aside."""
    wanted = Application.objects.wanting_assessor().values("pk")
    aside = Assessment.objects.filter(
        state=AssessmentState.SET_ASIDE, application=OuterRef("pk"), assessor=OuterRef("household__worker")
    )
    rows = Application.objects.visible_to(user).filter(
        Q(household__worker__isnull=True) | Exists(aside), GOES_ON, pk__in=wanted
    )
    for row in with_heads(rows.select_related("household")).order_by("visit_due", "pk")[:MOST]:
        yield Todo(
            title=_("Name who assesses %(head)s anew") % {"head": head_of(row.household)},
            url=act_url(row.household, "assign"),
            due=end_of(row.visit_due) if row.visit_due else None,
            detail=row.household.number,
            kind="hand_on",
        )


def _second_opinions(user: Any) -> Iterator[Todo]:
    """A colleague found a statement false; a second person looks at it."""
    rows = QualityFlag.objects.visible_to(user).filter(
        state__in=[FlagState.RAISED, FlagState.ASKED, FlagState.EXPLAINED], first_decider__isnull=False
    )
    rows = rows.exclude(first_decider=user).select_related("household")
    for row in with_heads(rows).order_by("raised_at", "pk")[:MOST]:
        yield Todo(
            title=_("Second opinion on a statement of %(head)s") % {"head": head_of(row.household)},
            url=act_url(row, "false"),
            detail=row.household.number,
            kind="second_opinion",
        )


def _objections_to_assign(user: Any) -> Iterator[Todo]:
    rows = Objection.objects.visible_to(user).filter(state=ObjectionState.RECEIVED)
    for row in rows.order_by("due", "pk")[:MOST]:
        yield Todo(
            title=_("Name two people for an objection"),
            url=act_url(row, "assign"),
            due=end_of(row.due),
            detail=row.number,
            kind="objection",
        )


def _objections_to_decide(user: Any) -> Iterator[Todo]:
    rows = Objection.objects.visible_to(user).filter(
        Q(first_decider=user, first_opinion="") | Q(second_decider=user, second_opinion=""),
        state=ObjectionState.INVESTIGATING,
    )
    for row in rows.order_by("due", "pk")[:MOST]:
        yield Todo(
            title=_("Give your opinion on an objection"),
            url=act_url(row, "decide"),
            due=end_of(row.due),
            detail=row.number,
            kind="objection",
        )


def _remedies(user: Any) -> Iterator[Todo]:
    """The family was right: a supervisor who did not decide it acts on the objection."""
    rows = (
        Remedy.objects.visible_to(user)
        .filter(state=RemedyState.WAITING)
        .select_related("objection", "household")
    )
    rows = rows.exclude(Q(objection__first_decider=user) | Q(objection__second_decider=user))
    for row in rows.order_by("due", "pk")[:MOST]:
        words = {"number": row.objection.number, "about": about_words(row.objection)}
        yield Todo(
            title=_("Act on objection %(number)s, the family is right: %(about)s") % words,
            url=act_url(row, "act"),
            due=end_of(row.due),
            detail=row.household.number,
            kind="remedy",
        )


def _exits_unheard(user: Any) -> Iterator[Todo]:
    rows = Household.objects.visible_to(user).filter(state=HouseholdState.EXIT_PROPOSED)
    for row in rows.prefetch_related(Prefetch("members", HEADS)).order_by("state_since", "pk")[:MOST]:
        yield Todo(
            title=_("Hear whether %(head)s agrees to the exit") % {"head": head_of(row)},
            url=file_url(row),
            detail=row.number,
            kind="exit",
        )


def _exits_to_decide(user: Any) -> Iterator[Todo]:
    rows = Household.objects.visible_to(user).filter(state=HouseholdState.EXIT_AGREED)
    rows = rows.exclude(exits__in=ExitProposal.objects.open_with_part_of(user))
    for row in rows.prefetch_related(Prefetch("members", HEADS)).order_by("state_since", "pk")[:MOST]:
        yield Todo(
            title=_("Decide whether the support of %(head)s ends") % {"head": head_of(row)},
            url=act_url(row, "approve-exit"),
            detail=row.number,
            kind="exit",
        )


def _files_to_decide(user: Any) -> Iterator[Todo]:
    """Files of households that were checked; whoever sent one does not let it in."""
    rows = ImportBatch.objects.visible_to(user).filter(state=BatchState.CHECKED)
    rows = rows.exclude(by_user=user)
    for row in rows.order_by("created_at", "pk")[:MOST]:
        yield Todo(
            title=_("Decide on a file of %(count)s households") % {"count": row.households_read},
            url=reverse("admin:households_importbatch_report", args=[row.public_id]),
            detail=row.name,
            kind="import",
        )


def _households_that_wait(user: Any) -> Iterator[Todo]:
    """Tables with households whose number is on file elsewhere, for who is over both and did not send them."""
    rows = ImportRow.objects.visible_to(user).filter(state=RowState.PENDING, batch__state=BatchState.MERGED)
    tables = rows.exclude(batch__by_user=user).values("batch__public_id", "batch__name")
    counted = tables.annotate(count=Count("household_key", distinct=True))
    for table in counted.order_by("batch__public_id")[:MOST]:
        yield Todo(
            title=_("Settle households of a table whose number is on file elsewhere"),
            url=reverse("admin:households_importbatch_report", args=[table["batch__public_id"]]),
            detail=table["batch__name"],
            count=table["count"],
            kind="import",
        )


def _late(user: Any) -> Iterator[Todo]:
    """One line for everything in the area that nobody accepted in time."""
    rows = Application.objects.visible_to(user).filter(
        GOES_ON, state=ApplicationState.SUBMITTED, accept_due__lt=clock.today()
    )
    first = rows.order_by("accept_due").first()
    if first is not None:
        yield Todo(
            title=_("Applications nobody accepted in time"),
            url=reverse("admin:households_application_changelist") + "?state=submitted",
            due=end_of(first.accept_due),
            count=rows.count(),
            kind="late",
        )
