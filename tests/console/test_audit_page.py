"""The log is read a page at a time, in words, by those of the desk, and says whether it is whole."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from hotline import audit
from hotline.channels.herald import keep_log
from hotline.leads import agencies, fetching
from hotline.store import Session
from hotline.vault.words import write_down
from tests.cast import Member
from tests.house import ORIGIN, House


def fill(
    house: House, count: int, *, desk: str = "main", words: str = "", waits: bool = False
) -> None:
    hotline, at = house.hotline, house.clock()

    def write(session: Session) -> None:
        for _ in range(count):
            write_down(
                session, hotline.keyring, at=at, who="system", did="sweep", desk=desk, words=words
            )
        while not waits and audit.sequence(session, at=at):
            pass

    hotline.store.write(write)


def change(house: House, sentence: str) -> None:
    house.hotline.store.write(lambda session: session.execute(text(sentence)))


def test_every_line_is_shown_once_and_newest_first(house: House, auditor: Member) -> None:
    fill(house, 60)
    fill(house, 60, waits=True)
    seen: list[str] = []
    address = "/console/audit"
    while address:
        page = auditor.opens(address)
        seen += re.findall(r'is-number reference">(\d+|<span class="chip">new)<', page)
        older = re.search(r'href="(/console/audit\?kind=all&(?:before|waiting)=\d+)">Older', page)
        address = older[1] if older else ""
    numbers = [int(number) for number in seen if number.isdigit()]
    assert seen[:60] == ['<span class="chip">new'] * 60
    assert numbers == list(range(numbers[0], 0, -1))
    assert len(numbers) >= 60


def test_a_message_is_told_of_by_its_day_and_no_hour(auditor: Member, report: str) -> None:
    page = auditor.opens("/console/audit")
    (cell,) = re.findall(r'nowrap"><time datetime="2026-03-02">(.*?)</time>', page)
    assert cell == "2 Mar 2026"
    assert "00:00<" not in page


def test_words_are_opened_for_who_reads_the_log_and_never_markup(
    house: House, auditor: Member
) -> None:
    fill(house, 1, words="<b>tidy</b> for Zarifa")
    page = auditor.client.get("/console/audit", base_url=ORIGIN).text
    assert "&lt;b&gt;tidy&lt;/b&gt; for Zarifa" in page
    # A wrap that opens nothing does not hide the rest of the page.
    change(house, "UPDATE audit SET wrap = x'00' WHERE did = 'sweep'")
    assert "sealed to others" in auditor.opens("/console/audit")


def test_words_of_the_house_are_sealed_to_those_of_the_house(house: House, auditor: Member) -> None:
    fill(house, 1, desk="", words="about Zarifa")
    page = auditor.opens("/console/audit")
    assert "sealed to others" in page
    assert "Zarifa" not in page


def test_erased_words_are_said_to_be_erased(house: House, auditor: Member) -> None:
    fill(house, 1, words="tidy")
    change(house, "UPDATE audit SET sealed = x'', wrap = x'' WHERE did = 'sweep'")
    page = auditor.opens("/console/audit")
    assert "erased" in page
    assert "Whole: every entry is as it was written." in page


def test_another_desk_s_lines_are_not_seen(house: House, auditor: Member) -> None:
    hotline, at = house.hotline, house.clock()
    hotline.store.write(
        lambda session: audit.record(session, at=at, who="x", did="far away", desk="haven")
    )
    assert "far away" not in auditor.opens("/console/audit")
    assert "your desk and the house" in auditor.opens("/console/audit")


def test_a_supervisor_sees_what_a_colleague_did_the_same_minute(
    house: House, report: str, supervisor: Member
) -> None:
    noor = Member(house, "noor")
    noor.signs_in()
    noor.sends(f"/console/report/{report}/urgency", urgency="high", why="Zarifa called again")
    page = supervisor.opens("/console/audit?kind=decisions")
    assert "changed the urgency" in page
    assert "Zarifa called again" in page


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE audit SET what = 'x' WHERE n = 2", "entry 2 was changed"),
        ("DELETE FROM audit WHERE n = 2", "entry 2 was removed"),
        ("UPDATE audit SET n = 90 WHERE n = 3", "entry 3 was removed"),
        ("UPDATE audit_checkpoints SET note = 'x'", "was not signed by this house"),
        ("UPDATE audit_tiles SET hashes = zeroblob(length(hashes))", "entry 1"),
    ],
)
def test_a_touched_log_is_noticed(house: House, auditor: Member, harm: str, said: str) -> None:
    fill(house, 3)
    keep_log(house.hotline, at=house.clock() + timedelta(hours=2))
    page = auditor.opens("/console/audit")
    assert "Whole: every entry is as it was written." in page
    assert "Newest checkpoint:" in page
    change(house, harm)
    assert said in auditor.opens("/console/audit")
    assert "Not whole" in auditor.sends("/console/audit/verify", expect=200).text


def test_a_page_further_on_is_not_checked_in_passing(house: House, auditor: Member) -> None:
    fill(house, 3)
    page = auditor.opens("/console/audit?before=3")
    assert "Not checked on this page" in page
    assert "No checkpoint was handed out yet." in page


@pytest.mark.parametrize("name", ["before", "waiting"])
@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-1", "x", str(2**31), "²"])
def test_a_number_that_no_line_can_have_is_not_looked_for(
    auditor: Member, name: str, number: str
) -> None:
    address = f"/console/audit?{name}={number}"
    assert auditor.client.get(address, base_url=ORIGIN).status_code == 400


def test_a_kind_shows_its_own_lines_only(house: House, auditor: Member) -> None:
    fill(house, 2)
    assert "founded the house" in auditor.opens("/console/audit?kind=keys")
    assert "Nothing was done yet" in auditor.opens("/console/audit?kind=reveals")
    assert "sweep" in auditor.opens("/console/audit?kind=unheard-of")


def test_an_agency_that_read_leads_is_named(house: House, auditor: Member) -> None:
    store, at = house.hotline.store, house.clock()
    store.write(lambda session: agencies.admit(session, "National unit", ["RO"], at=at))
    with store.read() as session:
        (agency,) = agencies.everyone(session)
    fetching.note(store, agency, "taxii", 1, 9, at=at)
    page = auditor.opens("/console/audit")
    assert "National unit" in page
    assert "read leads" in page
