"""A flood stands beside the queue: seen on every page, opened or dismissed by groups, and each of it a report like any."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from hotline.domain.report import Channel, IncomingMessage
from hotline.intake.admission import Verdict
from hotline.reports import reports
from hotline.retention import asking, idle
from hotline.retention.tables import endings
from hotline.triage.ending import ask_erasure
from hotline.vault.codes import ReturnCode, mint
from tests.cast import Member
from tests.console.conftest import is_there
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House

FLOOD = "f" * 32
JUNK = "Buy gold now at our shop, dear friends, Ramon Vidal has the best prices in town"
REAL = "My boss took my passport and locks the door at night. My name is Maria Lopez"
PAGE = "/console/quarantine"
HIGH = {"urgency": "high"}
"""What the page says of this junk: nobody can tell what it means, so it is looked at soon."""

Telling = Callable[..., tuple[str, ReturnCode]]


@pytest.fixture
def tells(house: House, monkeypatch: pytest.MonkeyPatch) -> Telling:
    """Let somebody tell on the web what is put aside, and return the report and their code."""

    def tell(
        text: str = JUNK, *, alike: str | None = FLOOD, locale: str = "en", **more: Any
    ) -> tuple[str, ReturnCode]:
        # What is put aside is decided, and tested, at intake; here it is given.
        verdict = Verdict(alike, waits=True)
        reception = house.hotline.reception
        monkeypatch.setattr(reception.admission, "judge", lambda *_facts, **_named: verdict)
        code = mint()
        files = more.pop("files", ())
        receipt = reception.receive(
            IncomingMessage(Channel.WEB, text, locale, media=len(files), **more),
            files=files,
            at=house.clock(),
            reporter=house.hotline.codes.derive(code),
        )
        monkeypatch.undo()
        return receipt.report_id, code

    return tell


@pytest.fixture
def flood(tells: Telling) -> list[str]:
    return [tells()[0] for _ in range(3)]


def status_of(house: House, report: str) -> str:
    with house.hotline.store.read() as session:
        return session.execute(select(reports.c.status).where(reports.c.id == report)).scalar_one()


def test_the_queue_says_what_stands_beside_it_and_how_urgent_that_is(
    at_desk: Member, flood: list[str], tells: Telling
) -> None:
    assert "Quarantined: 3 alike" in at_desk.opens("/console/")
    tells(REAL, alike=None)
    page = at_desk.opens("/console/")
    assert "Quarantined: 3 alike, 1 other" in page
    assert "The most urgent of them: " in page
    assert "Nobody is waiting" in page
    for path in ("/console/new", "/console/?view=closed", "/console/account"):
        assert '<span class="count">4</span>' in at_desk.opens(path).split("<main")[0]
    assert "passport" not in page


def test_where_nothing_is_beside_it_nothing_says_so(at_desk: Member) -> None:
    assert "uarantine" not in at_desk.opens("/console/")
    assert "Nothing is quarantined" in at_desk.opens(PAGE)


def test_a_group_shows_why_how_many_since_when_and_one_of_it_without_names(
    house: House, at_desk: Member, flood: list[str], tells: Telling
) -> None:
    house.clock.passes(minutes=7)
    tells(REAL, alike=None, locale="es")
    page = at_desk.opens(PAGE)
    assert "3 alike" in page
    assert "7 min" in page
    assert "English" in page
    assert "Papers held" in page
    assert "Others, each different" in page
    assert "best prices" in page
    assert "Maria" not in page
    assert "Vidal" not in page
    assert faults_in(page) == []


def test_each_of_a_group_opens_as_a_report_and_is_let_in_there(
    house: House, at_desk: Member, flood: list[str]
) -> None:
    page = at_desk.opens(f"{PAGE}/{FLOOD}")
    assert faults_in(page) == []
    for report in flood:
        assert f"/console/report/{report}" in page
    its = at_desk.opens(f"/console/report/{flood[0]}")
    assert "It stands in quarantine, not in the queue" in its
    assert "best prices" in its
    assert faults_in(its) == []
    at_desk.sends(f"/console/report/{flood[0]}/let-in")
    assert status_of(house, flood[0]) == "open"
    assert "stands in quarantine" not in at_desk.opens(f"/console/report/{flood[0]}")
    assert flood[0] in at_desk.opens("/console/")
    assert "2 alike" in at_desk.opens(PAGE)
    # A second click does nothing.
    at_desk.sends(f"/console/report/{flood[0]}/let-in")
    assert "let it in from the quarantine" in at_desk.opens(f"/console/report/{flood[0]}")


def test_a_list_of_a_group_goes_on_behind_a_link(
    house: House, at_desk: Member, tells: Telling
) -> None:
    first, _ = tells()
    with house.hotline.store.read() as session:
        row = dict(session.execute(select(reports).where(reports.c.id == first)).one()._mapping)
    house.hotline.store.write(
        lambda session: session.execute(
            reports.insert(), [{**row, "id": f"{number:032x}"} for number in range(52)]
        )
    )
    page = at_desk.opens(f"{PAGE}/{FLOOD}")
    assert page.count('name="claim"') == 50
    link = page.split("after=")[1].split('"')[0]
    assert at_desk.opens(f"{PAGE}/{FLOOD}?after={link}").count('name="claim"') == 3


def test_whoever_claims_or_answers_lets_it_in(
    house: House, at_desk: Member, flood: list[str]
) -> None:
    at_desk.sends("/console/claim", claim=flood[0])
    is_there(house, flood[1])
    at_desk.sends(f"/console/report/{flood[1]}/reply", words="Can you talk?", read=1)
    assert [status_of(house, report) for report in flood] == ["open", "open", "quarantined"]
    mine = at_desk.opens("/console/?view=mine")
    assert flood[0] in mine
    assert flood[1] in mine


def test_whoever_restricts_one_takes_it_out_and_nobody_else_hears_of_it(
    house: House, at_desk: Member, supervisor: Member, flood: list[str], tells: Telling
) -> None:
    report, _ = tells(REAL, alike=None)
    omar, state = Member(house, "omar"), "/console/state"
    omar.signs_in()
    before = omar.client.get(state, base_url=ORIGIN).headers["ETag"]
    staff = {member.username: member.id for member in house.hotline.keyring.members}
    supervisor.sends(f"/console/report/{report}/restrict", to=[staff["ines"], staff["noor"]])
    assert status_of(house, report) == "open"
    assert report in at_desk.opens("/console/")
    assert omar.client.get(state, base_url=ORIGIN).headers["ETag"] == before
    for path in ("/console/", PAGE, f"{PAGE}/{FLOOD}"):
        page = omar.opens(path)
        assert report not in page
        assert "passport" not in page
        assert '<span class="count">3</span>' in page.split("<main")[0]
    omar.sends(f"{PAGE}/others/open", expect=404)
    why = {"why": "Junk.", "report": report, "looked": 1, "urgency": "high"}
    omar.sends(f"{PAGE}/others/apart", expect=404, **why)
    assert status_of(house, report) == "open"


def test_a_group_is_opened_in_one_act(
    house: House, at_desk: Member, supervisor: Member, flood: list[str]
) -> None:
    answer = at_desk.sends(f"{PAGE}/{FLOOD}/open")
    assert "3 reports stand in the queue now" in at_desk.opens(answer.headers["Location"])
    assert {status_of(house, report) for report in flood} == {"open"}
    assert "Nothing is quarantined" in at_desk.sends(f"{PAGE}/{FLOOD}/open", expect=404).text
    log = supervisor.opens("/console/audit?kind=decisions")
    assert "let a group in from the quarantine" in log
    assert "3 reports" in log


def test_a_group_is_dismissed_only_after_being_asked_once_more(
    house: House, at_desk: Member, supervisor: Member, flood: list[str]
) -> None:
    house.clock.passes(minutes=1)
    asked = supervisor.opens(f"{PAGE}/{FLOOD}/dismiss")
    assert "Dismiss 3 reports unread?" in asked
    assert faults_in(asked) == []
    assert {status_of(house, report) for report in flood} == {"quarantined"}
    before = asked.split('name="before" value="')[1].split('"')[0]
    again = supervisor.sends(f"{PAGE}/{FLOOD}/dismiss", **HIGH, expect=422, before=before, why=" ")
    assert "Say why first" in again.text
    answer = supervisor.sends(
        f"{PAGE}/{FLOOD}/dismiss", **HIGH, before=before, why="a shop that advertises"
    )
    assert "3 reports were dismissed" in at_desk.opens(answer.headers["Location"])
    supervisor.sends(f"{PAGE}/{FLOOD}/dismiss", **HIGH, expect=404, before=before, why="once more")
    closed = at_desk.opens("/console/?view=closed")
    assert all(report in closed for report in flood)
    with house.hotline.store.read() as session:
        ends = set(session.execute(select(endings.c.report_id)).scalars())
    assert ends == set(flood)
    log = supervisor.opens("/console/audit?kind=decisions")
    assert "dismissed a group in quarantine" in log
    assert "a shop that advertises" in log
    its = at_desk.opens(f"/console/report/{flood[0]}")
    assert "closed it" in its
    at_desk.sends(f"/console/report/{flood[0]}/reopen", why="it may be real")
    assert status_of(house, flood[0]) == "open"


def test_what_came_while_somebody_was_asked_is_not_dismissed(
    house: House, supervisor: Member, flood: list[str], tells: Telling
) -> None:
    # All of it came within this minute: there is nothing to dismiss yet.
    asked = supervisor.opens(f"{PAGE}/{FLOOD}/dismiss")
    assert "within the last minute" in asked
    assert faults_in(asked) == []
    house.clock.passes(minutes=1)
    late, _ = tells()
    asked = supervisor.opens(f"{PAGE}/{FLOOD}/dismiss")
    assert "Dismiss 3 reports unread?" in asked
    assert "1 more came within the last minute and stays here" in asked
    before = asked.split('name="before" value="')[1].split('"')[0]
    house.clock.passes(minutes=5)
    supervisor.sends(f"{PAGE}/{FLOOD}/dismiss", **HIGH, before=before, why="junk")
    assert status_of(house, late) == "quarantined"
    # A moment to come, or none that can be read, dismisses nothing that was not shown either.
    latest, _ = tells()
    supervisor.sends(f"{PAGE}/{FLOOD}/dismiss", **HIGH, before="2999-01-01T00:00", why="junk")
    assert status_of(house, late) == "closed"
    supervisor.sends(f"{PAGE}/{FLOOD}/dismiss", **HIGH, expect=404, before="tomorrow", why="junk")
    assert status_of(house, latest) == "quarantined"


def test_an_address_that_names_no_group_is_not_found(at_desk: Member, flood: list[str]) -> None:
    for name in ("0" * 32, "others", "..", "x"):
        for path in (name, f"{name}/dismiss"):
            answer = at_desk.client.get(f"{PAGE}/{path}", base_url=ORIGIN)
            assert answer.status_code == 404, path


def test_an_interpreter_sees_nothing_of_it(house: House, flood: list[str]) -> None:
    ivo = Member(house, "ivo")
    ivo.signs_in()
    for path in (PAGE, f"{PAGE}/{FLOOD}", f"/console/report/{flood[0]}"):
        answer = ivo.client.get(path, base_url=ORIGIN)
        assert answer.status_code == 403, path
        assert "best prices" not in answer.text


def test_another_desk_sees_nothing_of_it_and_decides_nothing(
    house: House, flood: list[str]
) -> None:
    house.clock.passes(minutes=1)
    tala = Member(house, "tala")
    tala.signs_in()
    assert "Nothing is quarantined" in tala.opens(PAGE)
    assert "Quarantined" not in tala.opens("/console/")
    for path in (f"{PAGE}/{FLOOD}", f"{PAGE}/{FLOOD}/dismiss", f"/console/report/{flood[0]}"):
        assert tala.client.get(path, base_url=ORIGIN).status_code == 404, path
    tala.sends(f"{PAGE}/{FLOOD}/open", expect=404)
    tala.sends(f"{PAGE}/{FLOOD}/dismiss", expect=404, why="junk")
    tala.sends(f"/console/report/{flood[0]}/let-in", expect=404)
    assert {status_of(house, report) for report in flood} == {"quarantined"}


def test_supervisors_hear_of_it_once_a_day(
    house: House, supervisor: Member, flood: list[str], tells: Telling
) -> None:
    page = supervisor.opens("/console/alerts")
    assert page.count("<h2>Very many reports come over the web at once</h2>") == 1
    assert "/console/quarantine" in page.split("<main")[1]
    house.clock.passes(days=1)
    tells()
    supervisor.signs_in()
    assert supervisor.opens("/console/alerts").count("<h2>Very many reports come") == 2


def test_one_whose_reporter_writes_again_stands_in_the_queue(
    house: House, at_desk: Member, tells: Telling
) -> None:
    aside, code = tells()
    came = house.clock().replace(second=0)
    house.clock.passes(minutes=5)
    writes_again(house, code)
    assert status_of(house, aside) == "open"
    assert "Nothing is quarantined" in at_desk.opens(PAGE)
    with house.hotline.store.read() as session:
        since = select(reports.c.waiting_since).where(reports.c.id == aside)
        # They have waited since they first wrote.
        assert session.execute(since).scalar_one() == came


def test_a_dismissed_one_opens_when_its_reporter_writes_again(
    house: House, at_desk: Member, supervisor: Member, tells: Telling
) -> None:
    dismissed, code = tells()
    house.clock.passes(minutes=1)
    supervisor.sends(f"{PAGE}/{FLOOD}/dismiss", **HIGH, why="junk")
    assert status_of(house, dismissed) == "closed"
    writes_again(house, code)
    assert status_of(house, dismissed) == "open"
    assert dismissed in at_desk.opens("/console/")
    with house.hotline.store.read() as session:
        assert session.execute(select(endings)).all() == []


def writes_again(house: House, code: ReturnCode) -> None:
    hotline = house.hotline
    hotline.reception.again(
        IncomingMessage(Channel.WEB, "Please, are you there? He comes back tonight.", "en"),
        hotline.codes.derive(code),
        at=house.clock(),
    )


def test_one_is_erased_when_its_reporter_asks_and_never_ends_by_itself(
    house: House, at_desk: Member, flood: list[str]
) -> None:
    hotline = house.hotline
    hotline.store.write(lambda session: ask_erasure(session, flood[0], at=house.clock()))
    house.clock.passes(days=4)
    assert hotline.sweeper.sweep(at=house.clock()) == 1
    house.clock.passes(days=4000)
    assert hotline.sweeper.sweep(at=house.clock()) == 0
    with hotline.store.read() as session:
        left = session.execute(select(reports.c.id)).scalars().all()
        assert not asking.is_asked(session, flood[1])
    assert sorted(left) == sorted(flood[1:])
    at_desk.signs_in()
    assert "Quarantined: 2 alike" in at_desk.opens("/console/")


def test_nothing_of_it_is_counted_as_open_or_overdue_or_idle(
    house: House, at_desk: Member, flood: list[str]
) -> None:
    house.clock.passes(days=200)
    at_desk.signs_in()
    page = at_desk.opens("/console/?view=overdue")
    assert "Nobody waits too long" in page
    assert "0 open" in page
    with house.hotline.store.read() as session:
        assert idle.idle(session, "main", at=house.clock()) == []


def test_who_wrote_it_is_revealed_as_of_any_report_and_that_decides_nothing(
    house: House, at_desk: Member, flood: list[str]
) -> None:
    path = f"/console/report/{flood[0]}/reveal"
    told = at_desk.sends(path, expect=200, what="1 words", purpose="life", why="is it real")
    assert "Ramon Vidal" in told.text
    assert status_of(house, flood[0]) == "quarantined"


def test_who_marks_that_it_may_be_someone_else_lets_nothing_in(
    house: House, at_desk: Member, flood: list[str]
) -> None:
    at_desk.sends(f"/console/report/{flood[0]}/duress", duress="on", why="two hands wrote this")
    assert status_of(house, flood[0]) == "quarantined"
    house.hotline.store.write(lambda session: ask_erasure(session, flood[0], at=house.clock()))
    house.clock.passes(days=9)
    assert house.hotline.sweeper.sweep(at=house.clock()) == 0


def test_a_supervisor_erases_one_at_once(
    house: House, supervisor: Member, flood: list[str]
) -> None:
    from hotline.domain.report import reference

    supervisor.sends(
        f"/console/report/{flood[0]}/close",
        expect=200,
        keep="erase",
        sure=reference(flood[0]),
        outcome="not_a_report",
        read=1,
    )
    assert "Quarantined: 2 alike" in supervisor.opens("/console/")
