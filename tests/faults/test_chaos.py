"""Everything goes wrong at the provider while the hotline is killed again and again; every promise holds all the same.

A small piece of what `hotline bench chaos` does to thousands of conversations. The seed of a storm that broke
something stands in the output: put it in here to see it again, as far as threads and processes let it come again.
"""

import pytest

from hotline.operate.bench import chaos

pytestmark = [pytest.mark.xdist_group("killed"), pytest.mark.timeout(900)]


@pytest.mark.parametrize(
    "where", [chaos.EMBEDDED, pytest.param(chaos.POSTGRES, marks=pytest.mark.exhaustive)]
)
def test_no_promise_breaks_in_a_storm(where):
    verdict = chaos.weather(where, conversations=8, kills=1, hurry=0.3)
    assert verdict.broken == []
    # It was a storm, and there were people in it.
    assert verdict.figures["kills"] > 0
    assert verdict.figures["texts sent by phones"] > 8
    assert verdict.figures["answers that caseworkers decided on"] > 3
