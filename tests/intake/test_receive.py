"""It is received: once, answered, kept without who said it; and never lost to an error on our side."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline.domain.report import Channel, IncomingMessage
from hotline.domain.urgency import Urgency
from hotline.errors import Conflict, NotFound, Unavailable
from hotline.reports.tables import counters, messages, reports, seen, threads
from hotline.vault import codes
from hotline.vault.tables import envelopes
from tests.cast import AMINA, MARIA, new_sid
from tests.house import NOON, SMS_LINE


def a_text(body="They locked the door and keep my passport.", sender=MARIA, **more):
    return IncomingMessage(
        channel=Channel.SMS,
        text=body,
        locale="en",
        provider_id=more.pop("provider_id", None) or new_sid(),
        sender=sender,
        line=SMS_LINE,
        **more,
    )


def count(house, table):
    with house.hotline.store.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def only_report(house):
    with house.hotline.store.read() as session:
        return session.execute(select(reports)).one()


@pytest.fixture
def reception(house):
    return house.hotline.reception


def test_a_retry_gets_the_same_answer_and_is_kept_once(house, reception):
    text = a_text()
    first = reception.receive(text, at=NOON)
    again = reception.receive(text, at=NOON + timedelta(minutes=1))
    assert first.answer == again.answer != ""
    assert count(house, messages) == count(house, seen) == 1


def test_several_texts_of_one_sender_are_one_report(house, reception):
    first = reception.receive(a_text(), at=NOON)
    second = reception.receive(a_text("Now he hits us."), at=NOON + timedelta(hours=1))
    assert first.report_id == second.report_id
    assert (count(house, reports), count(house, messages)) == (1, 2)
    assert reception.receive(a_text(sender=AMINA), at=NOON).report_id != first.report_id


def test_an_idle_thread_starts_a_new_report_because_numbers_are_recycled(house, reception):
    reception.receive(a_text(), at=NOON)
    reception.receive(a_text(), at=NOON + timedelta(hours=73))
    assert (count(house, reports), count(house, threads)) == (2, 1)


def test_a_thread_is_found_again_after_the_key_turned(house, reception):
    reception.receive(a_text(), at=NOON)
    at = NOON + timedelta(hours=70)
    house.hotline.threads.rotate(NOON + timedelta(days=8))
    reception.receive(a_text(), at=at)
    assert (count(house, reports), count(house, threads)) == (1, 1)


def test_facts_only_gather(house, reception):
    reception.receive(a_text("He will kill me, he is at the door with a knife, help"), at=NOON)
    assert only_report(house).urgency == Urgency.IMMEDIATE.rank
    reception.receive(a_text("I have not been paid since March."), at=NOON)
    report = only_report(house)
    assert report.urgency == Urgency.IMMEDIATE.rank
    assert "withholding_of_wages" in report.indicators
    with house.hotline.store.read() as session:
        rows = session.execute(select(counters.c.urgency, counters.c.open)).all()
    assert {row.urgency: row.open for row in rows if row.open} == {Urgency.IMMEDIATE.rank: 1}


def test_a_slower_message_of_the_same_moment_takes_the_next_place(house, reception, monkeypatch):
    reception.receive(a_text(), at=NOON)
    original, raced = type(reception)._thread, []

    def raced_thread(self, *args, **more):
        thread = original(self, *args, **more)
        if not raced:
            raced.append(True)
            reception.receive(a_text("In between."), at=NOON)
        return thread

    # The race is made here, because two threads would lose it only now and then.
    monkeypatch.setattr(type(reception), "_thread", raced_thread)
    reception.receive(a_text("Slower."), at=NOON)
    assert only_report(house).messages == 3
    with house.hotline.store.read() as session:
        numbers = session.execute(select(messages.c.seq).order_by(messages.c.seq)).scalars().all()
    assert numbers == [1, 2, 3]


def test_two_first_messages_of_one_sender_become_one_report(house, reception, monkeypatch):
    original, raced = type(reception)._thread, []

    def raced_thread(self, *args, **more):
        thread = original(self, *args, **more)
        if not raced:
            raced.append(True)
            reception.receive(a_text("In between."), at=NOON)
        return thread

    # As above.
    monkeypatch.setattr(type(reception), "_thread", raced_thread)
    reception.receive(a_text("Slower."), at=NOON)
    assert only_report(house).messages == 2


def test_a_failing_detector_seals_the_text_whole_and_shows_it_to_nobody(house, reception, noor):
    def broken(text, **_):
        raise RuntimeError(text)

    failing = replace(reception, redact=broken)
    failing.receive(a_text("Ask for Ramona Quillfeather."), at=NOON)
    report = only_report(house)
    noor.signs_in()
    assert "Quillfeather" not in noor.opens("/console/")
    assert "Quillfeather" not in noor.opens(f"/console/report/{report.id}")
    assert report.urgency >= Urgency.HIGH.rank


def test_a_failing_assessment_is_looked_at_soon(house, reception):
    def broken(text, **_):
        raise RuntimeError(text)

    replace(reception, assess=broken).receive(a_text(), at=NOON)
    report = only_report(house)
    assert (report.urgency, report.rules) == (Urgency.HIGH.rank, ["not_assessed"])


def test_an_unknown_language_is_at_least_high(house, reception):
    reception.receive(a_text("qwv zzkr plorg mmnt vrrk dsoo gnarf"), at=NOON)
    assert only_report(house).urgency >= Urgency.HIGH.rank


def test_what_cannot_be_kept_says_so_and_leaves_nothing_half_kept(house, reception, monkeypatch):
    from hotline.intake import keeping

    def full(session, envelopes):
        raise Unavailable

    # A disk that is full in the middle of a transaction.
    monkeypatch.setattr(keeping, "keep", full)
    with pytest.raises(Unavailable):
        reception.receive(a_text(), at=NOON)
    for table in (reports, messages, seen, threads, envelopes):
        assert count(house, table) == 0


def test_a_place_that_is_never_free_ends_in_a_retry_of_the_provider(house, reception, monkeypatch):
    def conflict(self, session):
        raise Conflict

    # A thread that everybody else is faster on.
    monkeypatch.setattr("hotline.intake.keeping.Kept.__call__", conflict)
    with pytest.raises(Unavailable):
        reception.receive(a_text(), at=NOON)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\x00\x0b\x1b[2J",
        "\ud800 lone",
        "😀" * 2000,
        "\u202eevil\u202c",
        "'; DROP TABLE reports; --",
        "<script>alert(1)</script>",
        "[PERSON 1] [PHONE 2]",
        "a" * 20_000,
    ],
)
def test_whatever_is_typed_is_kept(house, reception, body):
    reception.receive(a_text(body), at=NOON)
    assert count(house, messages) == 1


def test_who_comes_back_with_a_code_writes_into_the_same_report(house, reception):
    code = codes.mint()
    reporter = house.hotline.codes.derive(code)
    web = replace(a_text(), channel=Channel.WEB, provider_id="", sender="", line="")
    first = reception.receive(web, at=NOON, reporter=reporter)
    again = house.hotline.codes.derive(codes.parse(code.words))
    second = reception.again(replace(web, text="And more."), again, at=NOON)
    assert first.report_id == second.report_id
    assert only_report(house).messages == 2
    stranger = house.hotline.codes.derive(codes.mint())
    with pytest.raises(NotFound):
        reception.again(web, stranger, at=NOON)


@pytest.mark.parametrize(
    ("sender", "country"),
    [
        ("+4915112345678", "DE"),
        ("whatsapp:+15005550142", "US"),
        ("+447700900123", "GB"),
        ("MyBank", ""),
        ("88811", ""),
        ("", ""),
        ("whatsapp:US.1234", ""),
    ],
)
def test_any_sender_is_taken_and_only_the_country_stays_in_the_clear(
    house, reception, sender, country
):
    reception.receive(a_text(sender=sender), at=NOON)
    assert only_report(house).country == country
