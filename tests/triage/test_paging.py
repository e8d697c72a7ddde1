"""Somebody is asked to look, and the next, until one says that they do; what they are sent says nothing."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.contact.carrier import CarrierBusy, CarrierMisconfigured, CarrierRefused
from hotline.jobs import jobs
from hotline.store import metadata
from hotline.triage import claim
from hotline.triage.access import restrict
from hotline.triage.claims import let_go
from hotline.triage.course import CLOSED
from hotline.triage.forgetting import forget_everything
from hotline.triage.paging import count_mine, take, take_with
from hotline.triage.tables import paged, pages
from hotline.worker import WORK
from tests.cast import Member, new_sid, signed
from tests.house import ACCOUNT, House, found_house
from tests.triage.shift import ASKS, MAIL, PHONES, Shift

DANGER = "He has a knife and will kill me tonight, help me"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = found_house(tmp_path)
    yield house
    house.close()


@pytest.fixture
def shift(house: House) -> Shift:
    return Shift.of(house)


def looks(shift: Shift, who: str) -> int:
    store, at = shift.hotline.store, shift.house.clock()
    return store.write(lambda session: take(session, desk="main", by=shift.id(who), at=at))


def test_what_is_immediate_pages_who_is_on_duty_at_once(shift: Shift) -> None:
    for who in ("noor", "omar"):
        shift.wears(who)
        shift.works(who)
    shift.wears("ines")
    report = shift.texts(DANGER)
    shift.runs()
    (first,) = shift.told()
    assert first in ("noor", "omar")
    # It goes on to the next on duty after three minutes, not before; then to the supervisor.
    shift.runs(minutes=2, seconds=59)
    assert shift.told() == [first]
    shift.runs(seconds=1)
    second = {"noor": "omar", "omar": "noor"}[first]
    assert shift.told() == [first, second]
    shift.runs(minutes=3)
    assert shift.told() == [first, second, "ines"]
    # The banner stands for each who was asked, and for nobody else.
    with shift.hotline.store.read() as session:
        assert [count_mine(session, shift.id(who)) for who in ("noor", "omar", "ivo")] == [1, 1, 0]
    # While somebody looks nobody else is asked.
    assert looks(shift, second) == 1
    shift.runs(minutes=9)
    assert shift.told() == [first, second, "ines"]
    with shift.hotline.store.read() as session:
        assert count_mine(session, shift.id(first)) == 0
    assert shift.alerts() == [("clock_over", report)]


def test_that_somebody_looks_counts_for_a_while_only(shift: Shift) -> None:
    for who in PHONES:
        shift.wears(who)
        shift.works(who)
    report = shift.texts(DANGER)
    shift.runs()
    (first,) = shift.told()
    # Whoever was asked first says again and again that they look, for hours, and never does.
    for _ in range(30):
        before = len(shift.told())
        assert looks(shift, first) <= 1
        shift.runs(minutes=10)
        assert len(shift.told()) > before
    assert {*shift.told()} == {*PHONES}
    shift.says(report, unanswered=False)
    shift.runs(minutes=5)
    told = shift.told()
    shift.runs(hours=3)
    assert (shift.told(), shift.state()) == (told, [])


def test_what_is_immediate_reaches_everybody_again_each_hour_until_it_is_claimed(
    shift: Shift,
) -> None:
    for who in ("noor", "ines"):
        shift.wears(who)
    shift.works("noor")
    report = shift.files(urgency=3, is_opened=True)
    high = shift.files(urgency=2, is_opened=True)
    for _ in range(30):
        shift.runs(minutes=3)
    before = len(shift.told())
    for _ in range(12):
        shift.runs(minutes=10)
    assert sorted(shift.told()[before:]) == ["ines", "ines", "noor", "noor"]
    # Whoever holds it looks; given back unanswered, it goes on.
    store, at, noor = shift.hotline.store, shift.house.clock, shift.id("noor")
    store.write(lambda session: claim(session, report, desk="main", by=noor, at=at()))
    before = len(shift.told())
    for _ in range(4):
        shift.runs(minutes=7)
    assert len(shift.told()) == before
    store.write(lambda session: let_go(session, report, desk="main", by=noor, at=at()))
    shift.runs(minutes=10)
    assert len(shift.told()) == before + 2
    # For the other one, which is not immediate, everybody was asked once.
    assert shift.of_report(high) == ["over"]


def test_a_restricted_report_that_reaches_nobody_stands_before_its_supervisors_at_once(
    house: House,
) -> None:
    shift = Shift.of(house, page_to=("https://house.example/hook",))
    shift.wears("noor")
    shift.works("noor")
    report = shift.files(urgency=3)
    named = [shift.id("ines"), shift.id("omar")]
    house.hotline.store.write(
        lambda session: restrict(
            session,
            report,
            keyring=house.hotline.keyring,
            desk="main",
            by=named[0],
            to=named,
            at=house.clock(),
        )
    )
    shift.runs()
    assert (shift.told(), shift.crier.told) == ([], [])
    assert shift.alerts() == [("clock_over", report)]
    # It stays, and whoever of the named says meanwhile how to page them is paged.
    shift.wears("ines")
    shift.runs(hours=1)
    assert shift.told() == ["ines"]
    assert shift.alerts() == [("clock_over", report)]


def test_who_reads_its_language_comes_first_and_holds_it_before_them(shift: Shift) -> None:
    for who in ("noor", "omar"):
        shift.wears(who)
        shift.works(who)
    shift.wears("ines")
    shift.reads("omar", "es", "ti")
    shift.reads("noor", "en")
    answered = shift.files(urgency=3, language="es")
    shift.runs()
    assert shift.told() == ["omar"]
    shift.says(answered, unanswered=False)
    held = shift.files(urgency=3, language="es")
    until = shift.house.clock.passes(minutes=10)
    shift.says(held, claimed_by=shift.id("ines"), claimed_until=until.replace(hour=23))
    shift.runs()
    assert shift.told() == ["omar", "ines"]


def test_at_night_with_nobody_on_duty_the_supervisors_are_paged(house: House) -> None:
    shift = Shift.of(house, page_to=("mailto:house@line.example",))
    for who in ("noor", "ines"):
        shift.wears(who)
    shift.works("noor", (9 * 60, 17 * 60))
    house.clock.at = house.clock.at.replace(hour=2)
    house.clock.passes(days=1)
    shift.files(urgency=3)
    shift.runs()
    assert shift.told() == ["ines"]
    # Then those whom the house calls; round and round; and after three rounds everybody.
    shift.runs(minutes=3)
    assert shift.crier.told == [
        (
            "mailto:house@line.example",
            "Please look at the desk",
            "Somebody needs you there. Sign in to see why.\n",
        )
    ]
    for _ in range(5):
        shift.runs(minutes=3)
    assert shift.told()[:3] == ["ines"] * 3
    assert sorted(shift.told()[3:]) == ["ines", "noor"]
    assert shift.state() == ["over"]
    # It still waits for somebody.
    assert looks(shift, "noor") == 1


def test_without_anybody_to_page_the_house_is_called_at_once(house: House) -> None:
    shift = Shift.of(house, page_to=("https://house.example/hook",))
    shift.files(urgency=3)
    shift.runs()
    assert [place for place, _, _ in shift.crier.told] == ["https://house.example/hook"]
    assert shift.told() == []


def test_where_nobody_can_be_paged_at_all_it_stands_for_whoever_comes(
    shift: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    report = shift.files(urgency=3)
    shift.runs()
    assert "page reached nobody" in caplog.text
    assert report not in caplog.text
    assert shift.state() == ["over"]
    shift.runs(minutes=6)
    assert shift.alerts() == [("clock_over", report)]


def test_what_cannot_be_sent_goes_on_at_once(shift: Shift) -> None:
    for who in ("noor", "omar"):
        shift.wears(who)
        shift.works(who)
    shift.wears("ines", MAIL)
    shift.house.carrier.fails = [CarrierRefused("", ref="21211"), CarrierBusy()]
    shift.files(urgency=3)
    shift.runs()
    assert shift.told() == []
    # Neither phone took it: the supervisor has a mail, in the same moment.
    assert [(place, text) for place, _, text in shift.crier.told] == [
        (f"mailto:{MAIL}", "Somebody needs you there. Sign in to see why.\n")
    ]
    assert sorted(shift.steps()) == ["failed", "failed", "sent"]
    # The next round asks them again.
    shift.runs(minutes=3)
    assert len(shift.told()) == 1


def test_an_account_that_may_not_send_is_told_to_the_supervisors(shift: Shift) -> None:
    shift.wears("ines")
    shift.house.carrier.fails = [CarrierMisconfigured("", ref="20003")]
    shift.files(urgency=3)
    shift.runs()
    assert ("sending_refused", "") in shift.alerts()


def test_what_the_provider_could_not_deliver_goes_on_at_once(shift: Shift) -> None:
    for who in ("noor", "omar"):
        shift.wears(who)
        shift.works(who)
    shift.files(urgency=3)
    shift.runs()
    (first,) = shift.told()
    ref = shift.house.carrier.sent[-1][3]
    path = f"/twilio/sms/status/{ref}"
    form = {"AccountSid": ACCOUNT, "MessageSid": new_sid(), "MessageStatus": "undelivered"}
    client = shift.house.app.test_client()
    for _ in range(2):
        assert client.post(path, data=form, headers=signed(path, form)).status_code == 204
    shift.runs()
    assert len(shift.told()) == 2
    assert shift.told()[1] != first


@pytest.mark.parametrize("moment", ["before the call", "after the call"])
def test_a_worker_that_dies_sends_no_page_twice(shift: Shift, moment: str) -> None:
    for who in ("noor", "omar"):
        shift.wears(who)
    shift.works("noor")
    shift.works("omar")
    shift.files(urgency=3)
    shift.house.carrier.kills = moment
    with pytest.raises(KeyboardInterrupt):
        shift.runs()
    sent = len(shift.told())
    shift.house.carrier.kills = ""
    # The next worker finds the claim: what went is known by the provider, what did not goes to the next.
    shift.runs(minutes=2, seconds=1)
    assert len(shift.told()) == 1
    assert sent == (1 if moment == "after the call" else 0)


def test_nobody_gets_a_second_text_within_one_wait(shift: Shift) -> None:
    shift.wears("noor")
    shift.works("noor")
    shift.files(urgency=3)
    shift.files(urgency=3)
    shift.runs()
    assert shift.told() == ["noor"]
    assert sorted(shift.steps()) == ["heard", "sent"]
    with shift.hotline.store.read() as session:
        assert count_mine(session, shift.id("noor")) == 2
    assert looks(shift, "noor") == 2


def test_a_restricted_report_pages_the_named_alone(house: House) -> None:
    shift = Shift.of(house, page_to=("https://house.example/hook",))
    for who in PHONES:
        shift.wears(who)
        shift.works(who)
    report = shift.files(urgency=3)
    house.hotline.store.write(
        lambda session: restrict(
            session,
            report,
            keyring=house.hotline.keyring,
            desk="main",
            by=shift.id("omar"),
            to=[shift.id("omar")],
            at=house.clock(),
        )
    )
    for _ in range(6):
        shift.runs(minutes=3)
    assert set(shift.told()) == {"omar"}
    assert shift.crier.told == []
    with house.hotline.store.read() as session:
        assert count_mine(session, shift.id("noor")) == 0


def test_who_was_dismissed_is_paged_no_more(shift: Shift) -> None:
    for who in ("noor", "omar"):
        shift.wears(who)
        shift.works(who)
    ines = Member(shift.house, "ines")
    ines.signs_in()
    ines.sends(f"/console/staff/{shift.id('omar')}/dismiss")
    shift.wears("ines")
    shift.files(urgency=3)
    for _ in range(3):
        shift.runs(minutes=3)
    assert "omar" not in shift.told()
    WORK["sweep"](shift.hotline, "")
    for name in ("pagers", "rota"):
        table = metadata.tables[name]
        with shift.hotline.store.read() as session:
            assert shift.id("omar") not in session.execute(select(table.c.staff_id)).scalars().all()


def test_claiming_it_answers_the_page_and_an_answer_ends_it(shift: Shift) -> None:
    shift.wears("noor")
    shift.works("noor")
    store, at = shift.hotline.store, shift.house.clock
    report = shift.files(urgency=3)
    shift.runs()
    noor = shift.id("noor")
    store.write(lambda session: claim(session, report, desk="main", by=noor, at=at()))
    shift.runs(minutes=4)
    assert shift.told() == ["noor"]
    assert shift.state() == ["taken"]
    # Its clock runs on: claimed is not answered, and they are asked again.
    shift.runs(minutes=2)
    assert shift.alerts() == [("clock_over", report)]
    assert shift.told() == ["noor", "noor"]
    shift.says(report, unanswered=False)
    shift.runs(minutes=1)
    assert (shift.alerts(), shift.state(), shift.steps()) == ([], [], [])


def test_closing_it_ends_everything(shift: Shift) -> None:
    shift.wears("noor")
    shift.works("noor")
    report = shift.files(urgency=3)
    shift.runs(minutes=7)
    assert shift.alerts() == [("clock_over", report)]
    shift.says(report, **CLOSED)
    shift.runs(minutes=1)
    assert (shift.alerts(), shift.state()) == ([], [])


def test_a_lost_job_is_asked_for_again(shift: Shift) -> None:
    shift.wears("noor")
    shift.works("noor")
    shift.files(urgency=3)
    WORK["escalate"](shift.hotline, "")
    shift.hotline.store.write(
        lambda session: session.execute(jobs.delete().where(jobs.c.name == "page_on"))
    )
    shift.runs(minutes=1)
    assert shift.told() == []
    shift.runs(minutes=2)
    assert shift.told() == ["noor"]


def test_opening_by_somebody_who_was_not_asked_answers_it_too(shift: Shift) -> None:
    shift.wears("noor")
    shift.works("noor")
    report = shift.files(urgency=3)
    shift.runs()
    store, at = shift.hotline.store, shift.house.clock()
    ines = shift.id("ines")
    store.write(lambda session: take_with(session, report, desk="main", by=ines, at=at))
    assert shift.state() == ["taken"]
    shift.runs(minutes=3)
    assert shift.told() == ["noor"]


def test_no_number_and_no_address_stands_anywhere_in_the_clear(
    shift: Shift, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level("DEBUG")
    shift.wears("noor")
    shift.works("noor")
    shift.wears("ines", MAIL)
    report = shift.texts(DANGER)
    for _ in range(3):
        shift.runs(minutes=3)
    assert shift.told()
    assert shift.crier.told
    canaries = [PHONES["noor"], PHONES["noor"][1:], MAIL, MAIL.partition("@")[0] + "@"]
    stored = caplog.text.encode()
    with shift.hotline.store.read() as session:
        for table in metadata.sorted_tables:
            for row in session.execute(select(table)).all():
                for value in row:
                    stored += value if isinstance(value, bytes) else str(value).encode()
    for canary in canaries:
        assert canary.encode() not in stored
        assert base64.b64encode(canary.encode()) not in stored
    # What was sent says nothing: not which report, how urgent, in which language, or who.
    said = [text for _, _, text, _ in shift.house.carrier.sent if text == ASKS]
    said += [subject + text for _, subject, text in shift.crier.told]
    for text in said:
        assert report not in text
        assert not re.search(r"urgen|immediate|english|\d", text, re.IGNORECASE)


def test_an_erased_report_leaves_no_page(shift: Shift) -> None:
    shift.wears("noor")
    shift.works("noor")
    report = shift.files(urgency=3)
    shift.runs()
    shift.hotline.store.write(lambda session: forget_everything(session, report))
    with shift.hotline.store.read() as session:
        left = [session.execute(select(func.count()).select_from(one)) for one in (pages, paged)]
        assert [one.scalar_one() for one in left] == [0, 0]
    shift.runs(minutes=3)
    assert shift.told() == ["noor"]
