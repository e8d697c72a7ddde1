"""Closed reports are drawn by lot and looked at again; who worked on one reads what was found, counts have no names."""

import re

from sqlalchemy import select

from hotline.domain.outcome import Outcome
from hotline.store import Session
from hotline.triage import sampling
from hotline.triage.access import restrict
from hotline.triage.forgetting import forget_everything
from hotline.triage.tables import samples
from hotline.vault.tables import desk_words
from tests.cast import Member
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House
from tests.triage.conftest import file_report

ALL_YES = dict.fromkeys(sampling.QUESTIONS, "yes")


def drawn(page: str) -> list[str]:
    return re.findall(r'href="/console/sampling/([0-9a-f]{32})"', page)


def closed(house: House, count: int, **facts: object) -> list[str]:
    its = {"desk": "main", "day": "2026-02-11", "status": "closed", **facts}

    def work(session: Session) -> list[str]:
        return [file_report(session, **its) for _ in range(count)]

    return house.hotline.store.write(work)


def test_the_lot_decides_and_goes_on_where_it_ended(house: House, supervisor: Member) -> None:
    ours = closed(house, 12)
    closed(house, 1, desk="north")
    closed(house, 1, status="open")
    closed(house, 1, day="2026-03-01")
    closed(house, 1, joined_to=ours[0])
    (hidden,) = closed(house, 1)
    noor = house.staff["noor"].member_id
    its = {"keyring": house.hotline.keyring, "desk": "main", "by": noor, "to": [noor]}
    house.hotline.store.write(lambda s: restrict(s, hidden, **its, at=house.clock()))

    assert faults_in(supervisor.opens("/console/sampling")) == []
    supervisor.sends("/console/sampling/draw", month="2026-02", count=5)
    first = drawn(supervisor.opens("/console/sampling?month=2026-02"))
    assert len(set(first)) == 5
    supervisor.sends("/console/sampling/draw", month="2026-02", count=20)
    everything = drawn(supervisor.opens("/console/sampling?month=2026-02"))
    assert sorted(everything) == sorted(ours)
    assert everything[-5:] == first
    assert (
        "Nothing is left to draw"
        in supervisor.sends("/console/sampling/draw", expect=200, month="2026-02", count=1).text
    )
    assert "drew closed reports to look at again" in supervisor.opens("/console/audit")
    # Who is named for it may draw it, too.
    with house.hotline.store.read() as session:
        order = [row[0] for row in session.execute(select(samples.c.report_id))]
    assert hidden not in order
    count = house.hotline.store.write(
        lambda s: sampling.draw(s, desk="main", by=noor, month="2026-02", count=5, at=house.clock())
    )
    assert count == 1
    assert hidden not in supervisor.opens("/console/sampling?month=2026-02")
    refused = supervisor.client.get(f"/console/sampling/{hidden}", base_url=ORIGIN)
    assert refused.status_code == 404


def test_no_month_that_goes_on_and_no_crowd_is_drawn(house: House, supervisor: Member) -> None:
    closed(house, 3, day="2026-03-01")
    for facts in (
        {"month": "2026-03", "count": 1},
        {"month": "x", "count": 1},
        {"month": "2026-02", "count": sampling.MOST + 1},
    ):
        supervisor.sends("/console/sampling/draw", expect=400, **facts)


def test_what_was_found_is_told_to_whoever_worked_on_it(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    at_desk.sends(f"/console/report/{report}/reply", words="Can you talk?")
    at_desk.sends(f"/console/report/{report}/close", outcome=Outcome.NO_CONTACT, why="gone")
    house.clock.passes(days=31)
    for member in (at_desk, supervisor):
        member.signs_in()
    supervisor.sends("/console/sampling/draw", month="2026-03", count=3)
    assert drawn(supervisor.opens("/console/sampling?month=2026-03")) == [report]
    path = f"/console/sampling/{report}"
    form = supervisor.opens(path)
    assert faults_in(form) == []
    assert "Noor</bdi> worked on it last" in form

    # A question that is open asks again, and keeps what was typed.
    asked = supervisor.sends(path, expect=422, in_time="yes", words="Her name is Ada")
    assert "Answer each question first" in asked.text
    assert "Her name is Ada" in asked.text
    assert faults_in(asked.text) == []
    supervisor.sends(path, **{**ALL_YES, "tone": "no"}, words="Say it in fewer words, Ada.")
    page = supervisor.opens("/console/sampling?month=2026-03")
    assert faults_in(page) == []
    results = dict(re.findall(r'<th scope="row">([^<]+\?)</th>(.*?)</tr>', page))
    counted = {name: re.findall(r">(\d+)<", cells) for name, cells in results.items()}
    assert counted["Were the answers plain, kind and exact?"] == ["0", "1", "0"]
    assert counted["Was the urgency right?"] == ["1", "0", "0"]

    # Noor reads it, without a name; nobody else does, and it lies sealed.
    page = at_desk.opens("/console/feedback")
    assert faults_in(page) == []
    assert "Say it in fewer words, Ada." in page
    assert "Ines" not in page.partition('<main class="work"')[2]
    omar = Member(house, "omar")
    omar.signs_in()
    assert "Nothing yet" in omar.opens("/console/feedback")
    with house.hotline.store.read() as session:
        words = session.execute(select(desk_words.c.sealed)).scalars().all()
    assert words
    assert not any(b"fewer" in sealed for sealed in words)

    # When the report ends, so does what was found about it.
    house.hotline.store.write(
        lambda session: (
            forget_everything(session, report, by="system", at=house.clock())
            if False
            else sampling.forget(session, report)
        )
    )
    assert "Nothing yet" in at_desk.opens("/console/feedback")


def test_nobody_looks_again_at_their_own_work(
    house: House, supervisor: Member, report: str
) -> None:
    supervisor.sends(f"/console/report/{report}/reply", words="Can you talk?")
    supervisor.sends(f"/console/report/{report}/close", outcome=Outcome.SAFE_NOW, why="")
    house.clock.passes(days=31)
    supervisor.signs_in()
    supervisor.sends("/console/sampling/draw", month="2026-03", count=1)
    path = f"/console/sampling/{report}"
    assert "You worked on this one" in supervisor.opens(path)
    refused = supervisor.sends(path, expect=403, **ALL_YES)
    assert "You worked on this one" in refused.text
    assert "your own work" in supervisor.opens("/console/sampling?month=2026-03")
