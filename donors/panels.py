"""What the donor side shows on the home pages and desks: to-dos, figures, navigation."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import PLATFORM_STAFF, Role
from accounts.rules import near_rows, works_with
from common import clock
from common.panels import provide
from common.templatetags.ui import amount, number, yuan
from common.todos import Figure, Todo
from donors.enums import DonorState, LotKind, LotState, PledgeState
from donors.models import Donor, FeedbackDue, Lot, Pledge
from donors.models.lot import touching
from donors.queries import donor_of, feedback_overdue
from files.gates import allow
from reference.models import Item

KINDS_SHOWN = 3


def donor_todos(user: Any) -> list[Todo]:
    """What waits for a donor: drafts to finish, offers to put right, the registration itself."""
    donor = donor_of(user)
    if donor is None:
        return [Todo(_("Register to give"), reverse("donors:start"), kind="register")]
    todos = []
    if donor.state == DonorState.REFUSED:
        todos.append(
            Todo(_("Your registration could not be accepted"), reverse("donors:profile"), detail=donor.reason)
        )
    if donor.organisation_id and donor.licence_id is None and donor.state != DonorState.VERIFIED:
        todos.append(Todo(_("Add the licence"), reverse("donors:papers")))
    lots = Lot.objects.filter(donor=donor, state__in=[LotState.DRAFT, LotState.REJECTED]).order_by(
        "-created_at"
    )
    for lot in lots[:5]:
        words = (
            _("Finish your offer “%(title)s”") if lot.state == LotState.DRAFT else _("Put right “%(title)s”")
        )
        todos.append(
            Todo(words % {"title": lot.title}, reverse("donors:lot", args=[lot.public_id]), detail=lot.reason)
        )
    return todos


def donor_given(user: Any) -> list[Figure]:
    """What the donor put at the disposal of households, and what reached them."""
    donor = donor_of(user)
    if donor is None:
        return []
    lots = Lot.objects.filter(donor=donor, listed_at__isnull=False)
    money = lots.filter(kind=LotKind.MONEY).aggregate(all=Sum("quantity"), received=Sum("disbursed"))
    url = reverse("donors:lots")
    figures = [Figure(_("Offers listed"), number(lots.count()), url=url)]
    if money["all"]:
        figures.append(Figure(_("Money offered"), yuan(money["all"]), url=url))
        figures.append(Figure(_("Money received by households"), yuan(money["received"]), url=url))
    figures += _received_in_kind(lots, url)
    pledges = Pledge.objects.filter(donor=donor)
    kept = pledges.filter(state=PledgeState.FULFILLED).count()
    total = pledges.exclude(state=PledgeState.WITHDRAWN).count()
    if total:
        detail = _("%(kept)d kept") % {"kept": kept}
        figures.append(Figure(_("Pledges"), number(total), detail, reverse("donors:pledges")))
    return figures


def _received_in_kind(lots: QuerySet[Any], url: str) -> list[Figure]:
    """What households received beside money, each thing in its own unit: the three largest, then how many more."""
    first = Lot.items.through.objects.filter(lot=OuterRef("pk")).order_by("item__category", "item_id")
    sums = (
        lots.exclude(kind=LotKind.MONEY)
        .filter(disbursed__gt=0)
        .annotate(thing=Subquery(first.values("item_id")[:1]))
        .values("thing")
        .annotate(received=Sum("disbursed"))
        .values_list("thing", "received")
    )
    received = dict(sums.order_by("thing"))
    things = sorted(
        Item.objects.filter(pk__in=received),
        key=lambda item: (-received[item.pk] / item.unit_factor, item.pk),
    )
    figures = [
        Figure(
            _("Received by households: %(item)s") % {"item": item.label},
            amount(received[item.pk], item),
            url=url,
        )
        for item in things[:KINDS_SHOWN]
    ]
    if more := len(things) - len(figures):
        figures.append(Figure(_("More kinds of help received"), number(more), url=url))
    return figures


def donor_got(user: Any) -> list[Figure]:
    """What came back to the donor: news, and stars for what was really delivered."""
    donor = donor_of(user)
    if donor is None:
        return []
    told = FeedbackDue.objects.filter(donor=donor, done_at__isnull=False).count()
    figures = [Figure(_("News of what came of it"), number(told), url=reverse("donors:feedback"))]
    if donor.star:
        figures.append(Figure(_("Stars"), "★" * donor.star, _("for what was delivered")))
    return figures


def feedback_todos(user: Any) -> list[Todo]:
    """An organisation's duties to donors, the soonest first."""
    rows = FeedbackDue.objects.all().visible_to(user).open().select_related("lot").order_by("due", "pk")
    return [
        Todo(
            _("Tell the donor: %(title)s") % {"title": row.lot.title},
            reverse("donors:feedback_give", args=[row.public_id]),
            due=row.due,
            detail=row.get_kind_display(),
            kind="feedback",
        )
        for row in rows[:10]
    ]


