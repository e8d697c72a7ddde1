"""Sixty situations in a small city: who is asked first, who must not be, and the facts that decide."""

import tomllib
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from math import cos, radians
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from referral.candidate import NEEDS, Area, Candidate, Capacity, Cost, Person, Place
from referral.geography import Point, cell_centre
from referral.match import match
from referral.reasons import Because, Standing
from referral.schedule import Freq, Schedule

HERE = Path(__file__).parent
CITY = tomllib.loads((HERE / "merrow.toml").read_text())
SITUATIONS = tomllib.loads((HERE / "situations.toml").read_text())["situation"]

AT = datetime(2026, 11, 25, 21, tzinfo=UTC)
MIDDLE = Point(-48.5, -123.2)
DEGREE = 111_195
SETS = ("needs", "serves", "languages", "interpreted", "by_telephone", "run_by")
WISHES = {
    "no_documents": "needs_no_documents",
    "free": "must_be_free",
    "step_free": "needs_step_free",
    "fetching": "needs_fetching",
    "no_faith": "prefers_no_faith",
}


def point(north, east):
    widening = cos(radians(MIDDLE.latitude))
    return Point(MIDDLE.latitude + north / DEGREE, MIDDLE.longitude + east / DEGREE / widening)


def area(name):
    drawn = CITY["areas"][name]
    if not drawn:
        return Area(name)
    (north, east), half = drawn["at"], drawn["half"]
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    ring = [point(north + up, east + right) for up, right in corners]
    return Area(name, ((tuple((each.longitude, each.latitude) for each in ring),),))


def schedules(called):
    said = CITY["hours"][called] if called else None
    if said is None:
        return ()
    closed = said.get("but_not")
    whole_day = (Schedule(time(0), time(0), dtstart=closed),) if closed else ()
    return (
        Schedule(
            time(said["opens"]),
            time(said["closes"]),
            freq=Freq.WEEKLY if "byday" in said else None,
            byday=tuple((0, day) for day in said.get("byday", ())),
            valid_to=said.get("valid_to"),
            zone=ZoneInfo(said["zone"]) if "zone" in said else None,
            but_not=whole_day,
        ),
    )


def service(called, said):
    facts = dict(said)
    beds = facts.pop("free", None)
    hidden = [Place(cell_centre(point(*each)), withheld=True) for each in facts.pop("hidden", ())]
    places = [Place(point(*each)) for each in facts.pop("at", ())] + hidden
    places += [Place(remote=True)] if facts.pop("remote", False) else []
    cost = facts.pop("cost", None)
    facts |= {name: frozenset(facts.get(name, ())) for name in SETS}
    return Candidate(
        service_id=called,
        name=called,
        organization_id=facts.pop("organization", ""),
        schedules=schedules(facts.pop("hours", "")),
        areas=tuple(area(name) for name in facts.pop("areas", ())),
        capacities=(Capacity(beds[0], "bed", AT - timedelta(hours=beds[1])),) if beds else (),
        costs=() if cost is None else (Cost(cost, "XTS"),),
        documents=tuple(facts.pop("documents", ())),
        places=tuple(places),
        withheld=bool(hidden),
        **facts,
    )


MERROW = tuple(service(called, said) for called, said in CITY["service"].items())


def question(said):
    where, whom, at = said.get("where"), dict(said.get("whom", {})), said.get("at", AT)
    if "age" in whom:
        whom["age"] = tuple(whom["age"])
    return {
        "need": said["need"],
        "at": at,
        "where": area(where) if isinstance(where, str) else where and point(*where),
        "languages": said.get("languages", ()),
        "for_whom": Person(**whom),
        "excluded": said.get("excluded", ()),
        "within": said.get("within"),
        "keep_away": said.get("keep_away", 0),
        "avoids": [area(name) for name in said.get("avoids", ())],
        "open_by": at + timedelta(hours=said["by"]) if "by" in said else None,
    } | {asked: said[wish] for wish, asked in WISHES.items() if wish in said}


@pytest.mark.parametrize("said", SITUATIONS, ids=lambda said: said["says"])
def test_the_right_service_is_first_and_the_facts_that_decide_are_told(said):
    found = match(MERROW, **question(said))
    reasons = {m.service.service_id: {r.because for r in m.reasons} for m in found.fitting}
    decided = {f.service.service_id: f.deciding.because for f in found.fallen_out}

    assert next(iter(reasons), "") == said["first"]
    assert set(said.get("because", ())) <= reasons.get(said["first"], set())
    assert {called: decided.get(called) for called in said.get("out", {})} == said.get("out", {})
    for called, because in said.get("asks", {}).items():
        assert because in reasons.get(called, ())


def test_there_are_sixty_situations_and_each_need_that_the_city_answers_is_asked_for():
    told = Counter(said["need"] for said in SITUATIONS)

    assert told.total() >= 60
    assert set(told) == frozenset().union(*(each.needs for each in MERROW)) - {"child_protection"}
    assert set(told) <= NEEDS


def test_whatever_can_make_a_service_fall_out_decides_in_some_situation():
    decides = {because for said in SITUATIONS for because in said.get("out", {}).values()}

    assert decides <= {str(each) for each in Because}
    met = {
        reason.because
        for said in SITUATIONS
        for fallen in match(MERROW, **question(said)).fallen_out
        for reason in (fallen.deciding, *fallen.also)
        if reason.standing is Standing.OUT
    }
    assert met == decides
