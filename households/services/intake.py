"""From the sent application to the start of checking, with its clocks (domain §2.7, §10.1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import holders_of
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from common.states import move
from files.models import Attachment
from files.services import keep
from households.answers import ApplicationAnswers, NeedAnswer, PersonAnswer
from households.enums import (
    ApplicationState,
    Channel,
    HouseholdState,
    IdentityLevel,
    NeedState,
    Urgency,
    VisitKind,
)
from households.models import (
    Application,
    Consent,
    Delegation,
    Draft,
    Household,
    MeasureReceived,
    Member,
    Need,
)
from households.rules import (
    check_answers,
    checked_person,
    groups_of,
    readable_phone,
    refuse_child_alone,
    refuse_known_ids,
    refuse_paused,
    refuse_unfit_channel,
    refuse_unless_case_role,
    refuse_unless_passing_on,
    refuse_unless_supervisor,
    set_aside_of,
    unsaid,
)
from households.services.clocks import days_for, days_of
from households.services.clusters import suspect_at_intake
from households.services.codes import new_code
from households.services.file import note_missing
from households.services.news import tell_household, tell_of_delegate
from households.services.rights import entrust
from households.services.verification import run_quality_rules
from households.services.visits import open_visit_task
from notices.services import notify_all
from reference.queries import items

CONSENT_VERSION = "2026-1"
READ_BACK = frozenset(
    {Channel.DELEGATE, Channel.VILLAGE_WORKER}
)  # the filler tells the household the contents


@transaction.atomic
def submit_application(
    *,
    answers: ApplicationAnswers,
    channel: str,
    by: Actor,
    at: datetime,
    draft: Draft | None = None,
    delegate_evidence: Attachment | None = None,
    corrects: Application | None = None,
) -> tuple[Application, str]:
    """Store the application as an unchangeable snapshot with its household, members, consents and needs.

    Returns the application and its query code, which is shown once and printed. The most urgent need sets
    the days to accept it and to decide.
    """
    if draft is not None and lock(draft).used_at is not None:
        raise Refused("already_sent", _("This application was sent already. Follow it with your query code."))
    check_answers(answers)
    refuse_unfit_channel(channel, area=answers.area, by=by)
    read_back = answers.read_back or (answers.delegate is not None and answers.delegate.read_back)
    if channel in READ_BACK and not read_back:
        raise Refused(
            "not_read_back",
            _("Read the application aloud to the household first, then tick that you did."),
            field="read_back",
        )
    today = day_of(at)
    people = tuple(checked_person(person) for person in answers.members)
    refuse_child_alone(people, answers.consents, on=today)
    refuse_known_ids(people)
    filer = by if isinstance(by, User) else None
    household = _household(answers, people, channel, filer, at)
    members = _members(household, people)
    delegation = None
    if answers.delegate is not None:
        delegation = entrust(
            household, answers.delegate, evidence=delegate_evidence, user=filer, by=by, at=at
        )
    code = new_code()
    days = days_for({answer.urgency for answer in answers.needs})
    application = Application(
        number=next_number("A", answers.area, at),
        household=household,
        draft=draft,
        corrects=corrects,
        delegation=delegation,
        channel=channel,
        area=answers.area,
        query_code=code,
        snapshot=json.dumps(answers.as_json(), ensure_ascii=False),
        story=answers.story,
        read_back_at=at if read_back else None,
        submitted_at=at,
        accept_due=days.accept_by(today),
        decide_due=days.decide_by(today),
        state=ApplicationState.SUBMITTED,
        state_since=at,
    )
    application.save(force_insert=True)
    consents = _consents(household, answers, delegate_evidence, at)
    groups = groups_of(household, today)
    for answer in answers.needs:
        note_need(
            household=household,
            application=application,
            answer=answer,
            beneficiary=None if answer.beneficiary is None else members[answer.beneficiary],
            consent=consents["apply"],
            groups=groups,
            at=at,
        )
    for kind in answers.measures:
        source = "charitable" if kind in CHARITABLE else "public"
        MeasureReceived.objects.create(
            household=household, kind=kind, source=source, period_start=today, recorded_at=at
        )
    if draft is not None:
        Draft.objects.filter(pk=draft.pk).update(used_at=at)
    if filer is not None and channel in {Channel.DELEGATE, Channel.VILLAGE_WORKER, Channel.DESK}:
        register_involvement(file=household, duty=Duty.DELEGATE, by=filer, at=at)
    record(
        "application.submitted",
        application,
        by=by,
        at=at,
        household=household.public_id,
        channel=channel,
        members=len(members),
        needs=len(answers.needs),
        consents=sorted(answers.consents),
    )
    run_quality_rules(household=household, application=application, by=by, at=at)
    suspect_at_intake(household=household, by=by, at=at)
    _tell(application, delegation, by, at)
    return application, code


@transaction.atomic
def return_application(
    *, application: Application, missing: list[str], by: User, at: datetime
) -> Application:
    """Ask once for everything that is missing, as a list in plain words."""
    application = lock(application)
    refuse_unless_case_role(by, application.household)
    refuse_paused(application.household)
    register_involvement(file=application.household, duty=Duty.VERIFIER, by=by, at=at)
    if not missing:
        raise Refused(
            "nothing_missing", _("Say what is missing, so that the family can bring it."), field="missing"
        )
    move(application, ApplicationState.RETURNED, by=by, at=at, also={"missing": missing}, items=len(missing))
    tell_household(application.household, "application_returned", by=by, at=at)
    return application


@transaction.atomic
def resubmit_application(
    *, application: Application, note: str, by: Actor, at: datetime, upload: UploadedFile[bytes] | None = None
) -> Application:
    """The family brought what was missing; the snapshot stays, the addition is kept beside it, the clock restarts."""
    application = lock(application)
    household = application.household
    refuse_unless_passing_on(household, by, at, scope="update")
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    items = len(application.missing)
    also = {
        "missing": [],
        "story": f"{application.story}\n{note}".strip(),
        "accept_due": days_of(application).accept_by(day_of(at)),
    }
    move(application, ApplicationState.SUBMITTED, by=by, at=at, also=also, items=items)
    if upload is not None:
        keep(upload=upload, purpose="identity_document", owner=application, by=by, at=at)
    note_missing(household)
    record("application.completed", application, by=by, at=at, items=items)
    tell_of_delegate(household, by=by, at=at)
    return application


@transaction.atomic
def accept_application(*, application: Application, by: User, at: datetime) -> Application:
    """A social worker takes the case; the most urgent need says by when the visit follows."""
    application = lock(application)
    household = lock(application.household)
    refuse_unless_case_role(by, household)
    refuse_paused(household)
    register_involvement(file=household, duty=Duty.VERIFIER, by=by, at=at)
    if household.worker_id is None:
        household.worker = by
        household.save(update_fields=["worker"])
        record("household.worker_assigned", household, by=by, at=at, worker=by.public_id)
    visit_due = days_of(application).visit_by(day_of(at))
    move(application, ApplicationState.ACCEPTED, by=by, at=at, also={"visit_due": visit_due})
    tell_household(household, "application_accepted", by=by, at=at)
    return application


@transaction.atomic
def assign_worker(*, household: Household, worker: User, by: User, at: datetime) -> Household:
    """A supervisor hands a case to a worker of the area."""
    household = lock(household)
    refuse_unless_supervisor(by, household)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    seats = worker.memberships.in_force().filter(role__in=["social_worker", "supervisor"])
    if not any(household.area.startswith(seat.prefix) for seat in seats):
        raise Refused(
            "worker_elsewhere", _("This colleague does not work in the family's area."), field="worker"
        )
    if any(set_aside_of(waiting, worker) for waiting in household.applications.wanting_assessor()):
        raise Refused(
            "assessed_before",
            _("The family objected to this colleague's assessment. Hand it to somebody else."),
            field="worker",
        )
    household.worker = worker
    household.save(update_fields=["worker"])
    record("household.worker_assigned", household, by=by, at=at, worker=worker.public_id)
    return household


@transaction.atomic
def start_verifying(*, application: Application, by: User, at: datetime) -> Application:
    """Checking begins: the quality rules run, a visit is put on the list, and open questions raise a flag."""
    application = lock(application)
    refuse_unless_case_role(by, application.household)
    refuse_paused(application.household)
    register_involvement(file=application.household, duty=Duty.VERIFIER, by=by, at=at)
    move(application, ApplicationState.VERIFYING, by=by, at=at)
    due = application.visit_due or days_of(application).visit_by(day_of(at))
    open_visit_task(
        household=application.household,
        kind=VisitKind.VERIFICATION,
        due=due,
        cause_ref=application.public_id,
        by=by,
        at=at,
    )
    open_flags = run_quality_rules(household=application.household, application=application, by=by, at=at)
    if any(flag.severity in {"block", "flag"} for flag in open_flags):
        move(application, ApplicationState.FLAGGED, by=by, at=at, flags=len(open_flags))
    return application


def _tell(application: Application, delegation: Delegation | None, by: Actor, at: datetime) -> None:
    """The family hears that it arrived, and that somebody acted for it; the area's social workers that it waits."""
    household = application.household
    params = {"number": application.number}
    kind = "application_received" if delegation is None else "delegate_acted"
    tell_household(household, kind, params, by=by, at=at)
    workers = holders_of(Role.SOCIAL_WORKER, area=household.area)
    notify_all(to=workers, kind="new_application", params=params, by=by, at=at)


