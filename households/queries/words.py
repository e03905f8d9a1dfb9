"""States and acts in a household's words: never the desk's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from households.enums import ApplicationState as S
from households.enums import HouseholdState as H

STANDS = {
    S.SUBMITTED: _("We have your application"),
    S.RETURNED: _("Something is still missing"),
    S.ACCEPTED: _("A social worker has taken it up"),
    S.VERIFYING: _("The social worker is getting to know your situation"),
    S.FLAGGED: _("Something needs to be checked again"),
    S.ASSESSED: _("The social worker has written everything down"),
    S.REVIEWING: _("A supervisor is reading it"),
    S.APPROVED: _("Approved: your family is on file"),
    S.REJECTED: _("Not approved"),
    S.WITHDRAWN: _("You took the application back"),
}
NEXT = {
    S.SUBMITTED: _("A social worker reads it and calls you."),
    S.RETURNED: _("Add what is listed below; then it goes on."),
    S.ACCEPTED: _("The social worker visits you. Have documents and medical papers at hand."),
    S.VERIFYING: _("The social worker visits you. Have documents and medical papers at hand."),
    S.FLAGGED: _("Look at the questions below, or wait for our call."),
    S.ASSESSED: _("A supervisor reads it and decides."),
    S.REVIEWING: _("You hear the decision and its reasons."),
    S.APPROVED: _(
        "We look for help that fits. As soon as there is some, it stands on this page and we call you."
    ),
    S.REJECTED: _(
        "If you do not agree, object below; two other people look at it again. When your situation changes, you can"
        " apply again."
    ),
    S.WITHDRAWN: _("Nobody uses your details any more. You can apply again at any time."),
}
# Once the family is on file, its page follows the file.
STANDS_ON_FILE = {
    H.EXIT_AGREED: _("You agreed that the support ends"),
    H.TRACKING: _("Your support has ended"),
    H.CLOSED: _("Your file is closed"),
    H.SUSPENDED: _("Your file is paused"),
    H.WITHDRAWN: _("Your support has ended because you wished it"),
}
NEXT_ON_FILE = {
    H.EXIT_PROPOSED: _("Until you have answered, everything goes on as before."),
    H.EXIT_AGREED: _("A supervisor decides. Until then you can still say no."),
    H.TRACKING: _(
        "Somebody looks in on you every three months for a year. Tell us at once when you need support again."
    ),
    H.CLOSED: _("If life gets hard again, tell us: support can begin again at any time."),
    H.SUSPENDED: _("We get in touch with you when it goes on."),
    H.WITHDRAWN: _("Nobody uses your details any more. You can apply again at any time."),
}
NEXT_FOUND = _("For the moment nothing more has to be looked for. Below you see where each thing stands.")
NEXT_ANEW = _(
    "Another social worker visits you and looks at everything anew. The search for help goes on meanwhile."
)
ACTS = {
    "application.submitted": _("The application arrived"),
    "application.further": _("You said that something more is needed"),
    "households.application.returned": _("We asked for something missing"),
    "application.completed": _("You added what was missing"),
    "application.code_issued": _("You got a new query code"),
    "households.application.accepted": _("A social worker took it up"),
    "households.application.verifying": _("The social worker began to look into it"),
    "households.application.flagged": _("Something has to be checked again"),
    "households.application.assessed": _("The assessment was written"),
    "households.application.reviewing": _("A supervisor took it up"),
    "households.application.approved": _("It was approved"),
    "households.application.rejected": _("It was not approved"),
    "households.application.withdrawn": _("You took it back"),
    "households.need.open": _("The search for help began"),
    "households.need.expired": _("The day of a need was over"),
    "need.reserved": _("Somebody who may help was suggested; we ask them, and then you"),
    "matching.proposal.confirmed": _("Help was found for a need"),
    "need.delivered": _("Help arrived"),
    "households.need.fulfilled": _("A need was met in full"),
    "households.household.withdrawn": _("You ended the support"),
    "objection.received": _("You objected"),
    "households.objection.decided": _("Your objection was decided"),
    "application.reopened": _("Your objection was right: it is decided once more"),
    "households.remedy.done": _("We acted on your objection"),
    "assessment.reopened": _("Another colleague looks at your situation anew"),
    "assessment.renewed": _("Your situation was assessed anew"),
}
NEED_STATES = {
    "draft": _("noted, the social worker looks at it"),
    "assessed": _("looked at"),
    "open": _("we are looking for help"),
    "fulfilled": _("arrived"),
    "verified": _("arrived"),
    "closed": _("done"),
    "expired": _("its date is over; tell us if it is still needed"),
    "cancelled": _("no longer asked for"),
    "void": _("no longer asked for"),
}
SUGGESTED = _("somebody who may help was suggested; we ask them, and then you")
AWAITED = _("there is help for this; only your answer is still missing")


@dataclass(frozen=True)
class Told:
    """How the course of a file is told, to the family itself or to whoever filed for it."""

    stands: Mapping[S, Any]
    following: Mapping[S, Any]
    stands_on_file: Mapping[H, Any]
    following_on_file: Mapping[H, Any]
    found: Any
    anew: Any
    acts: Mapping[str, Any]
    suggested: Any
    awaited: Any


TO_FAMILY = Told(STANDS, NEXT, STANDS_ON_FILE, NEXT_ON_FILE, NEXT_FOUND, NEXT_ANEW, ACTS, SUGGESTED, AWAITED)
_VISIT = _("The social worker visits the family. Remind it to have documents and medical papers at hand.")
_UNUSED = _("Nobody uses the family's details any more. It can apply again at any time.")
TO_FILER = Told(
    stands=STANDS
    | {
        S.SUBMITTED: _("We have the application"),
        S.VERIFYING: _("The social worker is getting to know the family's situation"),
        S.APPROVED: _("Approved: this family is on file"),
        S.WITHDRAWN: _("The family took the application back"),
    },
    following=NEXT
    | {
        S.SUBMITTED: _("A social worker reads it and calls the family."),
        S.ACCEPTED: _VISIT,
        S.VERIFYING: _VISIT,
        S.FLAGGED: _("Go through the questions below with the family, or wait for our call."),
        S.REVIEWING: _("The family hears the decision and its reasons."),
        S.APPROVED: _(
            "We look for help that fits. As soon as there is some, it stands on this page and we call the family."
        ),
        S.REJECTED: _(
            "If the family does not agree, it can object on its own page; two other people look at it again. When its"
            " situation changes, it can apply again."
        ),
        S.WITHDRAWN: _UNUSED,
    },
    stands_on_file={
        H.EXIT_AGREED: _("The family agreed that the support ends"),
        H.TRACKING: _("The support of this family has ended"),
        H.CLOSED: _("The file of this family is closed"),
        H.SUSPENDED: _("The file of this family is paused"),
        H.WITHDRAWN: _("The support has ended because the family wished it"),
    },
    following_on_file={
        H.EXIT_PROPOSED: _("Until the family has answered, everything goes on as before."),
        H.EXIT_AGREED: _("A supervisor decides. Until then the family can still say no."),
        H.TRACKING: _(
            "Somebody looks in on the family every three months for a year. Tell us at once when it needs support"
            " again."
        ),
        H.CLOSED: _("If life gets hard again for this family, tell us: support can begin again at any time."),
        H.SUSPENDED: _("We get in touch with the family when it goes on."),
        H.WITHDRAWN: _UNUSED,
    },
    found=_("For the moment nothing more has to be looked for here. Below stands how far each thing is."),
    anew=_(
        "Another social worker visits the family and looks at everything anew. The search for help goes on meanwhile."
    ),
    acts=ACTS
    | {
        "application.further": _("The family said that something more is needed"),
        "application.completed": _("What was missing was added"),
        "application.code_issued": _("The family got a new query code"),
        "application.reopened": _("An objection was right: it is decided once more"),
        "households.application.withdrawn": _("The family took it back"),
        "need.reserved": _("Somebody who may help was suggested; we ask them, and then the family"),
        "households.household.withdrawn": _("The family ended the support"),
        "assessment.reopened": _("Another colleague looks at the family's situation anew"),
        "assessment.renewed": _("The family's situation was assessed anew"),
    },
    suggested=_("somebody who may help was suggested; we ask them, and then the family"),
    awaited=_("there is help for this; only the family's answer is still missing"),
)
OPENED = _("opened the file")
CHANGED = _("worked on the file")
REVEALED = _("read a number in full, with a reason")
FOUND = _("help is found, it is being arranged")
FOUND_IN_PART = _("help is found for a part, we look for the rest")
REST_COMING = _("a part has arrived, the rest is promised")
NOT_APPROVED = _("not approved; the reason stands above")
# Every quality rule said kindly, as a question to the family (domain §2.9, ui wording: 需要再核对一下).
QUESTIONS = {
    "ID-03": _("The identity number and “woman” or “man” do not go together. Which is right?"),
    "ID-05": _("The identity number is still open. What is the number?"),
    "HH-02": _("Two people are noted as husband or wife of the head. How are they related?"),
    "HH-03": _("Nobody is noted as head of the household. Who stands on the first page of the register?"),
    "REL-01": _("By the birth dates a child would be older than a parent. Which date is right?"),
    "REL-02": _("Husband and wife are noted with the same sex. What is right?"),
    "EDU-02": _("A child of school age is noted without a school. Which school does it go to, or why not?"),
    "LAB-01": _("Somebody healthy and of working age is noted as unable to work. What is in the way?"),
    "LAB-02": _("Somebody noted as unable to work is noted with a job. What is right?"),
    "LAB-03": _("Where does this person work away from home, and for how many months a year?"),
    "RISK-01": _("You named illness, but nobody is noted as ill. Who is ill?"),
    "RISK-03": _("You named a lack of hands, but several of you can work. How is it?"),
    "TEL-01": _("The same telephone stands in several families' applications. Whose is it?"),
    "ID-04": _("The place in the identity number is not on our list. Please read the number to us again."),
    "EDU-03": _("You receive vocational aid, but nobody is noted at a vocational school. Who goes there?"),
    "INC-01": _("The income looks unlikely. What does your family earn in a year, and from what?"),
    "DEL-01": _("Was somebody of the family there when the application was filled in?"),
    "APP-01": _("You applied before and it was not approved. What has changed since?"),
    "DUP-01": _("Somebody of the same name and birth date is on file nearby. Have you applied before?"),
}
