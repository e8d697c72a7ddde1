"""The queue as a caseworker's place of work: views and filters as addresses, what stands at a row, next, skip, news."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select, update

from hotline.consent.tables import asks, best_interests, exclusions, grants
from hotline.domain.identity import Address
from hotline.reports import reports
from hotline.store import Session, new_id
from hotline.triage import reachable
from hotline.triage.alerts import Kind, raise_alert
from hotline.triage.languages import speak
from hotline.vault.sealing import keep, seal_contact
from tests.cast import Member, Texter
from tests.console.conftest import HELD
from tests.house import ORIGIN, House
from tests.triage.conftest import file_report

EVENING = {"hours": "20:00-23:00", "zone": "Europe/Rome"}


def say_hours(house: House, report: str, ways: dict[str, str]) -> None:
    """Keep what the person of *report* said of being reached."""
    record = seal_contact(
        house.hotline.keyring,
        desk="main",
        report_id=report,
        address=Address("sms", "+15005550142"),
        ways=ways,
        seq=9,
    )
    house.hotline.store.write(lambda session: keep(session, [record]))


def change(house: House, report: str, **facts: object) -> None:
    its = update(reports).where(reports.c.id == report).values(**facts)
    house.hotline.store.write(lambda session: session.execute(its))


def ids_in(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/console/report/([0-9a-f]{32})", page)))


def languages(house: House, **said: list[str]) -> dict[str, str]:
    """Let members say what they read; return their ids."""
    ids = {one.username: one.id for one in house.hotline.keyring.members}

    def write(session: Session) -> None:
        for username, codes in said.items():
            speak(session, ids[username], "main", codes)

    house.hotline.store.write(write)
    return ids


def test_a_view_or_a_filter_that_is_none_asks_for_nothing(at_desk: Member, report: str) -> None:
    for address in (
        "?view=nonsense",
        "?view=open'--",
        "?language=%3Cscript%3E&channel=pigeon&urgency=9&need=x&minor=maybe&tag=1",
        "?after=9-xyz",
    ):
        answer = at_desk.client.get(f"/console/{address}", base_url=ORIGIN)
        assert report in answer.text, address
        assert "<script>" not in answer.text


def test_filters_stay_in_every_address_of_the_page(house: House, at_desk: Member) -> None:
    house.hotline.store.write(
        lambda session: [
            file_report(session, desk="main", urgency=2, language="ti") for _ in range(51)
        ]
    )
    page = at_desk.opens("/console/?view=unclaimed&language=ti&urgency=high")
    assert len(ids_in(page)) == 50
    (link,) = re.findall(r'href="(/console/\?view=unclaimed&after=[^"]+)"', page)
    assert "language=ti" in link
    assert "urgency=high" in link
    assert len(ids_in(at_desk.opens(link))) == 1
    other = re.findall(r'href="(/console/\?[^"]*view=overdue[^"]*)"', page)
    assert "language=ti" in other[0]
    assert "language=ti" in re.findall(r'href="([^"]*lang=ar[^"]*)"', page)[0]
    # One that fits nothing says so and leads back.
    none = at_desk.opens("/console/?view=unclaimed&language=am")
    assert "No report fits" in none
    assert 'value="am" selected' in none


def test_those_i_read_are_my_languages(house: House, at_desk: Member, report: str) -> None:
    unknown = at_desk.opens("/console/?language=mine")
    assert "You have not said which languages you read" in unknown
    assert report in unknown
    ids = languages(house, noor=["ti"])
    assert report not in at_desk.opens("/console/?language=mine")
    languages(house, noor=["en", "ti"], ines=["en"])
    page = at_desk.opens("/console/?language=mine")
    assert report in page
    # Who holds fewer stands first; whoever reads the page is "you".
    change(
        house, report, claimed_by=ids["noor"], claimed_until=house.clock() + timedelta(minutes=9)
    )
    cell = at_desk.opens("/console/").partition("Read by")[2][:160]
    assert cell.index("Ines") < cell.index("you")


def test_the_window_view_opens_hours_for_this_reader_alone(
    house: House, at_desk: Member, maria: Texter, amina: Texter
) -> None:
    maria.texts(HELD)
    now = at_desk.first_report()
    amina.texts("He keeps my passport.")
    (later,) = set(ids_in(at_desk.opens("/console/"))) - {now}
    say_hours(house, later, EVENING)
    page = at_desk.opens("/console/?view=window")
    assert now in page
    assert later not in page
    everything = at_desk.opens("/console/")
    assert "Opens 20:00" in re.sub(r"<[^>]+>", "", everything)
    assert "At any time" in everything
    change(house, now, duress=True)
    assert "Nobody may be written to now" in at_desk.opens("/console/?view=window")
    # In the database the hours stand nowhere in the clear.
    with house.hotline.store.read() as session:
        rows = session.exec_driver_sql("SELECT * FROM conversations").all()
    assert "20:00" not in repr(rows)


def test_the_window_view_opens_so_many_at_a_time(
    house: House, at_desk: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachable, "MOST", 2)
    monkeypatch.setattr(reachable, "_AT_ONCE", 2)
    house.hotline.store.write(
        lambda session: [file_report(session, desk="main", urgency=3) for _ in range(3)]
    )
    Texter(house, "+15005550188").texts("He keeps my passport.")
    first = at_desk.opens("/console/?view=window")
    assert "Nothing among those looked at" in first
    (link,) = re.findall(r'href="(/console/\?view=window&after=[^"]+)"', first)
    assert ids_in(at_desk.opens(link))


def test_each_row_says_what_waits_with_one_query_for_each_kind(
    house: House, at_desk: Member, report: str
) -> None:
    ids = [report, *(new_id() for _ in range(5))]

    def fill(session: Session) -> None:
        day, till = "2026-03-02", "2026-09-01"
        for one in ids[1:]:
            file_report(session, desk="main", id=one)
        its = {"purpose": "handoff", "recipient": "x", "fields": [], "by": "", "day": day}
        question = {**its, "until_day": till, "state": "asked"}
        session.execute(insert(asks).values(id=new_id(), report_id=ids[0], **question))
        yes = {**its, "given_how": "web", "words_name": "", "words_locale": "en"}
        yes |= {"words_version": "", "words_sealed": b"", "witness": "", "emergency": False}
        yes |= {"expires_day": till}
        session.execute(insert(grants).values(id=new_id(), report_id=ids[1], **yes))
        back = {**yes, "revoked_day": day, "ended_day": day}
        session.execute(insert(grants).values(id=new_id(), report_id=ids[2], **back))
        unread = {"kind": "words", "ref": "", "reason": "asked", "words_sealed": b"", "by": ""}
        session.execute(insert(exclusions).values(id=new_id(), report_id=ids[3], day=day, **unread))
        proposed = {"purpose": "handoff", "recipient": "x", "fields": [], "replaces_yes": True}
        proposed |= {"proposed_by": "", "proposed_day": day, "proposed_sealed": b""}
        session.execute(insert(best_interests).values(id=new_id(), report_id=ids[4], **proposed))
        raise_alert(
            session,
            desk="main",
            kind=Kind.COPY_ASKED,
            at=house.clock(),
            report_id=ids[5],
            pages=False,
        )
        session.execute(update(reports).values(is_opened=True))
        session.execute(update(reports).where(reports.c.id == ids[0]).values(is_opened=False))

    house.hotline.store.write(fill)
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        asked.append(statement)

    engine = house.hotline.store._reader
    event.listen(engine, "before_cursor_execute", note)
    page = at_desk.opens("/console/")
    event.remove(engine, "before_cursor_execute", note)
    rows = {one: part for part in page.split("<tr ")[2:] for one in ids if one in part}
    told = {
        ids[0]: ("Asked for consent", "Nobody opened it yet"),
        ids[1]: ("They agreed",),
        ids[2]: ("They took a yes back",),
        ids[3]: ("Read whom it must not reach",),
        ids[4]: ("A second person has to decide",),
        ids[5]: ("They wait for a copy",),
    }
    every = {words for its in told.values() for words in its}
    for one, words in told.items():
        assert {chip for chip in every if chip in rows[one]} == set(words), words
    for table in ("FROM grants", "FROM exclusions", "FROM best_interests", "FROM conversations"):
        assert sum(table in statement for statement in asked) == 1, table
    assert len(asked) < 45


def test_next_for_me_claims_and_opens_and_says_when_nobody_waits(
    house: House, at_desk: Member, supervisor: Member, report: str, amina: Texter
) -> None:
    amina.texts("He keeps my passport.")
    (other,) = set(ids_in(at_desk.opens("/console/"))) - {report}
    at_desk.sends("/console/skip", skip=other, view="open")
    taken = at_desk.sends("/console/next").headers["Location"]
    assert taken == f"/console/report/{report}"
    assert report in at_desk.opens("/console/?view=mine")
    nothing = at_desk.sends("/console/next").headers["Location"]
    assert "Nobody waits for you" in at_desk.opens(nothing)
    assert supervisor.sends("/console/next").headers["Location"] == f"/console/report/{other}"


def test_a_skip_comes_back_to_where_it_was_made(
    house: House, at_desk: Member, supervisor: Member, report: str
) -> None:
    Texter(house, "+15005550188").texts("He keeps my passport.")
    (first, second) = ids_in(at_desk.opens("/console/"))
    back = at_desk.sends("/console/skip", skip=first, view="unclaimed", language="en")
    assert back.headers["Location"] == "/console/?view=unclaimed&language=en"
    page = at_desk.opens("/console/")
    assert ids_in(page) == [second, first]
    assert "Skipped by you today" in page
    assert ids_in(supervisor.opens("/console/")) == [first, second]
    assert "Skipped" not in supervisor.opens("/console/")
    at_desk.sends("/console/unskip", unskip=first, view="nonsense")
    assert ids_in(at_desk.opens("/console/")) == [first, second]
    at_desk.sends("/console/skip", expect=404, skip="0" * 32)
    stranger = Member(house, "tala")
    stranger.signs_in()
    stranger.sends("/console/skip", expect=404, skip=first)


def news(member: Member, page: str, known: str = "") -> tuple[int, str, str]:
    """Ask as the page's script does; return status, tag and words."""
    (address,) = re.findall(r'data-live="([^"]+)"', page)
    headers = {"If-None-Match": known} if known else {}
    answer = member.client.get(address, base_url=ORIGIN, headers=headers)
    return answer.status_code, answer.headers.get("ETag", ""), answer.text


