"""A provider says yes, no, asks, and tells what came of it; staff hear of what nobody answers."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from hotline import handoff
from hotline.audit.tables import audit_waiting
from hotline.consent import ConsentRefused, Why
from hotline.contact.tables import prepared_answers
from hotline.errors import Conflict, Malformed, NotFound
from hotline.handoff import answering
from hotline.handoff.clocks import bucket, reminder_at
from hotline.handoff.events import Event
from hotline.handoff.tables import (
    handoff_answers,
    handoff_links,
    handoff_noes,
    handoff_talk,
    handoffs,
)
from hotline.handoff.talking import AllSaid
from hotline.reports.tables import reports
from hotline.store import Store, new_id
from hotline.vault.tables import desk_words
from tests.cast import Member
from tests.consent.conftest import NOW, report_row
from tests.consent.keys import keyring
from tests.handoff.desk import ALBA, BAYT, HARBOR, KEYHOLDER, Referring, Sent, referring
from tests.house import House


def waits(maria: Referring) -> str:
    """Let a text wait for somebody's yes, and return its id."""
    row = {"id": new_id(), "report_id": maria.report_id, "seq": 2, "envelopes": [], "facts": {}}
    row["expires_at"] = maria.at + timedelta(hours=72)
    maria.store.write(lambda session: session.execute(insert(prepared_answers), row))
    return str(row["id"])


def still_wait(maria: Referring) -> list[str]:
    with maria.store.read() as session:
        return list(session.scalars(select(prepared_answers.c.id)))


def test_a_yes_ends_the_wait_and_hands_on_the_text_that_was_prepared(maria: Referring) -> None:
    sent = maria.sends(prepared_id=waits(maria))
    assert maria.offer(sent.offer_id).answer_by is not None
    maria.opens(sent)
    maria.passes(minutes=12)
    happened = maria.accepts(sent)
    assert happened == answering.Happened(
        report_id=maria.report_id,
        desk="main",
        handoff_id=sent.offer_id,
        event=Event.ACCEPTED,
        prepared_id=happened.prepared_id,
        service_id="s-harbor-house-shelter",
        need="shelter",
    )
    assert [happened.prepared_id] == still_wait(maria)
    offer = maria.offer(sent.offer_id)
    assert (offer.status, offer.answered_day) == ("accepted", "2026-11-25")
    # No minute of it stands there any more, but for how long the service took.
    assert (offer.asked_at, offer.answer_by) == (None, None)
    with pytest.raises(Conflict):
        maria.accepts(sent)
    with pytest.raises(Conflict):
        maria.declines(sent)
    with maria.store.read() as session:
        answers = session.execute(select(handoff_answers)).all()
    assert [(one.service_id, one.minutes) for one in answers] == [("s-harbor-house-shelter", 15)]
    # The month alone stands beside it.
    assert [one.month for one in answers] == ["2026-11"]


def test_nobody_answers_what_they_have_not_opened(maria: Referring) -> None:
    sent = maria.sends()
    for act in (maria.accepts, maria.declines):
        with pytest.raises(NotFound):
            act(sent)
    with pytest.raises(NotFound):
        maria.tells(sent, "arrived")
    assert maria.status(sent) == "asked"


@pytest.mark.parametrize(("reason", "kept"), [("full", "full"), ("<b>no</b>", "other")])
def test_a_no_closes_the_link_and_frees_the_way(maria: Referring, reason: str, kept: str) -> None:
    sent = maria.sends(prepared_id=waits(maria))
    opened = maria.opens(sent)
    assert maria.declines(sent, reason).event == Event.DECLINED
    offer = maria.offer(sent.offer_id)
    assert (offer.status, offer.declined_for) == ("declined", kept)
    assert still_wait(maria) == []
    assert maria.link(sent).sealed is None
    # They still see that they declined, and nothing else; whoever has link and PIN sees nothing.
    seen = maria.resumes(sent, opened.ticket)
    assert seen is not None
    assert (seen.packet, seen.its["status"]) == (None, "declined")
    assert maria.finds(sent) is None
    # What they were told stays told.
    with maria.store.read() as session:
        one = handoff.offers(session, maria.report_id)[0]
    assert (one.is_handed, one.stands) == (True, False)
    # They may be asked once more.
    maria.opens(maria.asks(sent.offer_id))


