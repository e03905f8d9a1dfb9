"""Guessing a code: five answers, however many ask at the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import close_old_connections, connection

from common.exceptions import Refused
from households.models import Application, CodeTry
from households.services import open_application
from tests import cast as people
from tests.cast import AT

GUESSERS = 32


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_get_no_more_than_five_answers() -> None:
    application = people.widow_applies()
    together = threading.Barrier(GUESSERS)
    outcomes: list[str] = []

    def guess(number: int) -> None:
        close_old_connections()
        try:
            together.wait(timeout=30)
            open_application(
                code=application.query_code, tail=f"{number:04d}", browser=f"browser-{number}", at=AT
            )
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(GUESSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    answered = outcomes.count("code_unknown")
    assert sorted(set(outcomes) - {"code_unknown"}) == ["paused"]
    assert (len(outcomes), answered <= 5) == (GUESSERS, True), outcomes
    assert CodeTry.objects.count() == 2 * answered
    assert Application.objects.get().state == "submitted"


@pytest.mark.django_db
def test_a_right_answer_leaves_no_try_behind() -> None:
    application = people.widow_applies()

    for _time in range(7):
        open_application(
            code=application.query_code, tail=people.WIDOW_PHONE[-4:], browser="her telephone", at=AT
        )

    assert CodeTry.objects.count() == 0
