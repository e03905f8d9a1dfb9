"""A matching run from the shell: computed, recounted and stored like any other."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from common import clock
from common.actors import SYSTEM
from common.commands import PlainCommand
from jobs.models import Job
from jobs.worker import perform
from matching.enums import RunState
from matching.models import Run
from matching.services import start_run
from reference.coding import is_trial
from reference.queries import get_division


class Command(PlainCommand):
    help = "Match the open needs of an area with everything that was offered; suggests, decides nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prefix", default="", help="code of the area (the whole country without it)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        prefix = options["prefix"]
        if prefix and get_division(prefix) is None and not is_trial(prefix):
            self.refuse(f"no division has the code {prefix}")
        run = start_run(prefix=prefix, by=SYSTEM, at=clock.now())
        job = Job.objects.filter(key=f"matching.run:{run.public_id}").order_by("-pk").first()
        if job is not None:
            perform(job.pk)
        run = Run.objects.get(pk=run.pk)
        if run.state != RunState.CERTIFIED:
            self.refuse(
                f"run {run.public_id} is {run.state}: {run.figures.get('check', 'another worker has it')}"
            )
        result = {"run": run.public_id, "optimal": run.certificate["optimal"], **run.figures}
        if options["json"]:
            self.print_json(result)
            return
        for name, value in result.items():
            self.stdout.write(f"{name}: {value}")
