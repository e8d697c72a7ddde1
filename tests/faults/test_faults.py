"""Whatever fails under load: what was acknowledged is kept, once, and the hotline goes on by itself afterwards.

A small piece of what `hotline bench faults` does, over both databases. One house for each suffers all of its faults.
"""

from contextlib import ExitStack

import pytest

from hotline.operate.bench.faults import POSTGRES, SQLITE, faults_of, hosts, suffer
from hotline.operate.bench.faults.living import Life

SHARE = 0.015
"""Of two hundred kills three, and of twenty seconds a third of one."""


@pytest.fixture(scope="module")
def life():
    """What lives in a house over one of the databases; each is founded once."""
    lives = {}
    with ExitStack() as held:

        def of(where):
            if where not in lives:
                lives[where] = Life.of(held.enter_context(hosts(where, workers=2)), pace=0.1)
            return lives[where]

        yield of


@pytest.mark.parametrize(
    ("where", "fault"),
    [
        pytest.param(where, fault, marks=pytest.mark.xdist_group(f"faults, {where}"))
        for where in (SQLITE, POSTGRES)
        for fault in faults_of(where)
    ],
)
@pytest.mark.timeout(600)
def test_every_promise_holds_after(life, where, fault):
    its = life(where)
    texts, leads = len(its.texting.answered), len(its.feeding.published)
    _, found = suffer(its, fault, share=SHARE, callers=3)
    assert found.broken == []
    # There was life in it.
    assert len(its.texting.answered) > texts
    assert len(its.feeding.published) > leads
    assert found.figures["texts sent by phones"] > 0
    assert found.figures["answers that caseworkers decided on"] > 0