def test_whoever_accepts_after_another_is_thanked(maria: Referring) -> None:
    first, second, unopened = maria.sends(), maria.sends(BAYT), maria.sends("alba")
    other_need = maria.sends(HARBOR, "legal")
    maria.opens(first)
    ticket = maria.opens(second).ticket
    assert maria.accepts(first).event == Event.ACCEPTED
    assert [maria.status(one) for one in (first, second, unopened, other_need)] == [
        "accepted",
        "not_needed",
        "not_needed",
        "asked",
    ]
    assert maria.link(unopened) is None
    assert maria.link(second).sealed is None
    assert maria.accepts(second).event == Event.NOT_NEEDED
    seen = maria.resumes(second, ticket)
    assert seen is not None
    assert (seen.packet, seen.its["status"]) == (None, "not_needed")


def test_reports_that_are_merged_need_one_place(maria: Referring) -> None:
    row = report_row(joined_to=maria.report_id)
    maria.store.write(lambda session: session.execute(insert(reports), row))
    merged = Referring(maria.store, row["id"])
    first, second = maria.sends(), merged.sends(BAYT)
    maria.opens(first)
    merged.opens(second)
    assert merged.accepts(second).event == Event.ACCEPTED
    assert maria.status(first) == "not_needed"
    assert maria.accepts(first).event == Event.NOT_NEEDED


def test_who_accepts_after_reports_were_merged_is_not_needed_where_another_has(
    maria: Referring,
) -> None:
    apart = referring(maria.store)
    first, second = maria.sends(), apart.sends(BAYT)
    maria.opens(first)
    apart.opens(second)
    maria.accepts(first)
    apart.becomes(joined_to=maria.report_id)
    assert apart.accepts(second).event == Event.NOT_NEEDED
    assert (apart.status(second), apart.link(second).sealed) == ("not_needed", None)


@pytest.mark.parametrize("outcome", ["no_space", "left"])
def test_an_end_frees_the_need(maria: Referring, outcome: str) -> None:
    first = maria.sends()
    ticket = maria.opens(first).ticket
    maria.accepts(first)
    assert maria.tells(first, outcome).event == Event(outcome)
    seen = maria.resumes(first, ticket)
    assert seen is not None
    assert (seen.packet, seen.its["outcome"]) == (None, outcome)
    for later in ("arrived", outcome):
        with pytest.raises((Conflict, NotFound)):
            maria.tells(first, later)
    second = maria.sends(BAYT)
    maria.opens(second)
    assert maria.accepts(second).event == Event.ACCEPTED


def test_what_came_of_it_is_told_in_steps(maria: Referring) -> None:
    sent = maria.sends()
    maria.opens(sent)
    with pytest.raises(Conflict):
        maria.tells(sent, "arrived")
    maria.accepts(sent)
    with pytest.raises(Malformed):
        maria.tells(sent, "vanished")
    assert maria.tells(sent, "waiting").event == Event.WAITING
    with pytest.raises(Conflict):
        maria.tells(sent, "waiting")
    assert maria.tells(sent, "arrived").event == Event.ARRIVED
    for less in ("waiting", "no_space", "arrived"):
        with pytest.raises(Conflict):
            maria.tells(sent, less)
    assert maria.tells(sent, "left").event == Event.LEFT
    offer = maria.offer(sent.offer_id)
    assert (offer.outcome, offer.outcome_day, offer.ask_again_at) == ("left", "2026-11-25", None)


def test_staff_write_down_what_they_hear_by_telephone(maria: Referring) -> None:
    sent = maria.sends()
    maria.opens(sent)
    maria.accepts(sent)
    for _ in range(5):
        maria.tries(sent, sent.wrong_pin)
    maria.expires()

    def hears(outcome: str, offer_id: str = sent.offer_id):
        return maria.store.write(
            lambda session: answering.outcome_by_staff(
                session, KEYHOLDER, offer_id, outcome, at=maria.at
            )
        )

    assert hears("arrived").event == Event.ARRIVED
    with pytest.raises(NotFound):
        hears("left", "0" * 32)


