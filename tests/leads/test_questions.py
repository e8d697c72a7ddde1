"""Agencies ask from a fixed list; a refusal, silence and a report that is no more look the same to them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from hotline import audit
from hotline.errors import Malformed, NotFound
from hotline.leads import agencies, publish, questions, unions
from hotline.leads.answering import TooFew
from hotline.leads.questions import QUESTIONS, AskedBefore, MayNotBeTold, Own, TooMany, TooManyToday
from hotline.leads.tables import lead_questions, lead_sources
from hotline.reports import messages
from hotline.store import Session
from hotline.triage import lead_alerts, reviews
from hotline.triage.alerts import open_alerts
from tests.leads.desk import NOOR, Desk, Reader

ISA = "b" * 32


def asks(desk: Desk, dele: Reader, lead_id: str, code: str) -> str:
    def ask(session: Session) -> str:
        agency = agencies.find(session, dele.id)
        return questions.ask(session, agency, lead_id, code, by=ISA, at=desk.at)

    return desk.store.write(ask)


def answers(desk: Desk, its_id: str, given: str | None) -> None:
    desk.store.write(
        lambda session: questions.answer(session, its_id, given, by=NOOR, k=5, at=desk.at)
    )


def sees(desk: Desk, dele: Reader, lead_id: str, *, days: int = 0) -> dict[str, str]:
    at = desk.at + timedelta(days=days)
    with desk.store.read() as session:
        found = questions.of_agency(session, dele.id, lead_id, at=at)
    return {one.question: one.answer for one in found}


def was_read(desk: Desk, report_id: str) -> None:
    """Let a report have a message that somebody reviewed."""
    row = {"report_id": report_id, "seq": 1, "direction": "in", "channel": "sms"}

    def come(session: Session) -> None:
        session.execute(insert(messages), {**row, "day": "2026-11-01"})
        reviews.keep(session, report_id, 1, by=NOOR, at=desk.at)

    desk.store.write(come)


def test_every_question_has_answers_and_says_what_they_tell() -> None:
    assert set(QUESTIONS) == {
        "still_there", "more_people", "place_finer", "vehicle", "when_last", "can_talk", "minor_still",
    }  # fmt: skip
    assert all(len(question.answers) >= 2 for question in QUESTIONS.values())
    # Nobody can know from one report that no child is involved.
    assert "no" not in QUESTIONS["minor_still"].answers


def test_an_answer_shows_after_a_whole_day_at_least(desk: Desk) -> None:
    dele, other = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    its_id = asks(desk, dele, lead_id, "still_there")
    with desk.store.read() as session:
        (seen,) = questions.of_report(session, report_id)
    assert (seen.id, seen.agency, seen.lead_id) == (its_id, "National unit", lead_id)
    assert (seen.question, seen.state, seen.answer) == ("still_there", "open", "")
    answers(desk, its_id, "yes")
    assert sees(desk, dele, lead_id) == {"still_there": ""}
    assert sees(desk, dele, lead_id, days=1) == {"still_there": ""}
    assert sees(desk, dele, lead_id, days=2) == {"still_there": "yes"}
    assert sees(desk, other, lead_id, days=2) == {}
    with pytest.raises(NotFound):
        answers(desk, its_id, "no")
    with desk.store.read() as session:
        lines = [(line.who, line.did) for line in audit.page(session)]
    assert {(NOOR, "lead_answered"), (ISA, "lead_asked")} <= set(lines)


def test_refusal_and_silence_and_a_report_that_is_no_more_look_alike(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    ids = [desk.report(bystander=True) for _ in range(3)]
    refused, silent, gone = (desk.publishes(report_id) for report_id in ids)
    # The report of the third is erased, though its lead still stands.
    desk.store.write(lambda session: publish.forget(session, ids[2]))
    asked = [asks(desk, dele, lead_id, "can_talk") for lead_id in (refused, silent, gone)]
    answers(desk, asked[0], None)
    for days in (0, 1, 40):
        at = desk.at + timedelta(days=days)
        with desk.store.read() as session:
            views = [
                questions.of_agency(session, dele.id, lead_id, at=at)
                for lead_id in (refused, silent, gone)
            ]
        assert views == [[Own(its_id, "can_talk", "2026-11-25", "")] for its_id in asked]
    # Nor does a refusal make room for another question.
    for lead_id in (refused, silent, gone):
        asks(desk, dele, lead_id, "vehicle")
        asks(desk, dele, lead_id, "when_last")
        with pytest.raises(TooMany):
            asks(desk, dele, lead_id, "still_there")


def test_an_answer_of_late_at_night_does_not_show_a_moment_later(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    its_id = asks(desk, dele, lead_id, "still_there")
    desk.at = desk.at.replace(hour=23, minute=59, second=59)
    answers(desk, its_id, "yes")
    for seconds, answer in ((2, ""), (24 * 60 * 60, ""), (24 * 60 * 60 + 1, "yes")):
        assert sees(desk, dele, lead_id, days=seconds / 86_400) == {"still_there": answer}


def test_a_report_that_is_erased_leaves_what_was_asked_and_answered_as_it_was(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    answered, waits = (asks(desk, dele, lead_id, code) for code in ("still_there", "can_talk"))
    answers(desk, answered, "yes")
    before = sees(desk, dele, lead_id, days=2)
    desk.store.write(lambda session: publish.forget(session, report_id))
    assert sees(desk, dele, lead_id, days=2) == before == {"still_there": "yes", "can_talk": ""}
    with pytest.raises(AskedBefore):
        asks(desk, dele, lead_id, "can_talk")
    with pytest.raises(NotFound):
        answers(desk, waits, "yes")
    with desk.store.read() as session:
        assert questions.unanswered(session) == []
        assert report_id not in str(session.execute(select(lead_questions)).all())


def test_no_agency_drowns_out_what_others_ask(desk: Desk) -> None:
    loud, other = desk.admits("National unit", "RO"), desk.admits("Town police", "RO")
    leads = [desk.publishes() for _ in range(8)]
    wanted = [(one, code) for one in leads for code in ("vehicle", "can_talk", "still_there")]
    for lead_id, code in wanted[:20]:
        answers(desk, asks(desk, loud, lead_id, code), None)
    with pytest.raises(TooManyToday):
        asks(desk, loud, *wanted[20])
    desk.at += timedelta(days=1)
    asks(desk, loud, *wanted[20])
    asks(desk, loud, leads[-1], "when_last")
    its = asks(desk, other, leads[0], "when_last")
    with desk.store.read() as session:
        called = [one.id for one in questions.unanswered(session, limit=1)]
    assert len(called) == 2
    assert its in called


def test_each_is_asked_once_and_few_at_a_time(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    lead_id = desk.publishes()
    first = asks(desk, dele, lead_id, "still_there")
    with pytest.raises(AskedBefore):
        asks(desk, dele, lead_id, "still_there")
    asks(desk, dele, lead_id, "vehicle")
    asks(desk, dele, lead_id, "can_talk")
    answers(desk, first, "no")
    with pytest.raises(TooMany):
        asks(desk, dele, lead_id, "when_last")
    desk.at += timedelta(days=2)
    asks(desk, dele, lead_id, "when_last")


def test_nobody_asks_of_what_they_may_not_read_nor_in_words_of_their_own(desk: Desk) -> None:
    dele, other = desk.admits("National unit", "RO"), desk.admits("Elsewhere", "BG")
    lead_id = desk.publishes()
    for whom, its in ((other, lead_id), (dele, "f" * 32)):
        with pytest.raises(NotFound):
            asks(desk, whom, its, "still_there")
    with pytest.raises(Malformed):
        asks(desk, dele, lead_id, "who_is_it")
    its_id = asks(desk, dele, lead_id, "still_there")
    with pytest.raises(Malformed):
        answers(desk, its_id, "she lives at the car wash")


def test_an_answer_tells_no_more_than_the_person_agreed_to(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report()
    told = ["country", "month", "exploitation", "indicators", "control", "summary"]
    desk.consents(report_id, fields=told)
    lead_id = desk.publishes(report_id, confirmed_by="", people=None, sector="")
    its_id = asks(desk, dele, lead_id, "more_people")
    with pytest.raises(MayNotBeTold):
        answers(desk, its_id, "yes")
    answers(desk, its_id, None)
    answers(desk, asks(desk, dele, lead_id, "can_talk"), "no")


def test_an_answer_about_a_person_passes_what_a_lead_must(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report()
    desk.consents(report_id)
    lead_id = desk.publishes(report_id, confirmed_by="")
    its_id = asks(desk, dele, lead_id, "minor_still")
    with pytest.raises(TooFew) as refused:
        answers(desk, its_id, "yes")
    assert refused.value.ref == its_id
    # That it is not known tells nothing of anybody.
    answers(desk, its_id, "unknown")

    for number in range(1, 6):
        was_read(desk, desk.report(minor=True, is_opened=True, day=f"2026-11-0{number}"))
    its_id = asks(desk, desk.admits("Town police", "RO"), told := desk.publishes(), "minor_still")
    answers(desk, its_id, "yes")
    with desk.store.read() as session:
        (child,) = session.execute(
            select(lead_sources.c.report_id).where(lead_sources.c.lead_id == told)
        ).one()
        assert unions.told_of(session, [child]).facts == {"minor": frozenset({"yes"})}
        assert not unions.told_of(session, [report_id]).facts
        # Who was not told it learns it from no lead that passes only because somebody was.
        assert unions.who_were_told(session, [child]) == frozenset()


def test_questions_end_with_the_lead(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    lead_id = desk.publishes(report_id)
    asks(desk, dele, lead_id, "still_there")
    desk.recalls(lead_id)
    with desk.store.read() as session:
        assert session.execute(select(lead_questions)).all() == []
    with pytest.raises(NotFound):
        asks(desk, dele, lead_id, "vehicle")
    some = desk.publishes(report_id)
    asks(desk, dele, some, "vehicle")
    desk.excludes(report_id, dele.id)
    with desk.store.read() as session:
        assert session.execute(select(lead_questions)).all() == []
    report_id = desk.report(bystander=True)
    other = desk.publishes(report_id)
    asks(desk, dele, other, "vehicle")
    desk.recalls(other)
    with desk.store.read() as session:
        assert session.execute(select(lead_questions)).all() == []


def test_the_desk_hears_of_a_question_until_it_answers_or_refuses(desk: Desk) -> None:
    dele = desk.admits("National unit", "RO")
    report_id = desk.report(bystander=True)
    its_id = asks(desk, dele, desk.publishes(report_id), "still_there")

    def swept() -> list[Any]:
        desk.store.write(
            lambda session: lead_alerts.sweep(session, ["main"], house="main", at=desk.at)
        )
        with desk.store.read() as session:
            return [(one.kind, one.report_id) for one in open_alerts(session, "main")]

    assert swept() == [("lead_asked", report_id)]
    answers(desk, its_id, None)
    assert swept() == []
