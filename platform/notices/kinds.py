"""What is said on which occasion. Outside texts are neutral: phones are shared in a family (domain §9e)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise
PARAMETER = re.compile(r"%\((\w+)\)s")
MISSING = "—"
SUBJECT = _("You have a new message")
APPLICATION_NEWS = _("There is news about your application. Look with your query code, or call us.")
TELEPHONE = pgettext_lazy("behind a short message", " Telephone %(number)s.")
ACT_NOW = _("Something cannot wait. Sign in now and call the colleague.")
WORK_NEWS = _("Something is waiting for you. Sign in to see it.")


@dataclass(frozen=True)
class Kind:
    """A title and a sentence with named parameters for inside; a neutral sentence for outside."""

    title: Text
    body: Text = ""
    outside: Text = WORK_NEWS
    email: bool = True
    sms: bool = False

    @property
    def parameters(self) -> frozenset[str]:
        """What the sentence needs to be told."""
        return frozenset(PARAMETER.findall(str(self.body)))

    def words(self, params: Mapping[str, Any]) -> str:
        """The sentence with its parameters; what was not told is a dash, so that no page fails over a word."""
        return (
            str(self.body) % {name: params.get(name, MISSING) for name in self.parameters}
            if self.body
            else ""
        )


def _household(title: Text, body: Text = "") -> Kind:
    return Kind(title, body, outside=APPLICATION_NEWS, email=False, sms=True)


KINDS: dict[str, Kind] = {
    "application_received": _household(_("We received your application"), _("Number %(number)s.")),
    "application_accepted": _household(_("A social worker has taken up your application")),
    "application_returned": _household(_("Something is still missing in your application")),
    "explanation_asked": _household(_("We would like to check something with you once more")),
    "application_approved": _household(_("Your family is on file and the search for help has begun")),
    "application_rejected": _household(_("Your application was not approved; you can object")),
    "match_for_household": _household(_("There is help for you: do you want it?")),
    "agreement_for_household": _household(_("There is an agreement to read and confirm")),
    "agreement_in_force_for_household": _household(
        _("Your agreement is in force; you can leave it any time")
    ),
    "agreement_ended_for_household": _household(_("Your agreement with the agency has ended")),
    "delivery_for_household": _household(_("Has the help arrived? Please tell us")),
    "exit_for_household": _household(_("Can you manage without support? Please tell us")),
    "exit_approved_for_household": _household(_("Your support has ended; we look in on you for a year")),
    "exit_refused_for_household": _household(_("Your support goes on")),
    "objection_received": _household(_("We received your objection")),
    "objection_decided": _household(_("Your objection has been decided")),
    "objection_acted": _household(_("We acted on your objection")),
    "assessed_again_for_household": _household(_("Another colleague will look at your situation anew")),
    "assessed_anew_for_household": _household(_("Your situation has been assessed anew")),
    "code_issued": Kind(
        _("You got a new query code"),
        outside=_(
            "A new query code was handed out for your application. If you did not ask for it, call us."
        ),
        email=False,
        sms=True,
    ),
    "phone_replaced": Kind(
        _("The telephone of your file was replaced"),
        outside=_("This number no longer stands in a file with us. If you did not want that, call us."),
        email=False,
        sms=True,
    ),
    "delegate_acted": _household(_("Somebody acted for you as your delegate")),
    "new_application": Kind(_("A new application is waiting"), _("Number %(number)s.")),
    "case_assigned": Kind(_("A family was assigned to you"), _("File %(number)s.")),
    "review_waiting": Kind(_("An assessment is waiting for your review"), _("Application %(number)s.")),
    "visit_task": Kind(_("A visit is due"), _("File %(number)s, by %(due)s.")),
    "safety_alert": Kind(
        _("Somebody may be in danger: act now"), _("File %(number)s."), outside=ACT_NOW, sms=True
    ),
    "supervision_for_worker": Kind(_("A supervisor wrote down advice for you"), _("File %(number)s.")),
    "summary_waiting": Kind(_("A closing summary is waiting for you"), _("File %(number)s.")),
    "objection_waiting": Kind(_("An objection is waiting"), _("Number %(number)s.")),
    "remedy_waiting": Kind(_("The family was right: somebody has to act on it"), _("Objection %(number)s.")),
    "assessor_wanted": Kind(_("A family has to be assessed anew by somebody else"), _("File %(number)s.")),
    "objection_to_decide": Kind(_("You were asked to decide an objection"), _("Number %(number)s.")),
    "donor_verified": Kind(_("Your registration is complete: you can help now")),
    "donor_refused": Kind(_("Your registration could not be accepted")),
    "lot_listed": Kind(_("Your offer is listed"), _("%(title)s.")),
    "lot_rejected": Kind(_("Your offer could not be listed"), _("%(title)s.")),
    "pledge_made": Kind(_("Thank you: we noted your pledge"), _("You can take it back within ten minutes.")),
    "match_for_donor": Kind(_("A family is waiting for your yes"), _("Match %(number)s.")),
    "match_for_agency": Kind(_("A match is waiting for your answer"), _("Match %(number)s.")),
    "match_confirmed": Kind(_("Everybody has said yes"), _("Match %(number)s.")),
    "match_released": Kind(_("A match was released"), _("Match %(number)s.")),
    "override_waiting": Kind(
        _("A colleague asks you about help in spite of a warning"), _("Match %(number)s.")
    ),
    "override_agreed": Kind(_("A supervisor agreed to your match"), _("Match %(number)s.")),
    "override_not_agreed": Kind(
        _("A supervisor did not agree to your match"), _("Match %(number)s is on the desk again.")
    ),
    "agency_admitted": Kind(_("Your agency is admitted")),
    "agency_refused": Kind(_("Your agency could not be admitted")),
    "fund_holder_admitted": Kind(_("Your organisation may keep donations")),
    "project_submitted": Kind(_("A project is waiting to be screened"), _("%(title)s.")),
    "project_revise": Kind(_("Your project needs changes"), _("%(title)s.")),
    "project_approved": Kind(_("Your project is approved"), _("%(title)s.")),
    "project_rejected": Kind(_("Your project was not accepted"), _("%(title)s.")),
    "evaluation_assigned": Kind(
        _("You were drawn for an evaluation"), _("Number %(number)s, scores by %(due)s.")
    ),
    "evaluation_due": Kind(_("Your scores are due"), _("Number %(number)s, by %(due)s.")),
    "evaluation_comment": Kind(_("You may comment on an evaluation"), _("Number %(number)s, by %(due)s.")),
    "evaluation_final": Kind(_("An evaluation is final"), _("Number %(number)s.")),
    "team_missing": Kind(_("There are not enough evaluators"), _("Number %(number)s.")),
    "rating_waiting": Kind(_("New ratings are waiting for approval")),
    "rating_announced": Kind(_("Your new rating is announced"), _("Objections are heard until %(until)s.")),
    "standing_changed": Kind(_("Your rating has changed"), _("Level %(level)s.")),
    "standing_unrated": Kind(
        _("Your rating has changed"), _("There are too few evaluations for a level yet.")
    ),
    "elimination_opened": Kind(
        _("A decision about your agency is being prepared"), _("You may make a statement.")
    ),
    "elimination_decided": Kind(_("A decision about your agency was made")),
    "agreement_to_read": Kind(
        _("There is an agreement to read: you can ask for changes"), _("Number %(number)s.")
    ),
    "agreement_remark": Kind(_("A party asks for a change in your agreement"), _("Number %(number)s.")),
    "use_declined": Kind(
        _("A donor does not agree to another use of its money"),
        _("Agreement %(number)s. The version in force stays; read why on its page."),
    ),
    "agreement_answered": Kind(_("Your remark on an agreement was answered"), _("Number %(number)s.")),
    "agreement_ending": Kind(_("There is news about the early end of an agreement"), _("Number %(number)s.")),
    "use_to_agree": Kind(
        _("Your money is to be used in another way: please say whether you agree"),
        _("Agreement %(number)s. Until you sign, the present use stays."),
    ),
    "agreement_to_sign": Kind(_("An agreement is waiting for your signature"), _("Number %(number)s.")),
    "agreement_effective": Kind(_("An agreement is in force"), _("Number %(number)s.")),
    "agreement_ended": Kind(_("An agreement has ended"), _("Number %(number)s.")),
    "transfer_declared": Kind(_("A donor has sent money: has it arrived?")),
    "transfer_arrived": Kind(_("Your money has arrived"), _("Receipt number %(receipt)s.")),
    "transfer_rejected": Kind(_("Your transfer was not found")),
    "disbursement_requested": Kind(_("A payment is waiting to be checked"), _("Number %(number)s.")),
    "disbursement_to_approve": Kind(_("A payment is waiting for approval"), _("Number %(number)s.")),
    "disbursement_paid": Kind(_("A payment was made"), _("Number %(number)s.")),
    "disbursement_to_pay": Kind(_("A payment is approved and can be made"), _("Number %(number)s.")),
    "disbursement_moved": Kind(_("There is news about a payment"), _("Number %(number)s.")),
    "delivery_received": Kind(_("A family says that the help has arrived"), _("Match %(number)s.")),
    "delivery_disputed": Kind(
        _("A family says that something is not right with a delivery"), _("Match %(number)s.")
    ),
    "feedback_given": Kind(_("What came of your help"), _("%(title)s.")),
    "feedback_due": Kind(_("A donor is waiting for news"), _("%(title)s.")),
    "report_ready": Kind(_("Your report is ready"), _("%(code)s.")),
    "report_failed": Kind(_("Your report could not be made"), _("%(code)s.")),
    "article_waiting": Kind(_("An article is waiting for review"), _("%(title)s.")),
    "article_published": Kind(_("Your article is published"), _("%(title)s.")),
    "invited": Kind(_("You were invited to the platform")),
    "policy_published": Kind(_("A new policy is in force"), _("%(title)s."), email=False),
}