def hears(maria: Referring, offer_id: str, answer: str, reason: str = "") -> answering.Happened:
    return maria.store.write(
        lambda session: answering.answer_by_staff(
            session, KEYHOLDER, offer_id, answer, reason, maria.at
        )
    )


def test_a_yes_by_telephone_does_what_a_yes_by_the_link_does(maria: Referring) -> None:
    prepared = waits(maria)
    sent, other = maria.sends(prepared_id=prepared), maria.sends(BAYT)
    maria.says_yes(ALBA)
    offered = maria.is_offered(ALBA)
    what = hears(maria, sent.offer_id, "yes")
    assert (what.event, what.prepared_id) == (Event.ACCEPTED, prepared)
    assert (maria.status(sent), maria.status(other)) == ("accepted", "not_needed")
    assert maria.offer(sent.offer_id).ask_again_at is not None
    # They still open what they said yes to, and tell there what came of it.
    maria.opens(sent)
    with pytest.raises(Conflict):
        hears(maria, sent.offer_id, "no", "full")
    # Who says yes after another is not needed, link or none.
    assert hears(maria, offered, "yes").event == Event.NOT_NEEDED
    with maria.store.read() as session:
        lines = session.execute(select(audit_waiting)).all()
    said = [line for line in lines if line.did.startswith("provider_said")]
    assert {(line.did, line.who) for line in said} == {("provider_said_yes", KEYHOLDER.staff_id)}
    # What nobody was asked by a link says nothing of how fast they answer.
    with maria.store.read() as session:
        assert len(session.execute(select(handoff_answers)).all()) == 1


def test_a_no_by_telephone_closes_the_link_and_comes_with_a_reason(maria: Referring) -> None:
    sent = maria.sends(prepared_id=waits(maria))
    for answer, reason in (("no", ""), ("no", "tired"), ("perhaps", "full")):
        with pytest.raises(Malformed):
            hears(maria, sent.offer_id, answer, reason)
    with pytest.raises(NotFound):
        hears(maria, "0" * 32, "yes")
    assert hears(maria, sent.offer_id, "no", "full").event == Event.DECLINED
    assert (maria.status(sent), maria.finds(sent), still_wait(maria)) == ("declined", None, [])
    # After a yes that came too late for the link, too; never where the person does not want it.
    late = maria.sends(BAYT, minutes=15)
    maria.passes(minutes=15)
    maria.expires()
    maria.excludes(BAYT)
    with pytest.raises(ConsentRefused):
        hears(maria, late.offer_id, "yes")
    assert hears(maria, late.offer_id, "no", "other").event == Event.DECLINED


def test_what_nobody_answers_in_time_is_closed_and_told_once(maria: Referring) -> None:
    late = maria.sends(minutes=15, prepared_id=waits(maria))
    patient = maria.sends(BAYT)
    maria.passes(minutes=14)
    assert maria.expires() == []
    maria.passes(minutes=1)
    happened = maria.expires()
    assert [(one.event, one.handoff_id) for one in happened] == [(Event.UNANSWERED, late.offer_id)]
    assert maria.expires() == []
    assert (maria.status(late), maria.status(patient)) == ("unanswered", "asked")
    assert maria.link(late) is None
    assert still_wait(maria) == []
    assert maria.offer(late.offer_id).answer_by is None
    maria.opens(maria.asks(late.offer_id))


def test_a_link_ends_with_the_last_day_of_its_packet(maria: Referring) -> None:
    sent = maria.sends()
    maria.opens(sent)
    maria.accepts(sent)
    maria.passes(days=5)
    assert maria.finds(sent) is not None
    maria.at = maria.at.replace(hour=23, minute=59)
    assert maria.finds(sent) is not None
    maria.passes(minutes=1)
    assert maria.finds(sent) is None
    maria.expires()
    assert maria.link(sent) is None
    assert maria.status(sent) == "accepted"


def test_staff_are_to_ask_the_next_morning_and_after_three_days(maria: Referring) -> None:
    sent = maria.sends()
    maria.opens(sent)
    maria.accepts(sent)

    def due() -> list[Event]:
        found = maria.store.write(lambda session: answering.due_outcomes(session, maria.at))
        return [one.event for one in found]

    assert due() == []
    maria.at = NOW.replace(day=26, hour=10, minute=0)
    assert due() == [Event.ASK_ARRIVED]
    assert due() == []
    maria.passes(days=2, hours=23)
    assert due() == []
    maria.passes(hours=1)
    assert due() == [Event.ASK_ARRIVED]
    maria.passes(days=9)
    assert due() == []


