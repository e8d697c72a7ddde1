"""Isa reads what her agency was told, and nothing of where it came from, nor what others were told."""

import re
from datetime import timedelta

from sqlalchemy import select, update

from hotline.leads import received
from hotline.leads.tables import agencies, fetches
from hotline.triage.alerts import open_alerts
from tests.cast import Member
from tests.console.everywhere import asks, statements
from tests.house import ORIGIN, House
from tests.leads.desk import NOW, Desk, Reader

SAID = "Workers at a car wash sleep in a locked container."


def ways(house: House) -> list[tuple[str, str]]:
    """Return who read what by which way."""
    with house.hotline.store.read() as session:
        rows = session.execute(select(fetches.c.agency_id, fetches.c.way))
        return [(row.agency_id, row.way) for row in rows]


def test_without_an_agency_one_hears_whom_to_ask(house: House, desk: Desk, unit: Reader) -> None:
    lead_id = desk.publishes()
    isa = Member(house, "isa")
    isa.signs_in()
    for path in ("released", "recalls", "subscriptions", "tokens", "recipes", "fetched"):
        page = isa.opens(f"/console/{path}")
        assert "You belong to no agency yet" in page
        assert "Key" in page, "the administrator, by pseudonym"
        assert SAID not in page
    isa.sends("/console/tokens", expect=409, token="mine")
    for its in (lead_id, "0" * 32):
        answer = isa.client.get(f"/console/released/{its}", base_url=ORIGIN)
        assert answer.status_code == 404
        assert SAID not in answer.text
    assert ways(house) == []


def test_an_investigator_reads_every_fact_and_it_is_written_down(
    house: House, desk: Desk, unit: Reader, isa: Member
) -> None:
    assert "Nothing was released to you yet" in isa.opens("/console/released")
    assert ways(house) == []
    lead_id = desk.publishes(
        headline="Locked in at work",
        links=("https://example.org/ad",),
        translations={"ro": "Oamenii dorm intr-un container."},
    )
    page = isa.opens("/console/released")
    assert "Locked in at work" in page
    assert ways(house) == [(unit.id, "page")]
    lead = isa.opens(f"/console/released/{lead_id}")
    for told in (
        *(SAID, "Locked in at work", "Forced labour", "TLP:AMBER+STRICT", "F6", "1 report"),
        *("Oamenii dorm", "https://example.org/ad", "November 2026", "6-10", "Romania"),
        *("It is not for immigration enforcement.", "Do not try to find out who told us"),
        f'"id": "report--{lead_id[:8]}-',
    ):
        assert told in lead, told
    assert 'href="https://example.org' not in lead, "a click would show who looks"
    # The same again within an hour: one row, though each page has its line in the log.
    assert ways(house) == [(unit.id, "page")]
    house.clock.passes(hours=1)
    isa.signs_in()
    isa.opens(f"/console/released/{lead_id}")
    assert ways(house) == [(unit.id, "page")] * 2
    log = [*ways(house)]
    # What stays behind: whose report it was, who let it out, how many could know it, when the person wrote.
    for hidden in (*desk.reports, "a" * 32, "could_know", "09:30", "2026-11-09"):
        assert hidden not in page + lead, hidden
    trace = isa.opens("/console/fetched")
    assert trace.count("on these pages") == 2
    assert f"/console/released/{lead_id}" in trace
    assert ways(house) == log


def test_a_list_counts_as_a_request_of_the_agency(
    house: House, desk: Desk, unit: Reader, isa: Member
) -> None:
    desk.publishes()
    slow = update(agencies).where(agencies.c.id == unit.id).values(rate=1)
    house.hotline.store.write(lambda session: session.execute(slow))
    isa.opens("/console/released")
    refused = isa.client.get("/console/released", base_url=ORIGIN)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "Your agency asks too often" in refused.text
    assert SAID not in refused.text


def test_several_reports_may_be_one_person(desk: Desk, isa: Member) -> None:
    lead_id = desk.publishes(reports=3)
    assert "3 reports, may be one person" in isa.opens(f"/console/released/{lead_id}")


