"""Work whose effects can be counted, for real worker processes."""

import time

from common.models import NumberSeries
from jobs.models import Job
from jobs.registry import Outside, Step, Work, handler

LEASE = 3
PAUSE = 0.3


@handler("suite.count", lease=LEASE)
def count(job: Job) -> Work:
    """One mark a step; slow enough to be killed between any two lines."""
    total = job.params["steps"]
    for number in range(job.cursor.get("next", 0), total):
        mark(job, number)
        time.sleep(job.params.get("pause", PAUSE))
        yield Step(done=number + 1, total=total, cursor={"next": number + 1})
        yield Outside(lambda: time.sleep(PAUSE / 10))
    return {"counted": total}


def mark(job: Job, number: int) -> None:
    """An effect that is not idempotent by itself."""
    series, _ = NumberSeries.objects.get_or_create(kind="T", area=job.public_id[:6], year=number)
    series.last += 1
    series.save()


def marks() -> list[int]:
    """How often each effect happened."""
    return list(NumberSeries.objects.filter(kind="T").order_by("area", "year").values_list("last", flat=True))
