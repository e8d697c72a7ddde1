"""Noor answers. Her words and María's number are sealed for the worker, and the conversation knows its place."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from hotline import audit
from hotline.contact import NothingToSay, NoWayBack, TooLong
from hotline.domain.identity import Address
from hotline.errors import NotFound, Refused
from hotline.reports.tables import messages, reports
from hotline.vault.argon import CHEAPEST
from hotline.vault.codes import mint
from hotline.vault.digests import body_digest
from hotline.vault.keys import PrivateKey
from hotline.vault.reporters import CodeDesk, admit_reporter, open_answers
from hotline.vault.tables import envelopes, return_codes
from tests.contact.conftest import MARIA, NOW, signs_in

WORDS = "Estamos aquí. ¿Puedes hablar mañana?"


def _admit_sam(desk, report_id):
    """Give the reporter a code, and return the key that follows from it."""
    sam = CodeDesk(salt=b"s" * 16, profile=CHEAPEST).derive(mint())
    house = desk.hotline.log_key
    desk.store.write(
        lambda session: admit_reporter(
            session, sam, house=house, report_id=report_id, thread_secret=b"t" * 32
        )
    )
    return sam


def test_an_answer_takes_its_place_and_waits_to_be_sent(desk):
    assert desk.replies(WORDS) == 2
    (message,) = desk.rows(select(messages))
    assert (message.seq, message.direction, message.state) == (2, "out", "waiting")
    assert message.author == desk.noor.staff_id
    (send,) = desk.sends()
    assert (send.seq, send.channel, send.tried_at) == (2, "sms", None)
    assert [job.ref for job in desk.jobs("send")] == [send.id]
    assert [job.ref for job in desk.jobs("expire")] == [send.id]
    (report,) = desk.rows(select(reports))
    assert (report.messages, report.unanswered) == (2, False)
    with desk.store.read() as session:
        line = audit.of_report(session, desk.report_id)[0]
    assert (line.did, line.who, line.desk) == ("reply", desk.noor.staff_id, "main")


def test_the_desk_reads_it_again(desk):
    seq = desk.replies(WORDS)
    with desk.store.read() as session:
        assert desk.noor.open_accounts(session, desk.report_id, [seq])[seq].text == WORDS


def test_no_byte_tells_the_words_or_the_number(desk):
    desk.replies(WORDS)
    everything = desk.every_byte()
    assert WORDS.encode() not in everything
    assert MARIA.encode() not in everything
    assert MARIA[2:].encode() not in everything


@pytest.mark.parametrize("text", ["", "   \n"])
def test_an_answer_needs_words(desk, text):
    with pytest.raises(NothingToSay):
        desk.replies(text)


def test_a_text_has_its_limit(desk):
    with pytest.raises(TooLong):
        desk.replies("x" * 1601)
    assert desk.replies("x" * 1600) == 2


def test_strange_characters_are_no_reason_to_fail(desk):
    seq = desk.replies("a\x00b\ud800c \u202eRTL 🙂")
    with desk.store.read() as session:
        assert "🙂" in desk.noor.open_accounts(session, desk.report_id, [seq])[seq].text


def test_without_the_right_nobody_answers(desk, house):
    with pytest.raises(Refused):
        desk.replies(WORDS, by=signs_in(house, "abel"))


def test_a_report_of_another_desk_is_not_found(desk):
    elsewhere = desk.opens_report(Address("sms", MARIA), desk="valley")
    with pytest.raises(NotFound):
        desk.replies(WORDS, report_id=elsewhere)


def test_who_left_no_way_back_cannot_be_answered(desk):
    report_id = desk.opens_report(None)
    with pytest.raises(NoWayBack):
        desk.replies(WORDS, report_id=report_id)
    assert not desk.sends()


def test_who_has_a_code_finds_the_answer_with_it(desk):
    # Sam wrote in the web, left no number, and was given a code.
    report_id = desk.opens_report(None)
    sam = _admit_sam(desk, report_id)
    desk.replies(WORDS, report_id=report_id)

    # Nothing is sent anywhere,
    assert not desk.sends()
    assert desk.states() == ["here"]

    # and the code opens the answer.
    with desk.store.read() as session:
        answers = open_answers(session, sam, authors=desk.hotline.authors, unread_only=True)
    assert answers.forged == ()
    assert [answer.text for answer in answers.genuine.values()] == [WORDS]


def test_an_answer_is_sealed_to_no_key_that_the_house_did_not_make(desk):
    # Sam has a code and a phone. Whoever writes to the database puts a key of their own in its place.
    theirs = PrivateKey.fresh()
    _admit_sam(desk, desk.report_id)
    desk.store.write(
        lambda session: session.execute(update(return_codes).values(public_key=theirs.public.raw))
    )
    desk.replies(WORDS)

    # The answer goes to the phone alone; nothing is sealed to that key, and the log says so.
    assert desk.states() == ["waiting"]
    assert not desk.rows(select(envelopes).where(envelopes.c.audience == "reporter"))
    with desk.store.read() as session:
        lines = audit.of_report(session, desk.report_id)
    assert [line.did for line in lines] == ["code_refused", "reply"]


def test_where_the_false_code_is_the_only_way_nothing_is_written(desk):
    report_id = desk.opens_report(None)
    _admit_sam(desk, report_id)
    desk.store.write(lambda session: session.execute(update(return_codes).values(attested=b"")))
    with pytest.raises(NoWayBack):
        desk.replies(WORDS, report_id=report_id)
    assert not desk.rows(select(envelopes).where(envelopes.c.audience == "reporter"))


def test_the_log_says_which_bytes_an_answer_had(desk):
    seq = desk.replies(WORDS)
    with desk.store.read() as session:
        line = audit.of_report(session, desk.report_id)[0]
    (sealed,) = desk.rows(select(envelopes).where(envelopes.c.seq == seq))
    assert line.what == f"message {seq} desk={body_digest(sealed.body)}"


def test_a_caller_without_a_code_is_not_texted(desk):
    report_id = desk.opens_report(Address("voice", MARIA))
    with pytest.raises(NoWayBack):
        desk.replies(WORDS, report_id=report_id)


def test_answers_at_the_same_moment_each_get_a_place(desk):
    with ThreadPoolExecutor(4) as pool:
        seqs = list(pool.map(desk.replies, [f"answer {number}" for number in range(4)]))
    assert sorted(seqs) == [2, 3, 4, 5]
    assert len(desk.sends()) == 4
    assert len(desk.rows(select(envelopes).where(envelopes.c.audience == "desk"))) == 4


def test_answering_a_closed_report_keeps_no_minute(desk):
    desk.store.write(
        lambda session: session.execute(
            reports.update().values(status="closed", waiting_since=None)
        )
    )
    desk.replies(WORDS, at=NOW)
    (report,) = desk.rows(select(reports))
    (message,) = desk.rows(select(messages))
    assert report.waiting_since is None
    assert message.at is None