def _household(
    answers: ApplicationAnswers,
    people: Sequence[PersonAnswer],
    channel: str,
    filer: User | None,
    at: datetime,
) -> Household:
    causes = [*answers.causes[:3], "", "", ""]
    household = Household(
        number=next_number("H", answers.area, at),
        area=answers.area,
        group=answers.group,
        address=answers.address,
        phone=readable_phone(answers.phone),
        cause_main=causes[0],
        cause_second=causes[1],
        cause_third=causes[2],
        code_version="cause:1",
        channel=channel,
        filed_by=filer,
        incomplete=_incomplete(answers, people),
        created_at=at,
        state=HouseholdState.PENDING,
        state_since=at,
    )
    household.save(force_insert=True)
    return household


def _incomplete(answers: ApplicationAnswers, people: Sequence[PersonAnswer]) -> list[str]:
    missing = [] if any(person.relation == "head" for person in people) else ["head"]
    missing += [] if all(person.id_number for person in people) else ["id_number"]
    missing += unsaid(people)
    missing += [] if answers.phone or answers.delegate else ["phone"]
    missing += [] if all(need.quantity_known for need in answers.needs) else ["quantity"]
    return missing


def _members(household: Household, people: Sequence[PersonAnswer]) -> list[Member]:
    """Every person once: when the same number is filed twice at the same moment, the database refuses the second."""
    try:
        with transaction.atomic():
            return [_member(household, person) for person in people]
    except IntegrityError:
        refuse_known_ids(people, household=household)
        raise


