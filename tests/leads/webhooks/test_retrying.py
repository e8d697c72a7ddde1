"""What was not taken is tried again at waits that grow, and no sooner than the receiver asks for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hotline.leads.webhooks.retrying import wait_after

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def wait(failures: int = 1, **changes: Any) -> timedelta:
    terms: dict[str, Any] = {"status": 500, "retry_after": "", "at": AT, "draw": 0.0}
    return wait_after(failures, **{**terms, **changes})


def test_the_waits_are_those_of_the_specification() -> None:
    hours = [wait(failures) / timedelta(hours=1) for failures in range(1, 13)]
    assert [round(each * 3600) for each in hours[:3]] == [5, 300, 1800]
    assert hours[3:] == [2, 5, 10, 14, 20, 24, 24, 24, 24]


def test_receivers_that_failed_together_are_not_tried_together() -> None:
    assert wait(2) < wait(2, draw=0.5) < wait(2, draw=1.0) <= wait(2) * 1.2


@pytest.mark.parametrize(
    ("status", "asked", "seconds"),
    [
        (429, "120", 120),
        (503, "120", 120),
        (503, "Wed, 25 Nov 2026 09:32:00 GMT", 120),
        (500, "120", 5),
        (503, "1", 5),
        (503, "999999999999999999", 24 * 3600),
        (503, "Wed, 25 Nov 2099 09:32:00 GMT", 24 * 3600),
        (503, "Wed, 25 Nov 2020 09:32:00 GMT", 5),
        (503, "-120", 5),
        (503, "soon", 5),
        (503, "١٢٠", 5),
        (503, "Wed, 99 Nov 2026", 5),
    ],
)
def test_a_receiver_may_ask_to_wait_longer_but_not_for_ever(
    status: int, asked: str, seconds: int
) -> None:
    assert wait(status=status, retry_after=asked) == timedelta(seconds=seconds)
