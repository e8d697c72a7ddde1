"""What a person is told once a provider says yes is ready before, goes as any answer does, and never too late."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from hotline import audit, contact
from hotline.contact.tables import prepared_answers
from hotline.domain.identity import Address
from hotline.errors import Refused
from hotline.reports.tables import messages, reports
from hotline.triage.ending import set_duress
from hotline.vault.argon import CHEAPEST
from hotline.vault.codes import mint
from hotline.vault.digests import body_digest
from hotline.vault.keyring import EpochKey
from hotline.vault.keys import PrivateKey
from hotline.vault.reporters import CodeDesk, admit_reporter, open_answers
from hotline.vault.tables import envelopes
from tests.contact.conftest import LINE, MARIA, NOW, signs_in
from tests.contact.test_knocking import bodies, comes

WORDS = "La reunión queda para hoy."
LATER = NOW + timedelta(hours=3)


def prepares(desk, text=WORDS, *, report_id="", at=NOW, by=None, **more):
    hotline = desk.hotline
    return desk.store.write(
        lambda session: contact.prepare(
            session,
            by or desk.noor,
            hotline.keyring,
            hotline.relay_public,
            languages=hotline.languages,
            house_public=hotline.log_key.public,
            report_id=report_id or desk.report_id,
            text=text,
            at=at,
            **more,
        )
    )


def goes(desk, prepared_id, *, at=LATER):
    return desk.store.write(
        lambda session: contact.send_prepared(session, desk.hotline.keyring, prepared_id, at=at)
    )


def kept(desk):
    return desk.rows(select(prepared_answers))


def gets_code(desk, report_id):
    sam = CodeDesk(salt=b"s" * 16, profile=CHEAPEST).derive(mint())
    house = desk.hotline.log_key
    desk.store.write(
        lambda session: admit_reporter(
            session, sam, house=house, report_id=report_id, thread_secret=b"t" * 32
        )
    )
    return sam


def test_it_goes_when_it_may_after_a_knock(desk):
    prepared = prepares(desk)
    # Until then it is nowhere in the conversation, and no byte tells what it says.
    assert not desk.rows(select(messages))
    assert not desk.sends()
    everything = desk.every_byte()
    assert not any(words.encode() in everything for words in (WORDS, MARIA, MARIA[2:]))

    assert goes(desk, prepared)
    desk.works(at=LATER)
    desk.works(at=LATER)
    assert (len(bodies(desk)), WORDS in bodies(desk), desk.states()) == (1, False, ["held"])
    assert comes(desk, at=LATER) == 1
    desk.works(at=LATER)
    assert bodies(desk)[1:] == [WORDS]

    # The desk reads it as Noor's, and the log says which bytes it had and who wrote it.
    with desk.store.read() as session:
        assert desk.noor.open_accounts(session, desk.report_id, [2])[2].text == WORDS
        lines = {line.did: line for line in audit.of_report(session, desk.report_id)}
    (sealed,) = desk.rows(select(envelopes).where(envelopes.c.seq == 2))
    assert lines["reply"].what == f"message 2 desk={body_digest(sealed.body)}"
    assert lines["reply"].who == lines["prepare_answer"].who == desk.noor.staff_id
    assert desk.rows(select(reports.c.messages, reports.c.unanswered))[0] == (2, False)
    # It went once, and nothing of it is left to go again.
    assert not kept(desk)
    assert not goes(desk, prepared)
    assert len(desk.rows(select(messages))) == 1


def test_while_they_are_there_it_goes_at_once(desk):
    prepared = prepares(desk)
    desk.is_there(at=LATER)
    assert goes(desk, prepared)
    desk.works(at=LATER)
    assert bodies(desk) == [WORDS]


def test_it_waits_for_their_hours(desk):
    # It is 12:00; they may be written to from 18:00 on.
    report_id = desk.opens_report(Address("sms", MARIA), line=LINE, hours="18:00-20:00", zone="UTC")
    assert goes(desk, prepares(desk, report_id=report_id))
    desk.works(at=LATER)
    assert bodies(desk) == []
    evening = NOW.replace(hour=18, minute=5)
    desk.works(at=evening)
    assert (len(bodies(desk)), WORDS in bodies(desk)) == (1, False)
    assert comes(desk, report_id=report_id, at=evening) == 1
    desk.works(at=evening)
    assert bodies(desk)[1:] == [WORDS]


def test_who_has_a_code_finds_it_there(desk):
    report_id = desk.opens_report(None)
    sam = gets_code(desk, report_id)
    assert goes(desk, prepares(desk, report_id=report_id))
    assert (desk.states(), desk.sends()) == (["here"], [])
    with desk.store.read() as session:
        answers = open_answers(session, sam, authors=desk.hotline.authors, unread_only=True)
    assert [answer.text for answer in answers.genuine.values()] == [WORDS]
    assert answers.forged == ()


def went_on(desk, _prepared):
    desk.replies("Otra cosa.")


def doubted(desk, _prepared):
    desk.store.write(
        lambda session: set_duress(
            session, desk.report_id, keyring=desk.hotline.keyring, desk="main", is_set=True,
            by=desk.noor.staff_id, why="another hand", at=NOW,
        )
    )  # fmt: skip


def closed(desk, _prepared):
    desk.store.write(lambda session: contact.close_line(session, desk.report_id))


def moved(desk, _prepared):
    desk.store.write(lambda session: contact.move_away(session, desk.report_id, at=NOW))


def dropped(desk, prepared):
    desk.store.write(lambda session: contact.drop(session, prepared))


def forgotten(desk, _prepared):
    desk.store.write(lambda session: contact.forget(session, desk.report_id))


def coded(desk, _prepared):
    gets_code(desk, desk.report_id)


def merged(desk, _prepared):
    other = desk.opens_report(None)
    into = update(reports).where(reports.c.id == other).values(joined_to=desk.report_id)
    desk.store.write(lambda session: session.execute(into))


def erased(desk, _prepared):
    desk.store.write(
        lambda session: (
            contact.forget(session, desk.report_id),
            session.execute(delete(reports).where(reports.c.id == desk.report_id)),
        )
    )


@pytest.mark.parametrize(
    "meanwhile",
    [went_on, doubted, closed, moved, dropped, forgotten, coded, merged, erased],
)
def test_it_does_not_go_where_something_came_between(desk, meanwhile):
    prepared = prepares(desk)
    meanwhile(desk, prepared)
    before = len(desk.rows(select(messages)))
    assert not goes(desk, prepared)
    assert len(desk.rows(select(messages))) == before
    assert not kept(desk)
    desk.works(at=LATER)
    assert WORDS not in bodies(desk)


def test_after_three_days_it_does_not_go_and_is_forgotten(desk):
    prepared = prepares(desk)
    late = NOW + timedelta(hours=72)
    desk.store.write(lambda session: contact.forget_ended(session, at=late - timedelta(seconds=1)))
    assert len(kept(desk)) == 1
    desk.store.write(lambda session: contact.forget_ended(session, at=late))
    assert not kept(desk)
    again = prepares(desk)
    assert not goes(desk, again, at=late)
    assert not goes(desk, prepared, at=late)


def test_nothing_of_it_waits_longer_than_three_days_in_all(desk):
    assert goes(desk, prepares(desk), at=NOW + timedelta(hours=71))
    (send,) = desk.sends()
    assert send.expires_at == NOW + timedelta(hours=72)


def test_it_does_not_go_to_a_key_of_the_desk_that_ended(desk, monkeypatch):
    prepared = prepares(desk)
    fresh = EpochKey("f" * 32, PrivateKey.fresh().public)
    # Whoever leaves ends the desk's key; to make somebody leave costs a second.
    monkeypatch.setattr(type(desk.hotline.keyring), "current", lambda *_: fresh)
    assert not goes(desk, prepared)


def test_what_could_not_be_answered_now_is_not_prepared(desk):
    with pytest.raises(contact.NothingToSay):
        prepares(desk, " ")
    with pytest.raises(contact.TooLong):
        prepares(desk, "x" * 1601)
    with pytest.raises(contact.Overtaken):
        prepares(desk, read=0)
    with pytest.raises(contact.NoWayBack):
        prepares(desk, report_id=desk.opens_report(None))
    in_words = desk.opens_report(Address("sms", MARIA), line=LINE, hours="when he sleeps")
    for is_there in (False, True):
        if is_there:
            desk.is_there(report_id=in_words)
        with pytest.raises(contact.HoursUnread):
            prepares(desk, report_id=in_words)
    assert not kept(desk)


def test_hours_in_words_that_somebody_read_let_it_go_while_they_are_there(desk):
    in_words = desk.opens_report(Address("sms", MARIA), line=LINE, hours="when he sleeps")
    soon = NOW + timedelta(minutes=10)
    desk.is_there(report_id=in_words)
    prepared, later = (prepares(desk, report_id=in_words, minds_hours=True) for _ in range(2))
    # They are there no more: nobody knocks.
    assert not goes(desk, prepared, at=NOW + timedelta(minutes=40))
    assert not desk.sends("knock")
    assert goes(desk, later, at=soon) == 2
    desk.works(at=soon)
    assert bodies(desk) == [WORDS]


def test_without_the_right_nobody_prepares(desk, house):
    with pytest.raises(Refused):
        prepares(desk, by=signs_in(house, "abel"))
