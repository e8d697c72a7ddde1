"""Whatever fails under load: what was acknowledged is kept, once, and the hotline goes on by itself afterwards.

A small piece of what `hotline bench faults` does, over both databases. One house for each suffers all of its faults.
"""

from contextlib import ExitStack, closing
from http.client import HTTPConnection

import pytest

from hotline.operate.bench.chaos.house import sign_in
from hotline.operate.bench.faults import POSTGRES, SQLITE, faults_of, hosts, suffer
from hotline.operate.bench.faults.failing import ONLY_MANY_HOSTS
from hotline.operate.bench.faults.living import Life, caller
from hotline.operate.ports import free_port

OF_SERVERS = ONLY_MANY_HOSTS | {"kill -9 at random", "network cut"}
"""What goes otherwise between servers than within one process; `make bench` goes through the others there, too."""

IN_STORMS = {"kill -9 at random"}
"""What `test_chaos` does to one process at every run, while everything else goes wrong; here, `make bench` does."""

SHARE = 0.01
"""Of two hundred kills two, and of twenty seconds a fifth of one."""


@pytest.fixture(scope="module")
def life():
    """What lives in a house over one of the databases; each is founded once."""
    lives = {}
    with ExitStack() as held:

        def of(where):
            if where not in lives:
                lives[where] = Life.of(held.enter_context(hosts(where, workers=2)), pace=0.25)
            return lives[where]

        yield of


def cases():
    for where in (SQLITE, POSTGRES):
        for fault in faults_of(where):
            marks = [pytest.mark.xdist_group(f"faults, {where}")]
            if fault not in OF_SERVERS if where == POSTGRES else fault in IN_STORMS:
                marks.append(pytest.mark.exhaustive)
            yield pytest.param(where, fault, marks=marks)


@pytest.mark.parametrize(("where", "fault"), [*cases()])
@pytest.mark.timeout(600)
def test_every_promise_holds_after(life, where, fault):
    its = life(where)
    texts = len(its.texting.answered)
    _, found = suffer(its, fault, share=SHARE, callers=2)
    assert found.broken == []
    # There was life in it.
    assert len(its.texting.answered) > texts
    assert found.figures["texts sent by phones"] > 0


@pytest.mark.xdist_group(f"faults, {POSTGRES}")
@pytest.mark.timeout(600)
def test_what_one_host_receives_another_shows_and_it_is_answered_once(life):
    its = life(POSTGRES)
    house, port = its.hosts.house, free_port()
    house.serves_on(port)
    person = caller(10**6)
    person.said.append("They keep my papers in a biscuit tin and the door is locked.")
    its.hosts.provider.texts(person.phone, person.line, person.said[0], [])
    its.desk.looks_around()
    report_id = its.desk.report_of(person)
    cookie = sign_in(house.hotline, house.totp_secret, house.clock())
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as line:
        line.request("GET", f"/console/report/{report_id}", headers={"Cookie": f"key={cookie}"})
        page = line.getresponse().read().decode()
    # Names and reasons are marked in it, so the words stand apart.
    assert "biscuit" in page
    # Both hosts ring, and every worker hears it.
    person.says_safe(its.hosts.provider)
    person.wants = True
    its.desk.answers(person)
    its.people = [person]
    its.settles()
    answer = its.desk.decisions[-1]
    shown = its.hosts.provider.shows(person.phone, person.line)
    assert [answer.token in bubble.text for bubble in shown].count(True) == 1
    house.dies(f"serve {port}")
