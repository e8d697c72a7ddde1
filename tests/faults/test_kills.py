"""The server is killed under load: what was acknowledged is there once, and a retry gets the answer it got before.

A small piece of what `hotline bench faults` does.
"""

import pytest

from hotline.operate.bench import faults

pytestmark = [pytest.mark.xdist_group("killed"), pytest.mark.timeout(900)]


def test_no_acknowledged_report_is_lost_or_doubled():
    figures = faults.measure(kills=2, seconds_between=1.0)
    assert figures["acknowledged"] > 0
    assert figures["acknowledged and lost"] == 0
    assert figures["kept once more by a retry"] == 0
    assert figures["retries that got another answer"] == 0
