"""`manage.py report G01 --region CODE --period 2026Q3 --format xlsx --as USER`: any report from the shell."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from common import clock
from common.exceptions import Refused
from files.services import content_of
from jobs.models import Job
from jobs.worker import perform
from reports.models import Report
from reports.services import request_report


class Command(BaseCommand):
    help = "Make a report in somebody's seat and write it to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--region", required=True)
        parser.add_argument("--period", required=True)
        parser.add_argument("--state", default="")
        parser.add_argument("--format", choices=["xlsx", "csv"], default="xlsx")
        parser.add_argument("--as", dest="username", required=True)
        parser.add_argument("--reason", default="命令行导出")
        parser.add_argument("-o", dest="output", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("no such account; name it with --as", returncode=2)
        try:
            report = request_report(
                code=options["code"],
                area=options["region"],
                period=options["period"],
                state=options["state"],
                format=options["format"],
                reason=options["reason"],
                by=user,
                at=clock.now(),
            )
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        perform(Job.objects.get(public_id=report.job_ref).pk)
        report = Report.objects.select_related("file").get(pk=report.pk)
        if report.file is None:
            raise CommandError("the report could not be made; see the job's page", returncode=2)
        output = options["output"] or f"{report.code}-{report.area}-{report.period}.{report.format}"
        Path(output).write_bytes(content_of(report.file))
        self.stdout.write(f"{output}: {report.rows} rows, sha256 {report.sha256}")
