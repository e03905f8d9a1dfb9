"""The severity rule as a table, and that nothing makes a need less severe by being worse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.measures.severity import CURRENT, RULES, need_severity


@pytest.mark.parametrize(
    ("grade", "risk", "days", "severity", "reasons"),
    [
        (0, False, None, 1, ("grade_0",)),
        (2, False, 8, 3, ("grade_2",)),
        (2, False, 7, 4, ("grade_2", "deadline_near")),
        (2, False, -1, 4, ("grade_2", "deadline_near")),
        (3, False, None, 4, ("grade_3",)),
        (4, False, None, 5, ("grade_4",)),
        (4, False, 0, 5, ("grade_4", "deadline_near")),
        (0, True, None, 5, ("grade_0", "immediate_risk")),
        (1, True, 3, 5, ("grade_1", "deadline_near", "immediate_risk")),
    ],
)
def test_severity_follows_grade_risk_and_deadline(grade, risk, days, severity, reasons):
    found = need_severity(grade=grade, immediate_risk=risk, days_to_deadline=days)

    assert found == (severity, CURRENT.version, reasons)


@pytest.mark.parametrize("grade", [-1, 5])
def test_severity_of_an_unknown_grade_is_an_error(grade):
    with pytest.raises(ValueError, match="grade"):
        need_severity(grade=grade, immediate_risk=False, days_to_deadline=None)


def test_rule_is_found_by_the_version_it_wrote():
    found = need_severity(grade=3, immediate_risk=False, days_to_deadline=2)

    assert RULES[found.rule_version] is CURRENT


@given(st.integers(0, 3), st.booleans(), st.none() | st.integers(-30, 400))
def test_severity_never_falls_when_something_is_worse(grade, risk, days):
    now = need_severity(grade=grade, immediate_risk=risk, days_to_deadline=days).severity

    assert 1 <= now <= 5
    assert need_severity(grade=grade + 1, immediate_risk=risk, days_to_deadline=days).severity >= now
    assert need_severity(grade=grade, immediate_risk=True, days_to_deadline=days).severity >= now
    assert need_severity(grade=grade, immediate_risk=risk, days_to_deadline=0).severity >= now
