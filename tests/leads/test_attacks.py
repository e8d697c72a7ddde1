"""Those who look for the one who told it, with all that anybody can read of a made-up country's leads, find nobody.

The same in a greater country, with figures: ``hotline bench leads-attack`` (`operate.bench.attack`).
"""

import random
from dataclasses import replace

import pytest
from sqlalchemy import select

from hotline.leads.disclose import coarse
from hotline.leads.tables import leads
from hotline.operate.bench.attack import finding
from hotline.operate.bench.attack.finding import insider, outsider
from hotline.operate.bench.attack.line import NOBODY_IS_GUESSED, K, Line, Released, draft_of, play
from hotline.operate.bench.attack.sybil import NEVER, days_to_fill
from hotline.reports.hiding import SETTLED
from hotline.store import Store


def played(store: Store, seed: int, **changes: object) -> Line:
    terms = {"venues": 20, "reporters": 24, "seeded": 100, "days": 45}
    return play(store, random.Random(seed), **{**terms, **changes})


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_is_found_above_one_in_k(store, seed):
    line = played(store, seed)
    told = [lead for lead in line.released if finding.tells_of_person(lead.told)]
    assert told
    # By one lead or by all of a source, earlier versions and recalled ones included,
    assert outsider(line, finding.one_by_one(line)).worst <= 1 / K
    assert outsider(line, finding.by_source(line)).worst <= 1 / K
    # by who of four in five fits,
    assert finding.outsider_who_samples(line, random.Random(seed), rounds=40) <= 1 / K
    # by who wrote to us in the month that is told,
    assert finding.outsider_by_time(line, finding.by_source(line)).worst <= 1 / K
    # by the place, or by who was there.
    assert finding.outsider_by_place(line).worst <= 1 / NOBODY_IS_GUESSED
    assert insider(line, finding.by_source(line)).worst <= 1 / NOBODY_IS_GUESSED
    # What was told few could know left only after the warning; how many fit is written down, and never leaves.
    for lead in line.released:
        assert lead.is_warned or len(line.at_venue(lead.by.venue)) >= NOBODY_IS_GUESSED
    with store.read() as session:
        rows = session.execute(select(leads.c.k, leads.c.told).where(leads.c.item != "")).all()
    assert len(rows) == len(line.released)
    assert all(row.k == 0 or row.k >= K for row in rows)
    assert not any({"k", "could_know"} & set(row.told) for row in rows)


def test_a_country_of_few_tells_nothing_of_a_person(store):
    line = played(store, 4, venues=2, reporters=K - 1, seeded=0)
    assert not any(finding.tells_of_person(lead.told) for lead in line.released)


def test_the_attackers_find_whoever_was_not_hidden(store):
    # A lead that tells all at the venue: the attack itself must find the one who told it.
    line = played(store, 5, venues=4, reporters=2, seeded=0)
    one = line.people[0]
    everything = coarse(draft_of(random.Random(1), one, line.at, share=1.0, finest=3))
    lead = Released(everything, one, "s", is_warned=False, hours=1)
    line = replace(line, people=[one, *line.people[-3:]], released=[lead])
    assert outsider(line, finding.by_source(line)).worst == 1
    assert insider(line, finding.by_source(line)).worst == 1


@pytest.mark.parametrize(("channel", "days"), [("sms", K - 2), ("web", 7 * (K - 2))])
def test_reports_of_ones_own_fill_no_crowd_before_their_days_are_over(store, channel, days):
    # Of a channel one a day counts, of the web one a week, and each only once it is settled.
    assert days_to_fill(store, channel, k=K) == SETTLED.days + days


def test_reports_of_ones_own_of_one_day_fill_no_crowd(store):
    assert days_to_fill(store, "sms", k=K, lasting=1) == NEVER
