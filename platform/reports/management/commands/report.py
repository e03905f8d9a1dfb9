"""`manage.py report G01 --region CODE --period 2026Q3 --format xlsx [--language en] [--as USER] [-o FILE]`."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from accounts.models import User
from common import clock
from common.actors import SYSTEM, SystemActor
from common.commands import PlainCommand
from common.exceptions import Refused
from files.services import content_of
from jobs.models import Job
from jobs.worker import perform
from reports.models import Report
from reports.registry import file_name
from reports.services import request_report

PAUSE = 0.5  # seconds, while another worker makes it


class Command(PlainCommand):
    help = (
        "Make a report and write it to a file. With --as in somebody's seat; without it the platform asks for "
        "itself and sees what a viewer of the area sees: names masked, and the journal says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="such as G01")
        parser.add_argument("--region", required=True, metavar="CODE")
        parser.add_argument("--period", required=True, help="2026, 2026Q3 or 2026-09")
        parser.add_argument("--state", default="")
        parser.add_argument("--format", choices=["xlsx", "csv"], default="xlsx")
        parser.add_argument(
            "--language", choices=list(dict(settings.LANGUAGES)), default=settings.LANGUAGE_CODE
        )
        parser.add_argument("--as", dest="username", metavar="USER")
        parser.add_argument("--reason", default="命令行导出")
        parser.add_argument("-o", "--output", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = (options[word] for word in ("code", "region", "period", "state", "format"))
        output = options["output"] or Path(file_name(*asked))
        self.refuse_impossible(output)
        by = self._asking(options["username"])
        try:
            report = request_report(
                code=options["code"],
                area=options["region"],
                period=options["period"],
                state=options["state"],
                format=options["format"],
                reason=options["reason"],
                language=options["language"],
                by=by,
                at=clock.now(),
            )
        except Refused as refused:
            self.refuse(str(refused.message))
        job = Job.objects.get(public_id=report.job_ref)
        while job.is_live:
            perform(job.pk)
            job.refresh_from_db()
            if job.is_live:
                time.sleep(PAUSE)
        report = Report.objects.select_related("file").get(pk=report.pk)
        if report.file is None:
            self.refuse(f"the report could not be made: {job.error_message}")
        try:
            output.write_bytes(content_of(report.file))
        except OSError as error:
            self.refuse(f"{output}: {error.strerror}; the report {report.public_id} is kept for a week")
        if options["json"]:
            self.print_json(
                {
                    "report": report.public_id,
                    "code": report.code,
                    "region": report.area,
                    "period": report.period,
                    "state": report.state,
                    "format": report.format,
                    "rows": report.rows,
                    "sha256": report.sha256,
                    "output": str(output),
                }
            )
            return
        self.stdout.write(f"{output}: {report.rows} rows, sha256 {report.sha256}")

    def _asking(self, username: str | None) -> User | SystemActor:
        if username is None:
            return SYSTEM
        user: User | None = User.objects.filter(username=username).first()
        if user is None:
            self.refuse(f"there is no account {username}")
        return user
