"""Published policies for everybody; drafts, reviews and publications for the officers of an area."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.forms import ConfirmForm, Form
from common.gate import get_visible
from common.pages import for_roles, keyset, page, public_page, submit
from policy.enums import PolicyState, Subject
from policy.filters import OfficerFilter, PolicyFilter
from policy.forms import (
    LineForm,
    PolicyEditForm,
    PolicyForm,
    RepealForm,
    ReviewForm,
    RuleForm,
    SendBackForm,
)
from policy.models import SHOWN, Policy
from policy.queries import line_rows, rule_rows
from policy.services import (
    add_line,
    add_rule,
    amend_policy,
    draft_policy,
    edit_policy,
    publish_policy,
    remove_part,
    repeal_policy,
    review_policy,
    send_back_policy,
    send_policy,
)
from reference.queries import path_label, path_labels

officers = for_roles(Role.OFFICER)


@public_page
def policies(request: HttpRequest) -> HttpResponse:
    """What was published, the newest first."""
    shown = Policy.objects.visible_to(request.user).filter(state__in=SHOWN)
    chosen = PolicyFilter(request.GET, queryset=shown)
    rows = keyset(request, chosen, order=("-published_at", "-id"))
    context = {
        "title": _("Policies"),
        "lead": _("What the State offers, in its own words and in plain ones."),
        "filter": chosen,
        "page": rows,
        "rows": _placed(rows),
    }
    return page(request, "policy/policies.html", context)


@public_page
def policy(request: HttpRequest, public_id: str) -> HttpResponse:
    """One published policy: the answer first, then lines, rules and the full text."""
    shown = Policy.objects.filter(state__in=SHOWN).select_related("amends")
    found = get_visible(shown, request.user, public_id)
    return page(request, "policy/policy.html", _file(found))


@officers
def desk(request: SignedRequest) -> HttpResponse:
    """The officers' list, drafts included."""
    prefix = acting_seat(request).prefix
    own = Policy.objects.visible_to(request.user).filter(area__startswith=prefix)
    chosen = OfficerFilter(request.GET, queryset=own)
    rows = keyset(request, chosen, order=("-created_at", "-id"))
    context = {
        "title": _("Policies of my area"),
        "lead": path_label(prefix),
        "filter": chosen,
        "page": rows,
        "rows": _placed(rows),
    }
    return page(request, "policy/desk.html", context)


@officers
def work(request: SignedRequest, public_id: str) -> HttpResponse:
    """One policy as its officers see it, with the next step."""
    found = _own(request, public_id)
    mine = found.drafter_id == request.user.pk
    draft = found.state == PolicyState.DRAFT
    context = _file(found) | {
        "mine": mine,
        "may_edit": draft,
        "may_send": draft and found.sent_at is None,
        "may_review": draft and not mine and found.sent_at is not None,
        "is_reviewed": found.state == PolicyState.REVIEWED,
        "in_force": found.state == PolicyState.PUBLISHED,
        "subjects": Subject.choices,
    }
    return page(request, "policy/work.html", context)


@officers
def new(request: SignedRequest) -> HttpResponse:
    """Write a draft."""
    form = PolicyForm(request.POST or None, prefix_inside=acting_seat(request).prefix)
    answer = submit(
        request, form, lambda data: draft_policy(**data, by=request.user, at=clock.now()), to=_work_page
    )
    context = {"title": _("Write a policy"), "form": form, "back_url": reverse("policy:desk")}
    return answer or page(request, "policy/act.html", context, form=form)


@officers
def edit(request: SignedRequest, public_id: str) -> HttpResponse:
    """Change a draft; a colleague's change in between is shown side by side."""
    found = _own(request, public_id)
    form = PolicyEditForm(request.POST or None, policy=found)
    return _act(
        request, found, form, _("Change the draft"),
        lambda data: edit_policy(policy=found, **data, by=request.user, at=clock.now()),
    )  # fmt: skip


@officers
def new_line(request: SignedRequest, public_id: str) -> HttpResponse:
    """Add an income line to a draft."""
    found = _own(request, public_id)
    form = LineForm(request.POST or None, prefix_inside=found.area)
    return _act(
        request, found, form, _("Add a line"),
        lambda data: add_line(policy=found, **data, by=request.user, at=clock.now()),
    )  # fmt: skip


@officers
def new_rule(request: SignedRequest, public_id: str, subject: str) -> HttpResponse:
    """Add a rule for one kind of person or body to a draft."""
    found = _own(request, public_id)
    form = RuleForm(request.POST or None, subject=subject)
    return _act(
        request, found, form, _("Add a rule for %(subject)s") % {"subject": Subject(subject).label},
        lambda data: add_rule(policy=found, subject=subject, **data, by=request.user, at=clock.now()),
    )  # fmt: skip


