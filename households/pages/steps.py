"""The questions of an application as data: which page, when it is asked, what it makes obsolete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from common import clock
from households.enums import Channel
from households.forms import public as forms
from households.forms.public.people import born
from households.forms.public.step import each, for_other
from households.forms.public.topics import UNSURE
from households.rules import under_guard

Answers = Mapping[str, Any]
WORKER_CHANNELS = frozenset({Channel.VILLAGE_WORKER, Channel.DESK})
MEMBERS, NEEDS = "m", "n"


def always(_answers: Answers, _slot: str) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """One page: `other` is the title when somebody files for the household; `resets` are pages it makes obsolete.

    `loop` names the slots it is asked for: every member or every need.
    """

    slug: str
    title: Any
    form: type[forms.StepForm]
    hint: Any = ""
    other: Any = ""
    again: Any = ""  # the title for the second member or need and those after
    when: Callable[[Answers, str], bool] = always
    resets: tuple[str, ...] = ()
    loop: str = ""
    template: str = "households/public/step.html"
    adds: str = ""  # a page that asks “anything more?” and what it adds
    listed: bool = field(default=True)  # stands on the page where the answers are checked
    after: str = ""  # the page about the same member or need whose answer this one is built from

    def title_for(self, answers: Answers, slot: str) -> str:
        """The question, with the name of the member it is about where there is one."""
        title = self.other if self.other and for_other(answers) else self.title
        title = self.again if self.again and slot[1:] != "1" else title
        name = answers.get(f"who:{slot}", {}).get("name", "") if self.loop == MEMBERS else ""
        return str(title) % {"name": name} if "%(name)s" in str(title) else str(title)


def _delegate_files(answers: Answers, _slot: str) -> bool:
    return bool(answers["channel"] == Channel.DELEGATE)


def _worker_files(answers: Answers, _slot: str) -> bool:
    return answers["channel"] in WORKER_CHANNELS


def needs_delegation(answers: Answers, _slot: str = "") -> bool:
    """Whoever files without the household being there needs its word, recorded (domain §2.10)."""
    if answers["channel"] in WORKER_CHANNELS:
        return bool(answers.get("present", {}).get("present") == "no")
    return bool(answers["channel"] == Channel.DELEGATE)


def must_read_back(answers: Answers) -> bool:
    """Whoever files for a household reads it back."""
    return for_other(answers)


def _disabled(answers: Answers, slot: str) -> bool:
    return "disabled" in answers.get(f"life:{slot}", {}).get("health", [])


def _child_under_guard(answers: Answers, _slot: str) -> bool:
    today = clock.today()
    return any(under_guard(born(papers), on=today) for _slot, papers in each(answers, "papers"))


def _place_open(answers: Answers, _slot: str) -> bool:
    return len(answers.get("scope", "")) < len("990101100")


def _several_causes(answers: Answers, _slot: str) -> bool:
    return len(answers.get("cause", {}).get("causes", [])) > 1


def _knows_topic(answers: Answers, slot: str) -> bool:
    return bool(answers.get(f"topic:{slot}", {}).get("topic") != UNSURE)


STEPS: tuple[Step, ...] = (
    Step("notice", _("Before you begin"), forms.NoticeForm, other=_("Before you begin: tell the family"),
         template="households/public/notice.html", listed=False),
    Step("present", _("Is the family with you?"), forms.PresentForm, when=_worker_files,
         hint=_("If they are, they tell you the answers and hear them again at the end.")),
    Step("helper", _("First about you"), forms.HelperForm, when=_delegate_files,
         hint=_("So that the family and we know who speaks for them.")),
    Step("who", _("Who are you?"), forms.WhoForm, other=_("Who needs help?"), loop=MEMBERS,
         again=_("Who else belongs to the family?")),
    Step("papers", _("Which document is there for %(name)s?"), forms.PapersForm, loop=MEMBERS,
         hint=_("The number lets us make sure that nobody is counted twice.")),
    Step("life", _("How is %(name)s?"), forms.LifeForm, loop=MEMBERS, hint=_("School, health and work.")),
    Step("disability", _("About the disability of %(name)s"), forms.DisabilityForm, loop=MEMBERS, when=_disabled),
    Step("family", _("Who lives with you?"), forms.FamilyForm, other=_("Who lives there?"), adds=MEMBERS,
         hint=_("Everybody who shares money and meals, children too."), listed=False,
         template="households/public/family.html"),
    Step("guardian", _("There is a child under 14"), forms.GuardianForm, when=_child_under_guard,
         hint=_("For children the law asks the guardian.")),
    Step("phone", _("How can we reach you?"), forms.PhoneForm, other=_("How can we reach the family?"),
         hint=_("We call to agree on a visit. No telephone? Leave it empty, the village worker will pass it on.")),
    Step("place", _("Which township do you live in?"), forms.TownshipForm, when=_place_open, resets=("village",),
         other=_("Which township does the family live in?"), listed=False),
    Step("village", _("Where exactly?"), forms.VillageForm, after="place",
         hint=_("So that the social worker finds the door.")),
    Step("cause", _("What happened?"), forms.CauseForm, resets=("main",),
         hint=_("So that we understand, not to judge.")),
    Step("main", _("Which weighs most?"), forms.MainCauseForm, when=_several_causes),
    Step("topic", _("What help does your family need most now?"), forms.TopicForm, loop=NEEDS,
         other=_("What help does the family need most now?"), again=_("What else is needed?"),
         resets=("item", "amount"),
         hint=_("Choose the most pressing one; you can add more afterwards."), listed=False),
    Step("item", _("What exactly would help?"), forms.ItemForm, loop=NEEDS, when=_knows_topic, resets=("amount",),
         after="topic"),
    Step("amount", _("How much?"), forms.AmountForm, loop=NEEDS, when=_knows_topic, after="item",
         hint=_("What is needed for now; the social worker goes through it with you.")),
    Step("when", _("When is it needed?"), forms.WhenForm, loop=NEEDS),
    Step("needs", _("Is there anything else?"), forms.MoreNeedsForm, adds=NEEDS, listed=False,
         template="households/public/needs.html"),
    Step("measures", _("Which help do you already get?"), forms.MeasuresForm,
         other=_("Which help does the family already get?"),
         hint=_("It takes nothing away from you; it keeps two offices from doing the same. None? Just continue.")),
    Step("powers", _("What may you do for the family?"), forms.PowersForm, when=needs_delegation),
    Step("evidence", _("What shows that they agreed?"), forms.EvidenceForm, when=needs_delegation),
)  # fmt: skip
BY_SLUG = {step.slug: step for step in STEPS}
FIRST_OF = {loop: next(step.slug for step in STEPS if step.loop == loop) for loop in (MEMBERS, NEEDS)}