def _member(household: Household, person: PersonAnswer) -> Member:
    member = Member(
        household=household,
        name=person.name.strip(),
        relation=person.relation,
        is_head=person.relation == "head",
        sex=person.sex,
        birth_date=person.birth_date,
        birth_precision=person.birth_precision,
        id_kind=person.id_kind,
        id_number=person.id_number,
        identity_level=IdentityLevel.CHECKED if person.id_number else IdentityLevel.DECLARED,
        ethnicity=person.ethnicity,
        education="" if person.student_status else person.education,
        student_status=person.student_status,
        health=list(person.health),
        disability_kind=person.disability_kind,
        disability_grade=person.disability_grade,
        labour=person.labour,
        work_place=person.work_place,
        work_months=person.work_months,
        medical_insurance=person.medical_insurance,
    )
    member.save(force_insert=True)
    return member


def _consents(
    household: Household, answers: ApplicationAnswers, evidence: Attachment | None, at: datetime
) -> dict[str, Consent]:
    given = {}
    for purpose in sorted(set(answers.consents)):
        given[purpose] = Consent.objects.create(
            household=household,
            purpose=purpose,
            data_classes=DATA_CLASSES.get(purpose, ["ordinary"]),
            text_version=CONSENT_VERSION,
            method=answers.consent_method,
            evidence=evidence if answers.consent_method != "click" else None,
            given_at=at,
        )
    return given


CHARITABLE = frozenset({"charity_money", "charity_goods", "social_work"})
DATA_CLASSES = {
    "apply": ["identity", "contact", "situation"],
    "sensitive": ["health", "finance", "specific_identity"],
    "child_data": ["minor"],
    "share_donor": ["summary"],
    "share_implementer": ["contact", "situation"],
}


def note_need(
    *,
    household: Household,
    application: Application,
    answer: NeedAnswer,
    beneficiary: Member | None,
    consent: Consent,
    groups: list[str],
    at: datetime,
) -> Need:
    """One need as it was said: an item of the list, a quantity that can be given, a day still to come."""
    item = items().filter(slug=answer.item).first()
    if item is None:
        raise Refused("item_unknown", _("Choose what is needed from the list."), field="item")
    if answer.quantity < item.smallest_part:
        raise Refused(
            "quantity_too_small", _("Say how much is needed: at least the smallest part."), field="quantity"
        )
    if answer.urgency not in Urgency.values:
        raise Refused("urgency_unknown", _("Choose how soon it is needed."), field="urgency")
    latest: date | None = answer.deadline
    if latest is not None and latest < day_of(at):
        raise Refused("deadline_past", _("This day is already over. By when is it needed?"), field="deadline")
    need = Need(
        number=next_number("F", household.area, at),
        household=household,
        application=application,
        beneficiary=beneficiary,
        consent=consent,
        item=item,
        requested=answer.quantity,
        smallest=item.smallest_part if item.divisible else answer.quantity,
        area=household.area,
        groups=groups,
        urgency=answer.urgency,
        deadline=latest,
        story=answer.story,
        contribution=answer.contribution,
        created_at=at,
        state=NeedState.DRAFT,
        state_since=at,
    )
    need.save(force_insert=True)
    return need