@officers
def remove(request: SignedRequest, public_id: str, part: str) -> HttpResponse:
    """Take a line or a rule out of a draft."""
    found = _own(request, public_id)
    held: Any = found.lines.filter(public_id=part).first() or found.rules.filter(public_id=part).first()
    if held is None:
        held = get_visible(found.lines.none(), request.user, part)
    return _act(
        request, found, ConfirmForm(request.POST or None), _("Take “%(part)s” out") % {"part": held},
        lambda _data: remove_part(part=held, by=request.user, at=clock.now()),
    )  # fmt: skip


@officers
def send(request: SignedRequest, public_id: str) -> HttpResponse:
    """Put the draft before a colleague."""
    found = _own(request, public_id)
    return _act(
        request, found, ConfirmForm(request.POST or None), _("Send to a colleague"),
        lambda _data: send_policy(policy=found, by=request.user, at=clock.now()),
    )  # fmt: skip


@officers
def review(request: SignedRequest, public_id: str) -> HttpResponse:
    """A colleague vouches for the version read."""
    found = _own(request, public_id)
    form = ReviewForm(request.POST or None, initial={"version": found.version})
    return _act(
        request, found, form, _("I have read it and vouch for it"),
        lambda data: review_policy(policy=found, **data, by=request.user, at=clock.now()),
    )  # fmt: skip


@officers
def send_back(request: SignedRequest, public_id: str) -> HttpResponse:
    """A colleague asks for changes."""
    found = _own(request, public_id)
    return _act(
        request, found, SendBackForm(request.POST or None), _("Send it back"),
        lambda data: send_back_policy(policy=found, **data, by=request.user, at=clock.now()),
    )  # fmt: skip


@officers
def publish(request: SignedRequest, public_id: str) -> HttpResponse:
    """Into force."""
    found = _own(request, public_id)
    return _act(
        request, found, ConfirmForm(request.POST or None), _("Publish"),
        lambda _data: publish_policy(policy=found, by=request.user, at=clock.now()),
    )  # fmt: skip


@officers
def amend(request: SignedRequest, public_id: str) -> HttpResponse:
    """Begin an amendment: a draft with everything the policy says now."""
    found = _own(request, public_id)
    return _act(
        request, found, ConfirmForm(request.POST or None), _("Write an amendment"),
        lambda _data: amend_policy(policy=found, by=request.user, at=clock.now()),
        to=_work_page,
        hint=_("You get a draft with the same words. Until it is published, the present policy stays in force."),
    )  # fmt: skip


@officers
def repeal(request: SignedRequest, public_id: str) -> HttpResponse:
    """Out of force, with the reason."""
    found = _own(request, public_id)
    return _act(
        request, found, RepealForm(request.POST or None), _("Repeal this policy"),
        lambda data: repeal_policy(policy=found, **data, by=request.user, at=clock.now()),
        hint=_("It is no longer in force and its lines no longer count. It stays to be read, marked as repealed."),
        danger=True,
    )  # fmt: skip


def _own(request: SignedRequest, public_id: str) -> Policy:
    own = Policy.objects.filter(area__startswith=acting_seat(request).prefix)
    found: Policy = get_visible(own.select_related("drafter", "reviewer", "amends"), request.user, public_id)
    return found


def _work_page(made: Policy) -> str:
    return reverse("policy:work", args=[made.public_id])


def _act(
    request: SignedRequest,
    found: Policy,
    form: Form,
    title: str,
    act: Callable[[Mapping[str, Any]], Any],
    *,
    to: Callable[[Any], str] | None = None,
    hint: str = "",
    danger: bool = False,
) -> HttpResponse:
    """One act on one policy: what it brings, its form, then back to the policy."""
    back = _work_page(found)
    answer = submit(request, form, act, to=to or (lambda _done: back))
    context = {
        "title": title,
        "policy": found,
        "form": form,
        "back_url": back,
        "hint": hint,
        "danger": danger,
    }
    return answer or page(request, "policy/act.html", context | {"button": title}, form=form)


def _file(found: Policy) -> dict[str, Any]:
    return {
        "title": found.title,
        "policy": found,
        "place": path_label(found.area) if found.area else "",
        "lines": line_rows(found),
        "rules": rule_rows(found),
        "successor": Policy.objects.filter(amends=found, state__in=SHOWN).first(),
    }


def _placed(rows: Any) -> list[tuple[Policy, str]]:
    places = path_labels({row.area for row in rows if row.area})
    return [(row, places.get(row.area, "")) for row in rows]