def test_nobody_asks_what_is_known(maria: Referring) -> None:
    sent = maria.sends()
    maria.opens(sent)
    maria.accepts(sent)
    maria.tells(sent, "arrived")
    maria.passes(days=4)
    assert maria.store.write(lambda session: answering.due_outcomes(session, maria.at)) == []


@pytest.mark.parametrize(
    ("minutes", "kept"), [(0, 5), (5, 5), (6, 15), (61, 120), (1441, 4320), (10**5, 4320)]
)
def test_how_long_somebody_took_is_kept_roughly(minutes: int, kept: int) -> None:
    assert bucket(minutes) == kept


@pytest.mark.parametrize(
    ("hour", "zone", "morning"),
    [
        (9, "UTC", "2026-11-26T10:00"),
        (3, "UTC", "2026-11-25T10:00"),
        (20, "America/Los_Angeles", "2026-11-26T18:00"),
        (23, "Asia/Kolkata", "2026-11-26T04:30"),
    ],
)
def test_the_next_morning_is_that_of_the_desk(hour: int, zone: str, morning: str) -> None:
    at = reminder_at(NOW.replace(hour=hour, minute=0), ZoneInfo(zone))
    assert at.isoformat()[:16] == morning


def test_how_fast_a_service_answers_needs_three_answers(store: Store) -> None:
    minutes = {"s1": [60, 5, 15], "s2": [5, 30, 60, 15], "s3": [5, 5], "old": [30, 30, 30]}
    for service, its in minutes.items():
        month = {"month": "2026-04" if service == "old" else "2026-05"}
        rows = [{"id": new_id(), "service_id": service, "minutes": one} | month for one in its]
        store.write(lambda session, rows=rows: session.execute(insert(handoff_answers), rows))
    with store.read() as session:
        assert handoff.responsiveness(session, NOW) == {"s1": 15, "s2": 30}
    store.write(lambda session: answering.expire(session, NOW))
    with store.read() as session:
        kept = set(session.scalars(select(handoff_answers.c.service_id)))
    assert kept == {"s1", "s2", "s3"}


def test_provider_and_desk_talk_and_nobody_else_reads_it(house: House, noor: Member) -> None:
    staff = noor.keyholder()
    hotline = house.hotline
    maria = referring(hotline.store)
    sent = maria.sends()
    opened = maria.opens(sent)
    assert opened.key is not None

    def asks(words: str):
        return hotline.store.write(
            lambda session: answering.ask_desk(
                session, hotline.keyring, sent.id, words, at=maria.at
            )
        )

    def answers(words: str, offer_id: str = sent.offer_id) -> None:
        hotline.store.write(
            lambda session: answering.answer_provider(
                session, staff, hotline.keyring, offer_id, words, maria.at
            )
        )

    assert asks("Does she take a bus? \ud800").event == Event.ASKED_DESK
    answers("Yes, until nine.")
    for empty in ("", "  \n", "x" * 2001):
        with pytest.raises(Malformed):
            asks(empty)
    # Both sides read both.
    again = maria.resumes(sent, opened.ticket)
    assert again is not None
    said = [(one.number, one.by_provider, one.words) for one in again.talk]
    assert said == [(1, True, "Does she take a bus? ?"), (2, False, "Yes, until nine.")]
    with hotline.store.read() as session:
        read = answering.talk(session, staff, sent.offer_id)
        assert [one.words for one in read][1] == "Yes, until nine."
        raw = str(session.execute(select(handoff_talk)).all())
        raw += str(session.execute(select(desk_words)).all())
    assert "until nine" not in raw
    # While nothing new may leave the desk says nothing more there, and is told why.
    for facts, why in (({"duress": True}, Why.DURESS), ({"minor": True}, Why.CHILD)):
        maria.becomes(**facts)
        with pytest.raises(ConsentRefused) as refused:
            answers("She is at the station.")
        assert refused.value.why == why
        maria.becomes(**dict.fromkeys(facts, False))
    # Whoever comes with link and PIN later reads none of it.
    assert maria.opens(sent).talk == ()
    # With the link its copy ends; the desk keeps its own.
    maria.declines(sent)
    with pytest.raises(Conflict):
        answers("Thank you.")
    with pytest.raises(NotFound):
        asks("One more thing")
    with hotline.store.read() as session:
        assert set(session.scalars(select(handoff_talk.c.sealed))) == {None}
        assert len(answering.talk(session, staff, sent.offer_id)) == 2
    # Another desk knows of no such offer.
    tala = Member(house, "tala").keyholder()
    with hotline.store.read() as session, pytest.raises(NotFound):
        answering.talk(session, tala, sent.offer_id)