def test_the_page_hears_how_many_came_and_nothing_where_none_did(
    house: House, at_desk: Member, report: str, amina: Texter
) -> None:
    page = at_desk.opens("/console/")
    (so_far,) = re.findall(r'data-came="(\d+)"', page)
    status, tag, words = news(at_desk, page)
    assert (status, words) == (200, "")
    assert tag == f'"{so_far}"'
    assert news(at_desk, page, tag)[0] == 304
    amina.texts("He keeps my passport.")
    status, tag, words = news(at_desk, page, tag)
    assert (status, words) == (200, "1 new")
    assert news(at_desk, page, tag)[0] == 304
    # Another message of hers is not another report.
    amina.texts("He has a gun.")
    assert news(at_desk, page, tag)[0] == 304
    for since in ("x", "-1", "9" * 40, ""):
        answer = at_desk.client.get(f"/console/state?since={since}", base_url=ORIGIN)
        assert (answer.status_code, answer.text) == (200, "")


def test_asking_for_news_keeps_no_session_awake(house: House, at_desk: Member) -> None:
    page = at_desk.opens("/console/")
    for _ in range(4):
        house.clock.passes(minutes=8)
        (address,) = re.findall(r'data-live="([^"]+)"', page)
        answer = at_desk.client.get(address, base_url=ORIGIN)
    assert answer.status_code == 303


