"""Consent by text, over the provider's webhooks: asked in steps, given with the word, taken back by one text."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline import consent
from hotline.contact.tables import sends
from hotline.domain.report import Channel, IncomingMessage
from hotline.reports.tables import messages, reports
from hotline.triage.tables import alerts
from hotline.vault.codes import parse
from tests.cast import AMINA, MARIA, Texter
from tests.house import SMS_LINE
from tests.intake.questions import (
    WORD,
    agrees,
    asks,
    doubts,
    first_report,
    given,
    question,
    said,
    says_yes,
    words_of,
    works,
)
from tests.intake.test_conversing import account, rows, waits

DAY = "30 Mar"
NEXT_DAY = "31 Mar"


def lead(house, locale="en", day=DAY):
    return said(house, "ask_lead", locale, who="", day=day, more=("*",))


def bodies(house):
    return [body for *_, body, _ in house.carrier.sent]


def count(house, table):
    with house.hotline.store.read() as session:
        return len(session.execute(select(table)).all())


def test_the_question_waits_behind_knock_and_word_and_no_text_of_ours_holds_it(house, maria):
    agrees(maria)
    ask_id = asks(house)
    assert bodies(house) == [said(house, "knock")]
    assert maria.texts("1") == said(house, "ask_for_word")
    assert maria.texts(WORD) == lead(house)
    assert maria.texts("1") == said(house, "ask_sure")
    assert given(house) == []
    assert maria.texts("SPARROW") == said(house, "ask_yes", day=DAY)
    works(house)
    assert bodies(house) == [said(house, "knock")]
    (grant,) = given(house)
    assert (grant.given_how, grant.by, grant.words_locale) == ("sms", "", "en")
    assert grant.expires_day == "2026-03-30"
    assert words_of(house, grant) == f"{lead(house)}\n{said(house, 'ask_sure')}"
    assert question(house, ask_id).state == "yes"


def test_the_words_lie_nowhere_in_the_clear(house, maria):
    agrees(maria)
    asks(house, purpose="handoff")
    says_yes(maria)
    assert given(house)
    house.hotline.store.truncate_log()
    content = b"".join(path.read_bytes() for path in house.var.glob("hotline.db*"))
    for words in (b"May we tell", b"You can take it back", b"sparrow"):
        assert words not in content


def test_a_place_is_named_and_what_it_would_be_told(house, maria):
    agrees(maria)
    asks(house, purpose="handoff")
    maria.texts("1")
    put = maria.texts(WORD)
    assert "Harbor House" in put
    assert "How to reach you" in put


def test_a_no_is_kept_as_one(house, maria):
    agrees(maria)
    ask_id = asks(house)
    maria.texts("1")
    maria.texts(WORD)
    assert maria.texts("2") == said(house, "ask_no")
    assert question(house, ask_id).state == "no"
    assert given(house) == []
    assert maria.texts("1") == said(house, "received_more")


def test_the_provider_that_delivers_twice_gets_the_same_answer_and_nothing_counts_twice(
    house, maria
):
    agrees(maria)
    asks(house)
    for text in ("1", WORD, "1", WORD):
        answer = maria.texts(text)
        again = maria.retries().text
        assert answer.split("\n")[0] in again
    assert len(given(house)) == 1


def test_a_yes_is_to_words_in_the_language_that_they_chose(house, maria):
    agrees(maria)
    asks(house)
    for text in ("1", WORD, "1"):
        maria.texts(text)
    put = maria.texts("Español")
    assert put.endswith(lead(house, "es", "30 mar"))
    maria.texts(WORD)
    assert given(house) == []
    maria.texts("1")
    maria.texts(WORD)
    (grant,) = given(house)
    assert grant.words_locale == "es"
    assert words_of(house, grant).startswith(lead(house, "es", "30 mar"))


def test_a_forwarded_question_is_answered_by_a_stranger_as_a_stranger(house, maria):
    agrees(maria)
    ask_id = asks(house)
    for text in ("1", WORD):
        maria.texts(text)
    eve = Texter(house, AMINA)
    for text in (lead(house), "1", WORD, "2", f"TAKEBACK {WORD}"):
        eve.texts(text)
    assert question(house, ask_id).state == "asked"
    assert given(house) == []


@pytest.mark.parametrize("how", ["withdrawn", "lapsed"])
def test_a_question_that_is_gone_is_answered_like_any_text(house, maria, how):
    agrees(maria)
    ask_id, report_id = asks(house), first_report(house)
    maria.texts("1")
    maria.texts(WORD)
    if how == "withdrawn":
        house.hotline.store.write(
            lambda session: consent.asking.take_question_back(
                session, ask_id, report_id=report_id, by="noor", at=house.clock()
            )
        )
    else:
        house.hotline.store.write(
            lambda session: session.execute(consent.tables.asks.update().values(day="2026-01-01"))
        )
    assert maria.texts("1") == said(house, "received_more")
    assert maria.texts(WORD) == said(house, "received_more")
    assert given(house) == []


def test_a_question_that_goes_between_the_look_and_the_act_changes_nothing(
    house, maria, monkeypatch
):
    agrees(maria)
    ask_id, report_id = asks(house), first_report(house)
    for text in ("1", WORD, "1"):
        maria.texts(text)
    answer = consent.answer

    def withdrawn_first(session, *args, **more):
        consent.asking.take_question_back(
            session, ask_id, report_id=report_id, by="noor", at=house.clock()
        )
        return answer(session, *args, **more)

    # The question goes in the very transaction that would keep the answer.
    monkeypatch.setattr(consent, "answer", withdrawn_first)
    assert maria.texts(WORD) == said(house, "received_more")
    assert given(house) == []


def test_while_somebody_else_may_answer_nothing_is_asked_and_no_answer_counts(house, maria):
    agrees(maria)
    ask_id = asks(house)
    for text in ("1", WORD):
        maria.texts(text)
    doubts(house)
    assert maria.texts("1") == said(house, "received_more")
    assert maria.texts(WORD) == said(house, "received_more")
    assert maria.texts("2") == said(house, "received_more")
    assert question(house, ask_id).state == "asked"
    doubts(house, is_set=False)
    assert maria.texts(WORD).endswith(lead(house, day=DAY))


def test_a_question_that_waits_is_not_put_while_somebody_else_may_answer(house, maria):
    agrees(maria)
    asks(house)
    doubts(house)
    maria.texts("1")
    assert maria.texts(WORD) == said(house, "received_more")


def test_late_texts_decide_nothing(house, maria):
    agrees(maria)
    ask_id = asks(house)
    for text in ("1", WORD, "1"):
        maria.texts(text)
    house.clock.passes(minutes=40)
    assert lead(house) in maria.texts(WORD)
    assert question(house, ask_id).state == "asked"


@pytest.mark.parametrize("key", ["0", "1", "2", "3"])
def test_a_digit_of_whoever_holds_the_phone_days_later_is_no_no_and_tells_of_nobody(
    house, maria, key
):
    agrees(maria)
    ask_id = asks(house)
    for text in ("1", WORD):
        maria.texts(text)
    house.clock.passes(hours=30)
    assert maria.texts(key) == said(house, "received_more")
    assert question(house, ask_id).state == "asked"
    assert lead(house) in maria.texts(WORD)


def test_who_wants_it_later_is_asked_again_then(house, maria):
    agrees(maria)
    asks(house)
    assert maria.texts("2") == said(house, "ask_hours")
    maria.texts("1")
    works(house)
    house.clock.passes(hours=13)
    works(house)
    assert bodies(house) == [said(house, "knock")] * 2
    maria.texts("1")
    assert lead(house) in maria.texts(WORD)


def test_without_a_way_by_text_the_question_waits_elsewhere(house, maria):
    agrees(maria)
    maria.texts("9")
    asks(house)
    assert bodies(house) == []
    assert count(house, sends) == 0


def test_one_text_takes_every_yes_back(house, maria):
    agrees(maria)
    asks(house)
    says_yes(maria)
    before = count(house, messages)
    assert maria.texts(f"TAKEBACK {WORD}") == said(house, "taken_back")
    assert all(one.revoked_day for one in given(house))
    # It is kept as a text that nobody reads.
    assert count(house, messages) == before + 1


def test_days_later_the_phone_is_known_by_its_wish_alone(house, maria):
    agrees(maria)
    asks(house)
    says_yes(maria)
    house.clock.passes(days=6)
    assert maria.texts("TAKEBACK crow") == said(house, "received")
    assert maria.texts(f"TAKEBACK {WORD}") != said(house, "taken_back")


def test_days_later_one_text_takes_it_back(house, maria):
    agrees(maria)
    asks(house)
    says_yes(maria)
    house.clock.passes(days=6)
    assert maria.texts(f"TAKEBACK {WORD}") == said(house, "taken_back")
    assert all(one.revoked_day for one in given(house))
    assert count(house, reports) == 1


def test_with_the_code_any_phone_takes_it_back(house, maria):
    code = agrees(maria)
    asks(house)
    says_yes(maria)
    kept = count(house, messages)
    answer = Texter(house, AMINA).texts(f"takeback {code.digits} {WORD}")
    assert answer == said(house, "taken_back")
    assert all(one.revoked_day for one in given(house))
    assert (count(house, reports), count(house, messages)) == (1, kept)


def test_what_they_allowed_is_told_to_who_proves_it_and_names_nobody(house, maria):
    code = agrees(maria)
    assert maria.texts(f"ALLOWED {WORD}") == said(house, "allowed_none")
    asks(house)
    says_yes(maria)
    asks(house, purpose="handoff")
    says_yes(maria)
    told = maria.texts(f"ALLOWED {WORD}")
    assert told == "\n".join(
        [
            said(house, "allowed_lead", count="1", day=DAY),
            said(house, "allowed_untold"),
            said(house, "allowed_help", count="1", day=DAY),
            said(house, "allowed_untold"),
            said(house, "allowed_how"),
        ]
    )
    assert "Harbor" not in told
    assert Texter(house, AMINA).texts(f"ALLOWED {code.digits} {WORD}") == told
    assert "yes" not in maria.texts("ALLOWED crow")
    doubts(house)
    assert maria.texts(f"ALLOWED {WORD}") == said(house, "allowed_none")


def test_a_copy_is_asked_for_once(house, maria):
    code = agrees(maria)
    assert maria.texts(f"{WORD} MYCOPY") == said(house, "copy_asked")
    eve = Texter(house, AMINA)
    assert eve.texts(f"MYCOPY {code.digits} {WORD}") == said(house, "copy_asked")
    assert eve.texts(f"MYCOPY {code.digits} crow") == said(house, "received")
    with house.hotline.store.read() as session:
        kinds = session.execute(select(alerts.c.kind)).scalars().all()
    assert kinds == ["copy_asked"]


def test_a_copy_is_promised_to_nobody_without_a_code_and_the_desk_hears_of_it(house, maria):
    agrees(maria, code="2")
    assert maria.texts(f"{WORD} MYCOPY") == said(house, "received_more")
    with house.hotline.store.read() as session:
        assert session.execute(select(alerts.c.kind)).scalars().all() == ["copy_asked"]


@pytest.mark.parametrize("is_given", [False, True])
def test_a_wish_that_lacks_the_word_is_done_with_the_next_text(house, maria, is_given):
    agrees(maria)
    if is_given:
        asks(house)
        says_yes(maria)
    for ours, done in (("ALLOWED", ""), ("TAKEBACK", "taken_back"), ("MYCOPY", "copy_asked")):
        assert maria.texts(ours) == said(house, "ask_for_word")
        answer = maria.texts(WORD)
        assert answer == said(house, done) if done else answer != said(house, "received_more")
    assert all(one.revoked_day for one in given(house))
    # It lapses with any other text.
    assert maria.texts("TAKEBACK") == said(house, "ask_for_word")
    assert maria.texts("crow") == said(house, "received_more")
    assert maria.texts(WORD) == said(house, "received_more")


def test_a_wish_days_later_is_asked_for_no_word(house, maria):
    agrees(maria)
    house.clock.passes(days=6)
    assert maria.texts("TAKEBACK") != said(house, "ask_for_word")


def test_a_try_at_a_code_word_lies_nowhere_in_the_clear_and_is_no_account(house, maria):
    for text in ("they keep my passport", "1", *"0000000", "1"):
        maria.texts(text)
    assert maria.texts("cobalt mango") == said(house, "ask_word")
    told = [account(house, row.seq).text for row in rows(house, messages)]
    assert "passport" in told[0]
    assert told[-1] == "…"
    assert not any("mango" in text or "cobalt" in text for text in told)


def test_a_wrong_word_beside_ours_is_kept_and_hints_at_nothing(house, maria):
    agrees(maria)
    before = count(house, messages)
    for ours in ("TAKEBACK", "ALLOWED", "MYCOPY"):
        assert maria.texts(f"{ours} crow") == said(house, "received_more")
    assert count(house, messages) == before + 3


def test_under_a_doubt_taking_back_is_answered_the_same_and_done_when_it_is_over(house, maria):
    agrees(maria)
    asks(house)
    says_yes(maria)
    doubts(house)
    assert maria.texts(f"TAKEBACK {WORD}") == said(house, "taken_back")
    (grant,) = given(house)
    assert (grant.revoked_day, bool(grant.back_asked_day)) == ("", True)
    doubts(house, is_set=False)
    assert given(house)[0].revoked_day


def test_no_code_goes_out_while_somebody_else_may_answer(house, maria):
    for text in ("they keep my passport", "1", *"0000000", "1", WORD):
        maria.texts(text)
    doubts(house)
    more = said(house, "received_more")
    assert maria.texts("1") == f"{more}\n{said(house, 'ask_code')}"
    assert maria.texts("1") == more
    doubts(house, is_set=False)
    house.clock.passes(minutes=1)
    assert said(house, "done") in maria.texts("1")
    assert first_report(house)


def test_a_second_question_waits_for_the_answer_to_the_first(house, maria):
    agrees(maria)
    first = asks(house)
    with pytest.raises(consent.ConsentRefused):
        asks(house, purpose="handoff")
    for text in ("1", WORD):
        maria.texts(text)
    assert maria.texts("2") == said(house, "ask_no")
    assert question(house, first).state == "no"
    assert question(house, asks(house, purpose="handoff")).state == "asked"


def test_every_language_has_words_of_its_own_for_each_wish(house):
    languages = house.hotline.languages
    names = ("erase_word", "keep_word", "back_word", "what_word", "copy_word", "how_word")
    for locale in languages.offered:
        words = [said(house, name, locale) for name in names]
        assert len({word.casefold() for word in words}) == len(names), locale
        assert all(len(word.split()) == 1 for word in words), locale


def test_until_the_day_it_ends(house, maria):
    agrees(maria)
    asks(house, until=(house.clock() + timedelta(days=29)).date())
    maria.texts("1")
    assert maria.texts(WORD) == lead(house, day=NEXT_DAY)


def test_who_comes_with_code_and_word_is_asked_on_that_phone(house, maria):
    code = agrees(maria)
    asks(house)
    friend = Texter(house, AMINA)
    assert friend.texts(f"{code.digits} {WORD}").endswith(lead(house))
    assert friend.texts("1") == said(house, "ask_sure")
    assert friend.texts(WORD) == said(house, "ask_yes", day=DAY)
    assert len(given(house)) == 1


def test_a_reconciled_text_that_cannot_be_answered_is_asked_nothing(house, maria):
    agrees(maria)
    ask_id = asks(house)
    maria.texts("1")
    message = IncomingMessage(
        channel=Channel.SMS,
        text=WORD,
        locale="",
        provider_id="SM" + "8" * 32,
        sender=MARIA,
        line=SMS_LINE,
        wants_answer=False,
    )
    house.hotline.reception.receive(message, at=house.clock())
    # Nothing was said, so nothing was asked: the next keys are no answer to it.
    for text in ("1", "2"):
        maria.texts(text)
    assert question(house, ask_id).state == "asked"
    assert maria.texts(WORD).endswith(lead(house))


def test_while_somebody_else_may_answer_the_code_alone_opens_nothing(house, maria):
    for text in ("they keep my passport", "1", *"0000000", "1", "0"):
        maria.texts(text)
    code = parse(re.search(r"[\d-]{27}", maria.texts("1"))[0])
    waits(house)
    doubts(house)
    eve = Texter(house, AMINA)
    assert eve.texts(code.digits).startswith(said(house, "nothing_new"))
    doubts(house, is_set=False)
    assert "station" in eve.texts(code.digits)
