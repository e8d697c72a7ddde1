"""Whoever told of harm as their own does not become one who only saw it, whatever is said later from the same phone."""

from types import SimpleNamespace

import pytest

from hotline.intake.facts import is_bystanders_still


def a_report(*, bystander: bool, indicators: list[str]) -> SimpleNamespace:
    return SimpleNamespace(bystander=bystander, indicators=indicators)


HARM = ["debt_bondage"]


@pytest.mark.parametrize(
    ("before", "found", "is_still"),
    [
        (a_report(bystander=False, indicators=[]), (True, []), True),
        (a_report(bystander=False, indicators=[]), (False, HARM), False),
        (a_report(bystander=False, indicators=HARM), (True, HARM), False),
        (a_report(bystander=True, indicators=HARM), (True, HARM), True),
        (a_report(bystander=True, indicators=HARM), (False, []), True),
        (a_report(bystander=True, indicators=HARM), (False, HARM), False),
    ],
)
def test_who_spoke_of_their_own_harm_is_no_bystander(before, found, is_still):
    bystander, indicators = found
    now = SimpleNamespace(bystander=bystander, indicators=frozenset(indicators))
    assert is_bystanders_still(before, now) is is_still