def test_nobody_talks_without_end(maria: Referring) -> None:
    sent = maria.sends()
    maria.opens(sent)

    def says() -> None:
        maria.store.write(
            lambda session: answering.say(session, keyring(), sent.id, "hm", at=maria.at)
        )

    for _ in range(50):
        says()
    with pytest.raises(AllSaid):
        says()


def test_a_no_for_want_of_room_is_remembered_for_the_night_and_of_whom_nowhere(
    maria: Referring,
) -> None:
    for organization, reason in ((HARBOR, "full"), (BAYT, "language")):
        sent = maria.sends(organization)
        maria.opens(sent)
        maria.declines(sent, reason)
    sent = maria.sends(ALBA)
    maria.opens(sent)
    maria.accepts(sent)
    maria.tells(sent, "no_space")
    assert set(handoff_noes.c.keys()) == {"id", "service_id", "said_at"}
    for hours, is_remembered in ((0, True), (5, True), (6, False)):
        at = maria.at + timedelta(hours=hours)
        maria.store.write(lambda session, at=at: answering.expire(session, at))
        with maria.store.read() as session:
            found = handoff.said_no_room(session, at)
            rows = session.execute(select(handoff_noes)).all()
        assert (len(found), len(rows)) == ((2, 2) if is_remembered else (0, 0))


def test_taking_a_yes_back_closes_what_it_let_out_and_its_text(maria: Referring) -> None:
    sent, other = maria.sends(prepared_id=waits(maria)), maria.sends(BAYT)
    opened = maria.opens(sent)
    maria.takes_back()
    # At once, before anybody looked through it:
    assert maria.resumes(sent, opened.ticket) is None
    assert maria.reviews() == [sent.offer_id]
    assert maria.status(sent) == "withdrawn"
    assert maria.link(sent).sealed is None
    assert still_wait(maria) == []
    assert maria.link(other) is not None
    # An offer again begins anew.
    maria.says_yes()
    assert maria.is_offered() == sent.offer_id
    offer = maria.offer(sent.offer_id)
    assert (offer.status, offer.fields, offer.handed_day, offer.digest) == ("offered", [], "", "")


def test_less_than_what_was_sent_closes_a_link_that_nobody_opened(maria: Referring) -> None:
    sent = maria.sends()
    maria.says_yes(fields=["need", "language"])
    assert maria.reviews() == [sent.offer_id]
    assert maria.link(sent) is None


def test_what_is_erased_leaves_nothing(maria: Referring) -> None:
    sent = maria.sends()
    maria.opens(sent)
    maria.store.write(lambda session: answering.say(session, keyring(), sent.id, "hm", at=maria.at))
    maria.store.write(lambda session: handoff.forget(session, maria.report_id))
    with maria.store.read() as session:
        for table in (handoffs, handoff_links, handoff_talk):
            assert session.execute(select(table)).all() == []


def test_staff_write_down_more_that_they_told_while_a_link_is_out(maria: Referring) -> None:
    maria.says_yes(fields=["need", "language", "with_children", "name"])
    sent: Sent = maria.asks(maria.is_offered())
    maria.opens(sent)
    maria.accepts(sent)
    maria.store.write(
        lambda session: handoff.hand_over(
            session, sent.offer_id, ["name"], by=KEYHOLDER.staff_id, at=maria.at
        )
    )
    offer = maria.offer(sent.offer_id)
    assert (offer.status, "name" in offer.fields) == ("accepted", True)
