"""What a party of an entrustment does besides signing: ask for a change, ask for the end, answer who asked.

The same steps serve the pages of agency, fund holder and donor, and the desk where a supervisor speaks for
the platform.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from common import clock
from common.exceptions import Refused
from common.forms import ConfirmForm, Form
from delivery import services
from delivery.enums import (
    AgreementKind,
    AgreementState,
    EndGround,
    EndingAnswer,
    EndingState,
    Party,
    Signer,
)
from delivery.forms.negotiation import (
    AnswerForm,
    AskEndForm,
    BreachForm,
    DecideForm,
    DeclineForm,
    ForceForm,
    ReadForm,
    RemarkForm,
    StatementForm,
)
from delivery.models import Agreement, Ending
from delivery.queries import open_ending, open_remarks, spoken
from delivery.rules import PAPERS_OF_ENDINGS, asked_of, may_ask_for_change, may_decline, party_of
from delivery.services.papers import kept

Data = Mapping[str, Any]
OTHER: dict[Party | None, str] = {Party.AGENCY: Signer.FUND_HOLDER, Party.FUND_HOLDER: Signer.AGENCY}


@dataclass(frozen=True)
class Step:
    """A step a party may take now or not, what it asks for and which service it runs."""

    title: Any
    text: Any
    form: type[Form]
    when: Callable[[Agreement, Any], bool]
    run: Callable[[Agreement, Data, Any, Any], Any]
    initial: Callable[[Agreement], dict[str, Any]] = lambda row: {}
    is_main: bool = False
    is_danger: bool = False  # undoes what stands


def _may_change(row: Agreement, user: Any) -> bool:
    return may_ask_for_change(row, party_of(row, user))


def _has_remarks(row: Agreement, user: Any) -> bool:
    return open_remarks(row).filter(by_ref=user.actor_ref).exists()


def _may_ask_end(row: Agreement, user: Any) -> bool:
    if row.kind != AgreementKind.ENTRUSTMENT or row.state != AgreementState.EFFECTIVE:
        return False
    return party_of(row, user) not in {None, Party.DONOR} and open_ending(row) is None


def _is_asked(*grounds: str) -> Callable[[Agreement, Any], bool]:
    def is_asked(row: Agreement, user: Any) -> bool:
        ending = open_ending(row)
        if ending is None or ending.ground not in grounds or ending.state != EndingState.OPEN:
            return False
        party = str(party_of(row, user))
        return party in {str(asked) for asked in asked_of(ending)} and party not in spoken(ending)

    return is_asked


def _may_undo(row: Agreement, user: Any) -> bool:
    ending = open_ending(row)
    word = spoken(ending).get(str(party_of(row, user))) if ending is not None else None
    return word is not None and word.undo_until is not None and clock.now() < word.undo_until


def _has_asked(row: Agreement, user: Any) -> bool:
    ending = open_ending(row)
    return ending is not None and ending.asked_by == party_of(row, user)


def _may_decide(row: Agreement, user: Any) -> bool:
    ending = open_ending(row)
    if ending is None or ending.ground == EndGround.MUTUAL or user.seat.role != Role.SUPERVISOR:
        return False
    spoke = ending.words.filter(by_ref=user.actor_ref).exists()
    heard = not services.unheard(ending) or (ending.due is not None and clock.today() > ending.due)
    return heard and not spoke and party_of(row, user) == Party.PLATFORM


def _ask(ground: str) -> Callable[[Agreement, Data, Any, Any], Any]:
    def ask(row: Agreement, data: Data, by: Any, at: Any) -> Any:
        owner = (PAPERS_OF_ENDINGS, row.public_id)
        paper = kept(data.get("upload"), "ending_evidence", owner, by=by, at=at)
        against = data.get("against") or OTHER.get(party_of(row, by), "")
        return services.ask_ending(
            agreement=row, ground=ground, reason=data["reason"], clause=data.get("clause", ""), against=against,
            evidence=paper, by=by, at=at,
        )  # fmt: skip

    return ask


def _answer(answer: str) -> Callable[[Agreement, Data, Any, Any], Any]:
    return lambda row, data, by, at: services.answer_ending(
        ending=read_ending(row, data), answer=answer, text=data.get("text", ""), by=by, at=at
    )


def read_ending(row: Agreement, data: Data) -> Ending:
    """The end that stood on the page when it was opened, whatever is asked for now."""
    found: Ending | None = row.endings.filter(public_id=data["ending"]).first()
    if found is None:
        raise Refused("ending_closed", _("This is settled already. Reload the page."))
    return found


def shown_ending(row: Agreement) -> dict[str, Any]:
    ending = open_ending(row)
    return {"ending": ending.public_id if ending is not None else ""}


STEPS: dict[str, Step] = {
    "decline": Step(
        gettext_lazy("No, I do not agree"),
        gettext_lazy(
            "This version is not signed any more, and the agency reads why. Your money stays for what you gave it."
        ),
        DeclineForm,
        may_decline,
        lambda row, data, by, at: services.decline_use(agreement=row, **data, by=by, at=at),
        is_main=True,
        is_danger=True,
    ),
    "change": Step(
        gettext_lazy("Ask for a change"),
        gettext_lazy(
            "The agency answers with a new version or says why the text stays. Nobody signs until then."
        ),
        RemarkForm,
        _may_change,
        lambda row, data, by, at: services.ask_for_change(agreement=row, **data, by=by, at=at),
        is_main=True,
    ),
    "take-back": Step(
        gettext_lazy("Take my remarks back"),
        gettext_lazy("What you asked to be changed and nobody has answered is dropped."),
        ConfirmForm,
        _has_remarks,
        lambda row, data, by, at: services.withdraw_remarks(agreement=row, by=by, at=at),
    ),
    "agree": Step(
        gettext_lazy("Yes, let it end"),
        gettext_lazy(
            "It ends ten minutes after every party has said yes. Until then you can take your yes back."
        ),
        AnswerForm,
        _is_asked(EndGround.MUTUAL),
        _answer(EndingAnswer.YES),
        shown_ending,
        is_main=True,
    ),
    "refuse": Step(
        gettext_lazy("No, it stays in force"),
        gettext_lazy("The agreement goes on as it is. Talk to the other party about what would help."),
        AnswerForm,
        _is_asked(EndGround.MUTUAL),
        _answer(EndingAnswer.NO),
        shown_ending,
    ),
    "state": Step(
        gettext_lazy("Make our statement"),
        gettext_lazy("A supervisor decides only after reading how you see it."),
        StatementForm,
        _is_asked(EndGround.BREACH),
        _answer(EndingAnswer.STATED),
        shown_ending,
        is_main=True,
    ),
    "read": Step(
        gettext_lazy("We have read it"),
        gettext_lazy("You say that you know of it. You can add how you see it. A supervisor decides."),
        ReadForm,
        _is_asked(EndGround.FORCE_MAJEURE),
        _answer(EndingAnswer.READ),
        shown_ending,
        is_main=True,
    ),
    "undo-agree": Step(
        gettext_lazy("Take our yes back"),
        gettext_lazy("Within ten minutes, as if it had not been said."),
        AnswerForm,
        _may_undo,
        lambda row, data, by, at: services.undo_ending_answer(ending=read_ending(row, data), by=by, at=at),
        shown_ending,
    ),
    "end-back": Step(
        gettext_lazy("Do not ask for the end any more"),
        gettext_lazy("The agreement stays in force as if nobody had asked."),
        AnswerForm,
        _has_asked,
        lambda row, data, by, at: services.withdraw_ending(ending=read_ending(row, data), by=by, at=at),
        shown_ending,
    ),
    "end-mutual": Step(
        gettext_lazy("End it by mutual consent"),
        gettext_lazy("The other two parties are asked. It ends only if both say yes."),
        AskEndForm,
        _may_ask_end,
        _ask(EndGround.MUTUAL),
        is_danger=True,
    ),
    "end-breach": Step(
        gettext_lazy("End it because it was broken"),
        gettext_lazy("The other party has ten working days for its statement. Then a supervisor decides."),
        BreachForm,
        _may_ask_end,
        _ask(EndGround.BREACH),
        is_danger=True,
    ),
    "end-force": Step(
        gettext_lazy("End it because of force majeure"),
        gettext_lazy(
            "A flood, an epidemic, an order of the authorities. The others read it, a supervisor decides."
        ),
        ForceForm,
        _may_ask_end,
        _ask(EndGround.FORCE_MAJEURE),
        is_danger=True,
    ),
}
DECIDE = Step(
    gettext_lazy("Decide about the end"),
    gettext_lazy("Read what both sides say. You cannot decide if you spoke for the platform here."),
    DecideForm,
    _may_decide,
    lambda row, data, by, at: services.decide_ending(
        ending=read_ending(row, data), ends=data["ends"] == "yes", reason=data["reason"], by=by, at=at
    ),
    shown_ending,
    is_main=True,
)
