"""What a row on the desk points to is a link for those alone who may follow it."""

from collections.abc import Callable

import pytest

from accounts.enums import Duty, Role
from accounts.models import Involvement, User
from accounts.services import register_involvement
from tests.accounts.conftest import give_totp, sign_in
from tests.cast import AT

pytestmark = pytest.mark.django_db


def test_auditor_reads_the_name_without_a_link_into_nothing(hire: Callable[..., User], worker: User) -> None:
    auditor = hire("auditor", Role.AUDITOR, prefix="", organisation=None)
    give_totp(auditor)
    register_involvement(file=("households.household", "abc123abc123"), duty=Duty.VISITOR, by=worker, at=AT)
    row = Involvement.objects.get()

    page = sign_in(auditor).get(f"/admin/accounts/involvement/{row.public_id}/change/")

    assert page.status_code == 200
    assert worker.name in page.content.decode()
    assert "/admin/accounts/user/" not in page.content.decode()
    assert sign_in(auditor).get(f"/admin/accounts/user/{worker.public_id}/change/").status_code != 200
