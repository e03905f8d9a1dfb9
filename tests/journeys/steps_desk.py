"""Step 2: a social worker checks, visits and assesses inside the admin; a supervisor decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from common import clock
from tests.cast import full_assessment
from tests.journeys.pages import Window
from tests.journeys.people import Journey

LEVELS: dict[str, tuple[str, ...]] = {
    "problem": (
        "problem_words", "problem_view", "category", "onset", "frequency", "duration", "grade", "efforts",
        "no_risk_seen",
    ),
    "person": ("health", "skills", "motivation", "strengths", "wish"),
    "situation": (
        "family", "network", "living", "economy", "policies_enjoyed", "no_policy_missing", "services_near", "conflict",
        "language",
    ),
    "synthesis": ("protective", "risk_factors", "objectives"),
}  # fmt: skip


def household_is_filed(journey: Journey) -> None:
    """From the worklist to the file, whose needs open with a severity from the rule."""
    worker, supervisor = journey["zhou"], journey["li"]
    worker.open("/admin/")
    worker.follow("/admin/households/application/")
    worker.open(f"/admin/households/application/?q={journey.facts['application']}")
    worker.follow("/file/")
    file = worker.path.partition("?")[0]
    journey.facts["file"] = file
    take_up(worker, file)
    visit(worker, file)
    worker.open(f"{file}?tab=facts")
    worker.follow("/do/year/")
    worker.send(amount_wages=3600, amount_transfer=2400, illness_burden="yes", solid_fuel="yes")
    assess(worker, file)
    act(supervisor, file, "review")
    supervisor.follow("/do/approve/")
    supervisor.send(status=409)  # not before the file says by which standard, and in which category
    act(worker, file, "place", category="dibao", standard="national")
    act(supervisor, file, "approve")
    supervisor.open(file)
    assert supervisor.page.locator("main .severity, main .tag").count()


def elder_is_refused(journey: Journey) -> None:
    """The old man's application is checked in the same way, and refused with a reason he reads."""
    worker, supervisor = journey["he"], journey["li"]
    worker.open(f"/admin/households/application/?q={journey.facts['elder_application']}")
    worker.follow("/file/")
    file = worker.path.partition("?")[0]
    journey.facts["elder_file"] = file
    take_up(worker, file)
    visit(worker, file)
    assess(worker, file)
    act(supervisor, file, "review")
    act(supervisor, file, "reject", reason="家里今年已领过取暖补助，这次先不重复。")


def act(window: Window, file: str, slug: str, **values: Any) -> None:
    """One button of the file, its page, and back."""
    window.open(file)
    window.follow(f"/do/{slug}/")
    window.send(**values)


def take_up(worker: Window, file: str) -> None:
    act(worker, file, "accept")
    act(worker, file, "verify")


def visit(worker: Window, file: str) -> None:
    worker.site.advance(days=1)
    worker.open(f"{file}?tab=check")
    answer_questions(worker, file)
    worker.open(f"{file}?tab=check")
    worker.follow("/do/record/")
    seen_at = clock.now().astimezone(clock.SHANGHAI) - timedelta(hours=1)
    worker.send(
        done_at=f"{seen_at:%Y-%m-%dT%H:%M}",
        companion_name="三组组长",
        identity_seen="2",
        papers_of=True,
        findings="家中整洁，药瓶在桌上，被子旧了。",
        evidence="走访照片",
    )


def answer_questions(worker: Window, file: str) -> None:
    """A quality rule only asks: the worker asks back and clears what is explained."""
    while worker.links("/do/clear/"):
        worker.follow("/do/clear/")
        worker.send(reason="现场看过，情况属实。")
        worker.open(f"{file}?tab=check")


def assess(worker: Window, file: str) -> None:
    """Four pages, then the needs in the words strangers may read."""
    answers = full_assessment()
    worker.open(file)
    worker.follow("/do/assess/")
    worker.send()
    for level, names in LEVELS.items():
        assert f"/{level}/" in worker.path, worker.path
        values = {name: answers[name] for name in names}
        if level == "person":
            values |= {f"functioning_{slug}": value for slug, value in answers["functioning"].items()}
            values |= {f"mood_{slug}": value for slug, value in answers["mood"].items()}
        if level == "synthesis":
            values |= {"cause_1": "illness", "level_1": "person"}
        worker.send(**values)
    worker.send(agreed=True, **places_of_needs(worker))


def places_of_needs(worker: Window) -> dict[str, Any]:
    """Every need gets a place, in the order in which the page names them."""
    fields = worker.page.locator('main select[name^="rank_"]')
    return {str(fields.nth(place).get_attribute("name")): str(place + 1) for place in range(fields.count())}
