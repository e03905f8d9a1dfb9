"""When the evaluation midway is due by money."""

import pytest

from common.actors import SYSTEM
from delivery.models import Disbursement
from evaluation import services
from evaluation.models import Evaluation
from projects.services import start_project
from tests.cast import AT
from tests.delivery.scene import money_arrived, opening, paid, under_agreement

pytestmark = pytest.mark.django_db


def test_what_families_kept_of_a_recovered_payment_was_spent() -> None:
    services.load_rating_policy(by=SYSTEM, at=AT)
    scene, _proposal, agreement = under_agreement(opening())
    money_arrived(scene)
    row = paid(scene, agreement, 60_000)
    start_project(project=scene.project, by=scene.leader, at=AT)
    recovered = Disbursement.objects.filter(pk=row.pk)

    recovered.update(state="recovered", kept=39_999)  # of 100,000
    assert services.open_due_evaluations(by=SYSTEM, at=AT) == []
    recovered.update(kept=40_000)
    services.open_due_evaluations(by=SYSTEM, at=AT)

    assert Evaluation.objects.get(project=scene.project).stage == "mid_term"
