"""What workers of another county see of donors, agencies and fund holders: public facts, no persons, no papers."""

from typing import Any

import pytest
from django.urls import reverse

from common import clock
from donors.models import Donor, Lot
from files.models import Attachment
from projects.models import Project
from tests.cast import AT, COUNTY, OTHER_COUNTY, signed_in
from tests.delivery.scene import Scene, opening, paper

STAFF, MASKED = "钱会计", "钱*计"


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(AT):
        yield


@pytest.fixture
def scene(db: None) -> Scene:
    return opening()


def status(who: Any, proof: Attachment | None) -> int:
    assert proof is not None
    return int(signed_in(who).get(reverse("files:show", args=[proof.public_id])).status_code)


def shown(who: Any, name: str, row: Any) -> str:
    page = signed_in(who).get(reverse(f"admin:{name}_work", args=[row.public_id]))
    assert page.status_code == 200
    return page.content.decode()


def test_far_worker_reads_the_facts_of_an_agency_but_no_names_and_no_papers(scene: Scene):
    proof = scene.agency.credentials.get().proof
    near, far = scene.cast.worker, scene.cast.stranger

    assert STAFF in shown(near, "implementers_agency", scene.agency)
    page = shown(far, "implementers_agency", scene.agency)
    assert str(scene.agency.organisation.uscc) in page
    assert MASKED in page
    assert STAFF not in page
    assert proof is not None
    assert proof.public_id not in page
    assert (status(near, proof), status(far, proof)) == (200, 404)

    Project.objects.filter(pk=scene.project.pk).update(place=OTHER_COUNTY)
    assert STAFF in shown(far, "implementers_agency", scene.agency)
    assert status(far, proof) == 200


def test_papers_of_a_fund_holder_are_for_the_places_it_works_in(scene: Scene):
    proof = scene.holder.qualifications.order_by("pk")[0].proof
    body = scene.holder.organisation
    assert status(scene.cast.stranger, proof) == 200  # it named no place: anybody may have to check it

    body.area = COUNTY
    body.save(update_fields=["area"])

    assert (status(scene.cast.worker, proof), status(scene.cast.stranger, proof)) == (200, 404)
    assert status(scene.keepers[0], proof) == 200
    assert status(scene.leader, proof) == 404


def test_contact_person_and_licence_of_a_donor_are_for_the_places_it_gives_in(scene: Scene):
    licence = paper("licence", scene.donor, scene.giver)
    Donor.objects.filter(pk=scene.donor.pk).update(contact_name="陈小厂", licence=licence)
    Lot.objects.filter(donor=scene.donor).update(area_prefix=COUNTY)
    near, far = scene.cast.worker, scene.cast.stranger

    assert "陈小厂" in shown(near, "donors_donor", scene.donor)
    page = shown(far, "donors_donor", scene.donor)
    assert "陈*厂" in page
    assert "陈小厂" not in page
    assert licence.public_id not in page
    assert (status(near, licence), status(far, licence), status(scene.giver, licence)) == (200, 404, 200)

    Lot.objects.filter(donor=scene.donor).update(area_prefix=OTHER_COUNTY)
    assert "陈小厂" in shown(far, "donors_donor", scene.donor)
    assert status(far, licence) == 200