def desk_todos(user: Any) -> list[Todo]:
    """What waits at the desk: registrations, offers, late feedback; one line each with its count."""
    near = Q(organisation=None) | near_rows(user.seat, organisation="organisation")
    waiting = (
        Donor.objects.all()
        .visible_to(user)
        .filter(near, state__in=[DonorState.REGISTERED, DonorState.CHECKING])
    )
    offers = Lot.objects.all().visible_to(user).filter(state__in=[LotState.SUBMITTED, LotState.REVIEWING])
    late = feedback_overdue(clock.now()).visible_to(user)
    lines = (
        (_("Donors to check"), waiting, "admin:donors_donor_changelist", "?state=registered"),
        (_("Offers to look at"), offers, "admin:donors_lot_changelist", "?waiting=yes"),
        (_("Feedback to donors that is late"), late, "admin:donors_feedbackdue_changelist", "?late=yes"),
    )
    found = ((title, rows.count(), reverse(name) + query) for title, rows, name, query in lines)
    return [Todo(title, url, count=count, kind="desk") for title, count, url in found if count]


def officer_given(user: Any) -> list[Figure]:
    """Public funds this office has entered."""
    donor = donor_of(user)
    if donor is None:
        return []
    sums = Lot.objects.filter(donor=donor, kind=LotKind.MONEY, listed_at__isnull=False).aggregate(
        all=Sum("quantity"), received=Sum("disbursed")
    )
    detail = _("%(sum)s received by households") % {"sum": yuan(sums["received"] or 0)}
    return [Figure(_("Public funds entered"), yuan(sums["all"] or 0), detail, reverse("donors:lots"))]


def donor_navigation(_user: Any) -> list[tuple[int, Any, str]]:
    return [
        (20, gettext_lazy("My offers"), "donors:lots"),
        (30, gettext_lazy("My pledges"), "donors:pledges"),
        (40, gettext_lazy("What came of it"), "donors:feedback"),
        (60, gettext_lazy("My name"), "donors:profile"),
    ]


def may_read_papers(user: Any, ref: str) -> bool:
    """A donor's papers are opened by itself and the workers of a place where it is registered or gives."""
    found = Donor.objects.all().visible_to(user).filter(public_id=ref).select_related("organisation").first()
    if found is None:
        return False
    return user.seat.role not in PLATFORM_STAFF or works_with(user, found.organisation)


def gives_in(prefix: str) -> list[QuerySet[Any]]:
    """The organisations that offer something that may serve this place."""
    lots = Lot.objects.filter(touching(prefix), donor__organisation__isnull=False)
    return [lots.exclude(state=LotState.DRAFT).values("donor__organisation_id")]


def may_read_lot_papers(user: Any, ref: str) -> bool:
    """The evidence of a value is opened by whoever sees the offer."""
    return Lot.objects.all().visible_to(user).filter(public_id=ref).exists()


def install() -> None:
    """Register every provider; called when the apps are ready."""
    provide("start.none", lambda _user: [Todo(_("Register as a donor"), reverse("donors:start"))], order=10)
    provide("todo.donor", donor_todos)
    provide("given.donor", donor_given)
    provide("got.donor", donor_got)
    provide("given.officer", officer_given)
    for role in (Role.AGENCY, Role.FUND_HOLDER):
        provide(f"todo.{role}", feedback_todos, order=60)
    for role in (Role.SOCIAL_WORKER, Role.SUPERVISOR):
        provide(f"todo.{role}", desk_todos, order=70)
    provide("nav.donor", donor_navigation)
    provide("nav.officer", lambda _user: [(40, gettext_lazy("Public funds"), "donors:lots")])
    for role in (Role.AGENCY, Role.FUND_HOLDER):
        provide(f"nav.{role}", lambda _user: [(60, gettext_lazy("News for donors"), "donors:feedback_owed")])
    provide("organisation.active_in", gives_in)
    allow("donors.donor", may_read_papers)
    allow("donors.lot", may_read_lot_papers)