def test_what_was_recalled_tells_nothing_any_more(desk: Desk, isa: Member) -> None:
    lead_id = desk.publishes()
    desk.recalls(lead_id)
    for page in (isa.opens("/console/released"), isa.opens(f"/console/released/{lead_id}")):
        assert re.search("recalled on", page, re.IGNORECASE)
        assert "car wash" not in page
    assert "STIX objects" not in isa.opens(f"/console/released/{lead_id}")


def test_another_agencys_lead_and_one_that_never_was_answer_alike(
    house: House, desk: Desk, isa: Member
) -> None:
    theirs = desk.admits("Border unit", "RO")
    lead_id = desk.publishes(to=[theirs.id])
    assert "Nothing was released to you yet" in isa.opens("/console/released")
    for method, its in (("GET", ""), ("POST", "/outcome"), ("POST", "/ask")):
        answers = []
        for one in (lead_id, "f" * 32):
            path = f"/console/released/{one}{its}"
            with statements() as asked:
                answer = asks(isa, house, method, path, outcome="used", question="still_there")
            text = answer.text.replace(path, "")
            answers.append((answer.status_code, text, asked))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
    assert ways(house) == []


def test_the_desk_hears_of_a_question_when_it_is_asked(
    house: House, desk: Desk, isa: Member
) -> None:
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    isa.sends(f"/console/released/{lead_id}/ask", question="still_there")
    # What is refused raises nothing more.
    isa.sends(f"/console/released/{lead_id}/ask", expect=422, question="still_there")
    with house.hotline.store.read() as session:
        found = [(one.kind, one.report_id) for one in open_alerts(session, "main")]
    assert found == [("lead_asked", report_id)]


def test_pages_go_on_where_the_one_before_ended(desk: Desk, isa: Member) -> None:
    for number in range(27):
        desk.at = NOW + timedelta(days=number // 5)
        desk.publishes(headline=f"House {number} of 27")
    first = isa.opens("/console/released")
    older = re.search(r'href="(/console/released\?before=[^"]+)">Older', first)
    assert older
    second = isa.opens(older.group(1))
    told = re.findall(r"House (\d+) of", first + second)
    assert sorted(map(int, told)) == list(range(27))
    assert "Older" not in second
    assert int(told[0]) >= 25
    # What is no place begins the list.
    for odd in ("x", "..", "-1", "9" * 40):
        assert "House 26 of" in isa.opens(f"/console/released?before={odd}"), odd


def test_the_list_is_narrowed_by_facts_and_not_by_words(
    house: House, desk: Desk, isa: Member
) -> None:
    desk.at = NOW - timedelta(days=60)
    early = desk.publishes(headline="Long ago")
    desk.at = NOW
    desk.publishes(headline="A house in Romania")
    desk.publishes(country="MD", headline="A house in Moldova")
    desk.publishes(headline="A wedding", exploitation=("ForcedMarriage",))
    gone = desk.publishes(headline="Gone by now")
    desk.recalls(gone)
    isa.sends(f"/console/released/{early}/outcome", outcome="false")
    everything = {"A house in Romania", "A house in Moldova", "A wedding", "Long ago"}
    for query, expected in (
        ("country=MD", {"A house in Moldova"}),
        ("theme=marriage", {"A wedding"}),
        ("month=2026-09", {"Long ago"}),
        ("outcome=false", {"Long ago"}),
        ("state=standing", everything),
        ("country=RO&theme=marriage&month=2026-11", {"A wedding"}),
        ("country=XX&theme=x&month=2026-13&outcome=x&state=x&words=wedding", everything),
    ):
        page = isa.opens(f"/console/released?{query}")
        assert {one for one in everything if one in page} == expected, query
    only = isa.opens("/console/released?state=recalled")
    assert only.count("recalled on") == 1
    assert "No lead fits" in isa.opens("/console/released?month=2020-01")


def test_months_end_where_the_next_begins() -> None:
    december, january = received.bounds("2026-12"), received.bounds("2027-01")
    assert december[1] == january[0]
    assert december[1] - december[0] == 31 * 24 * 60 * 60 * 1000