def test_a_restricted_report_shows_in_no_number(
    house: House, at_desk: Member, supervisor: Member, report: str, amina: Texter
) -> None:
    amina.texts("He keeps my passport.")
    (other,) = set(ids_in(at_desk.opens("/console/"))) - {report}
    change(house, other, restricted=True)
    page = at_desk.opens("/console/")
    head = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition('<form class="filters"')[0])
    assert "1 open" in head
    assert "2 open" not in head
    assert other not in page
    for address in ("?view=unread", "?view=unclaimed", "?view=window", "?language=en"):
        assert other not in at_desk.opens(f"/console/{address}"), address


def test_only_the_page_with_news_may_ask_and_only_this_house(at_desk: Member) -> None:
    answer = at_desk.client.get("/console/", base_url=ORIGIN)
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    other = at_desk.client.get("/console/search", base_url=ORIGIN)
    assert "connect-src" not in other.headers["Content-Security-Policy"]


def test_nothing_of_a_skip_stands_in_the_log(house: House, at_desk: Member, report: str) -> None:
    audit_rows = select(func.count()).select_from(_table("audit"))
    with house.hotline.store.read() as session:
        before = session.execute(audit_rows).scalar_one()
    at_desk.sends("/console/skip", skip=report)
    with house.hotline.store.read() as session:
        assert session.execute(audit_rows).scalar_one() == before


def _table(name: str):  # type: ignore[no-untyped-def]
    from hotline.store import metadata

    return metadata.tables[name]
