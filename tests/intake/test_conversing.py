"""A conversation by text, over the provider's webhooks: asked, answered, kept, and safe for whoever holds the phone."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline import contact
from hotline.contact.tables import conversations, sends, spending
from hotline.domain.opening import Opening
from hotline.domain.report import Channel, IncomingMessage
from hotline.messages import render
from hotline.reports.tables import messages, reports, seen, threads
from hotline.store import Store
from hotline.triage.tables import alerts
from hotline.vault.codes import mint, parse
from hotline.vault.envelope import SealBroken
from hotline.vault.reporters import find_reporter, knows_word
from hotline.vault.seen import open_answer, seen_key
from hotline.worker import work_off
from tests.cast import AMINA, MARIA, Member, Texter, answer_in
from tests.house import House, wired_house

COVER = 'story = ["Your parcel is at the shop.", "We are open until six."]\n'
STORY = {"Your parcel is at the shop.", "We are open until six."}


def said(house, name, locale="en", **facts):
    return render(house.hotline.languages, name, Channel.SMS, locale, **facts)


def keyholder_of(house, who="noor", _known={}):  # noqa: B006 - one sign-in a house is enough.
    known = _known.get(who)
    if known is None or known[0] is not house:
        _known[who] = (house, Member(house, who).keyholder())
    return _known[who][1]


def rows(house, table):
    with house.hotline.store.read() as session:
        return session.execute(select(table)).all()


def only(house, table):
    (row,) = rows(house, table)
    return row


@pytest.fixture
def covered(house):
    """A house whose operator has written a cover story."""
    (house.var / "keys" / "cover.toml").write_text(COVER)
    other = wired_house(
        house.var, house.hotline.config.database_url, house.staff, clock=house.clock
    )
    yield other
    other.close()


def account(house, seq, who="noor"):
    report = only(house, reports)
    with house.hotline.store.read() as session:
        return keyholder_of(house, who).open_accounts(session, report.id, [seq])[seq]


def contact_of(house, who="noor"):
    report = only(house, reports)
    with house.hotline.store.read() as session:
        return keyholder_of(house, who).open_contact(session, report.id)


def agrees_on(texter, word="Sparrow", code="2"):
    """Go through all questions, leave them out, and choose a code word."""
    for text in ("they keep my passport", "1", *"0000000", "1", word):
        texter.texts(text)
    return texter.texts(code)


def takes_code(texter):
    """Go through all questions, choose no word, and take a return code."""
    for text in ("they keep my passport", "1", *"0000000", "1", "0"):
        texter.texts(text)
    return parse(re.search(r"[\d-]{27}", texter.texts("1"))[0])


def test_the_first_text_is_answered_by_one_question(house, maria):
    assert maria.texts("they keep my passport") == said(house, "received")
    assert maria.texts("and my phone is watched") == "\n".join(
        [said(house, "received_more"), said(house, "knock")]
    )
    assert only(house, reports).messages == 2


def test_a_chosen_answer_stands_in_the_account_and_is_assessed(house, maria):
    maria.texts("hello i am new here, my work is fine")
    maria.texts("1")
    maria.texts("2")
    assert account(house, 3).details["answers"] == {"safe": "no"}
    assert "answer_not_safe" in only(house, reports).rules


def test_a_key_alone_raises_nothing(house, maria):
    maria.texts("we would like to visit your office for a school project next week")
    before = only(house, reports)
    for key in ("1", "1", "1", "2", "0"):
        maria.texts(key)
    after = only(house, reports)
    assert after.urgency == before.urgency
    assert after.messages == 6


def test_whoever_says_that_it_is_safe_is_taken_to_be_there_for_half_an_hour(house, maria):
    maria.texts("hello")
    assert only(house, conversations).open_until is None
    maria.texts("1")
    assert only(house, conversations).open_until == house.clock() + timedelta(minutes=30)
    house.clock.passes(minutes=20)
    maria.texts("still here")
    assert only(house, conversations).open_until == house.clock() + timedelta(minutes=30)
    house.clock.passes(minutes=31)
    maria.texts("i was away")
    assert only(house, conversations).open_until is None


def test_the_code_word_is_read_by_nobody_and_kept_for_those_who_reach_them(house, maria):
    agrees_on(maria)
    word = next(row for row in rows(house, messages) if account(house, row.seq).text == "…")
    assert "sparrow" not in account(house, word.seq).text.lower()
    address, ways = contact_of(house)
    assert (address.value, ways["word"]) == (MARIA, "sparrow")


def test_no_word_number_or_code_lies_in_the_database(house, maria):
    answer = agrees_on(maria, "quetzalword", code="1")
    digits = re.sub(r"\D", "", re.search(r"[\d-]{27}", answer)[0])
    house.hotline.store.truncate_log()
    files = [*house.var.glob("hotline.db*")]
    content = b"".join(path.read_bytes() for path in files)
    for secret in ("quetzalword", MARIA, MARIA[1:], digits, digits[:3] + "-" + digits[3:6]):
        assert secret.encode() not in content


def test_a_wrong_word_twice_tells_the_cover_story_and_the_supervisors(covered, noor):
    maria = Texter(covered, MARIA)
    agrees_on(maria)
    waits(covered)
    assert maria.texts("1") == said(covered, "ask_for_word")
    maria.texts("eagle")
    assert maria.texts("crow") in STORY
    for text in ("who is this", "1", "9", "English", "what do you know about her"):
        assert maria.texts(text) in STORY
    report = only(covered, reports)
    assert report.duress
    assert [alert.kind for alert in rows(covered, alerts)] == ["someone_else"]
    assert account(covered, report.messages - len(rows(covered, sends)) + 1) is not None
    assert "who is this" in {account(covered, row.seq).text for row in inbound(covered)}
    assert not sent(covered)


def inbound(house):
    return [row for row in rows(house, messages) if row.direction == "in"]


def waits(house, text="Can you be at the station at noon?", who="noor"):
    """Let a caseworker answer an hour later."""
    house.clock.passes(hours=1)
    hotline = house.hotline
    report = only(house, reports)
    contact.reply(
        hotline.store,
        keyholder_of(house, who),
        hotline.keyring,
        hotline.relay_public,
        languages=hotline.languages,
        house_public=hotline.log_key.public,
        report_id=report.id,
        text=text,
        at=house.clock(),
    )
    works(house)


def works(house):
    """Let the worker do what is due."""
    while work_off(house.hotline):
        pass


def sent(house):
    return [body for _, _, body, _ in house.carrier.sent if body != said(house, "knock")]


def test_without_a_cover_story_whoever_guessed_wrong_hears_nothing(house, maria):
    agrees_on(maria)
    waits(house)
    for text in ("1", "eagle"):
        maria.texts(text)
    assert maria.texts("crow") == ""
    assert only(house, reports).duress


def test_an_answer_waits_until_they_are_there_and_have_said_their_word(house, maria):
    agrees_on(maria)
    waits(house)
    assert [body for *_, body, _ in house.carrier.sent] == [said(house, "knock")]
    maria.texts("1")
    assert not sent(house)
    assert maria.texts("sparrow") == ""
    works(house)
    assert sent(house) == ["Can you be at the station at noon?"]


def test_whoever_agreed_on_no_word_says_yes_alone(house, maria):
    maria.texts("they keep my passport")
    waits(house)
    assert maria.texts("1") == ""
    works(house)
    assert sent(house) == ["Can you be at the station at noon?"]


def test_a_code_is_minted_when_asked_for_and_opens_the_answers_elsewhere(house, maria):
    code = takes_code(maria)
    waits(house)
    amina = Texter(house, AMINA)
    assert "station" in amina.texts(f"my code is {code.digits}")
    assert len(rows(house, reports)) == 1
    assert amina.texts("i am on the phone of a friend") != ""
    assert only(house, reports).messages == len(rows(house, messages))
    assert code.digits not in "".join(account(house, row.seq).text for row in inbound(house))
    again = Texter(house, AMINA).texts(code.digits.replace(" ", "."))
    assert again.startswith(said(house, "nothing_new"))


def test_a_new_phone_is_reached_from_then_on_and_the_old_one_is_not(house, maria):
    code = takes_code(maria)
    waits(house)
    amina = Texter(house, AMINA)
    amina.texts(code.digits)
    address, _ = contact_of(house)
    assert address.value == AMINA
    assert not [row for row in rows(house, sends) if row.sealed and not row.tried_at]
    # The phone that was left is nobody's here.
    maria.texts("where is she")
    assert len(rows(house, reports)) == 2


def test_where_a_word_is_agreed_the_code_alone_opens_and_moves_nothing(house, maria):
    code = parse(re.search(r"[\d-]{27}", agrees_on(maria, code="1"))[0])
    waits(house)
    thief = Texter(house, AMINA)
    for text in (code.digits, "#", "#", "villain", "7", "1", "9"):
        assert "station" not in thief.texts(text if text != code.digits else f"{text}")
    report = next(row for row in rows(house, reports) if row.messages > 5)
    with house.hotline.store.read() as session:
        address, ways = keyholder_of(house).open_contact(session, report.id)
    assert (address.value, ways["word"]) == (MARIA, "sparrow")
    works(house)
    assert not sent(house)
    its = next(row for row in rows(house, conversations) if row.report_id == report.id)
    assert not its.is_closed


def test_code_and_word_together_let_out_what_waits(house, maria):
    answer = agrees_on(maria, code="1")
    code = parse(re.search(r"[\d-]{27}", answer)[0])
    waits(house)
    assert "station" in Texter(house, AMINA).texts(f"{code.digits} Sparrow")
    assert only(house, conversations).open_until is not None
    # What waited for the old phone is not sent there any more.
    works(house)
    assert not sent(house)
    assert contact_of(house)[0].value == AMINA


def test_a_code_that_is_nobodys_is_a_text_like_any_other(house, maria):
    assert maria.texts(mint().digits) == said(house, "received")
    assert only(house, reports).messages == 1


def test_the_phone_that_gave_a_code_speaks_in_that_report_from_then_on(house, maria):
    code = takes_code(maria)
    amina = Texter(house, AMINA)
    amina.texts("somebody else's words at first")
    amina.texts(code.digits)
    amina.texts("and now mine")
    by_id = {row.id: row.messages for row in rows(house, reports)}
    assert min(by_id.values()) == 1
    assert len(by_id) == 2
    assert len(rows(house, threads)) == 1


def test_after_three_days_a_number_may_be_somebody_elses(house, maria):
    agrees_on(maria)
    house.clock.passes(hours=73)
    assert maria.texts("hello, new phone") == said(house, "received")
    assert len(rows(house, reports)) == 2


def test_stop_closes_the_line_and_reaches_a_human(house, maria):
    maria.texts("they keep my passport")
    assert maria.texts("STOP", OptOutType="STOP") == ""
    assert only(house, conversations).is_closed
    report = only(house, reports)
    assert (report.messages, report.unanswered) == (2, True)
    maria.texts("START", OptOutType="START")
    assert not only(house, conversations).is_closed


def test_help_reaches_a_human_and_is_looked_at_soon(house, maria):
    assert maria.texts("HELP", OptOutType="HELP") == ""
    assert maria.texts("HELP") != ""
    report = only(house, reports)
    assert report.urgency >= 2
    assert report.unanswered


def test_who_wants_no_more_texts_gets_none(house, maria):
    maria.texts("hello")
    assert maria.texts("9") == said(house, "no_more")
    assert maria.texts("are you there") == ""
    assert only(house, conversations).is_closed
    maria.texts("1")
    assert not only(house, conversations).is_closed


def test_a_language_is_chosen_and_stays(house, maria):
    maria.texts("hello")
    assert maria.texts("Español").endswith(said(house, "knock", "es"))
    report = only(house, reports)
    assert (report.locale, report.locale_is_chosen) == ("es", True)


def test_words_of_another_language_are_answered_by_a_list(house, maria):
    spanish = "No nos dejan salir de la casa y nos quitaron los documentos a todas nosotras"
    assert maria.texts(spanish).startswith("1 Español\n2 English")
    assert only(house, reports).locale == "en"
    assert maria.texts("1") == said(house, "received", "es")


def test_pumping_stops_our_answers_and_never_what_comes_in(house, maria):
    reception = replace(house.hotline.reception, caps=contact.Caps(per_day=2, per_country=2))
    object.__setattr__(house.hotline, "reception", reception)
    answers = [maria.texts(f"text number {number}") for number in range(5)]
    assert [bool(answer) for answer in answers] == [True, True, False, False, False]
    assert only(house, reports).messages == 5
    assert only(house, spending).parts <= 2


def test_a_flood_from_one_phone_is_one_report_and_answered_a_few_times(house, maria):
    answers = [maria.texts(f"again {number}") for number in range(60)]
    assert sum(map(bool, answers)) == 13
    assert only(house, reports).messages == 60


def test_a_retry_gets_the_answer_it_got_before(house, maria):
    first = maria.texts("hello")
    assert answer_in(maria.retries()) == first
    assert only(house, reports).messages == 1


def test_out_of_hours_they_learn_when_a_person_reads_this(house, maria):
    conversing = replace(
        house.hotline.reception.conversing,
        opening=Opening.parse("mon-fri 09:00-11:00", "Europe/Madrid"),
    )
    reception = replace(house.hotline.reception, conversing=conversing)
    object.__setattr__(house.hotline, "reception", reception)
    assert "09:00" in maria.texts("hello")
    assert "09:00" in maria.texts("more of it")


def test_a_conversation_that_was_tampered_with_opens_nothing_and_tells(house, maria):
    agrees_on(maria)
    store: Store = house.hotline.store
    store.write(lambda session: session.execute(conversations.update().values(sealed=b"broken")))
    waits(house)
    for text in ("hi", "1", "1", "sparrow"):
        maria.texts(text)
    works(house)
    assert not sent(house)
    assert [alert.kind for alert in rows(house, alerts)] == ["someone_else"]


def test_a_picture_without_words_is_kept_and_answered(house: House, maria):
    assert maria.texts("", NumMedia="1", MediaUrl0="https://api.twilio.com/x") == said(
        house, "received"
    )
    assert only(house, reports).messages == 1


def writes_on_the_web(house, **contact_facts):
    message = IncomingMessage(
        channel=Channel.WEB,
        text="they keep my passport",
        locale="en",
        locale_is_chosen=True,
        contact={"how": "text", "number": "+1 (500) 555-0142", **contact_facts},
    )
    return house.hotline.reception.receive(message, at=house.clock())


def test_who_wrote_on_the_web_is_known_by_the_answer_to_our_question(house, maria):
    writes_on_the_web(house, word="Sparrow")
    waits(house)
    assert [to for _, to, _, _ in house.carrier.sent] == [MARIA]
    assert maria.texts("1") == said(house, "ask_for_word")
    assert maria.texts("sparrow") == ""
    works(house)
    assert sent(house) == ["Can you be at the station at noon?"]
    maria.texts("thank you, i will be there at noon")
    assert only(house, reports).messages == len(rows(house, messages))


def test_a_stranger_whose_number_was_typed_on_the_web_has_a_report_of_their_own(house, maria):
    writes_on_the_web(house, word="Sparrow")
    waits(house)
    assert maria.texts("please help me, i am locked in a house") == said(house, "received")
    assert len(rows(house, reports)) == 2
    maria.texts("1")
    assert sorted(row.messages for row in rows(house, reports)) == [2, 2]
    assert not sent(house)


def test_a_phone_that_talks_with_us_already_is_not_taken_over_from_the_web(house, maria):
    maria.texts("hello from my phone")
    writes_on_the_web(house)
    maria.texts("1")
    assert sorted(row.messages for row in rows(house, reports)) == [1, 2]


def test_a_text_that_reaches_us_late_says_that_it_was_safe_then(house, maria):
    maria.texts("They keep my papers and do not pay me")
    late = IncomingMessage(
        Channel.SMS,
        "1",
        "",
        "SM" + "9" * 32,
        maria.number,
        maria.last["To"],
        sent_at=house.clock(),
    )
    waits(house)
    house.hotline.reception.receive(late, at=house.clock())
    assert only(house, conversations).open_until is None
    works(house)
    # It came so late that nothing is sent for it: the question is still out.
    assert [body for *_, body, _ in house.carrier.sent] == [said(house, "knock")]


@pytest.mark.parametrize("keys", ["##", "911", "811", "71", "*1", "0", "8 1 1 1"])
def test_no_key_opens_the_line_where_a_word_is_agreed(house, maria, keys):
    agrees_on(maria)
    house.clock.passes(minutes=45)
    for key in keys.replace(" ", ""):
        maria.texts(key)
    assert not (only(house, conversations).open_until or house.clock()) > house.clock()
    waits(house)
    for key in keys.replace(" ", ""):
        maria.texts(key)
    works(house)
    assert not sent(house)


def test_word_and_code_are_given_once(house, maria):
    code = parse(re.search(r"[\d-]{27}", agrees_on(maria, code="1"))[0])
    for text in ("#", "#", "villain", "#", "1", "#", "#", "1"):
        assert not re.search(r"[\d-]{27}", maria.texts(text))
    assert contact_of(house)[1]["word"] == "sparrow"
    key = house.hotline.codes.derive(code)
    with house.hotline.store.read() as session:
        assert knows_word(key, find_reporter(session, key.lookup), "Sparrow")


def test_a_knock_is_answered_only_after_it_was_asked(house, maria):
    for text in ("hello", "1"):
        maria.texts(text)
    # Our question "are you safe?" waits; the answer of the desk comes half an hour later.
    waits(house)
    assert maria.texts("2") == said(house, "knock")
    assert "answer_not_safe" in only(house, reports).rules
    assert not sent(house)
    maria.texts("1")
    works(house)
    assert sent(house)


def test_later_means_later_and_they_are_asked_again(house, maria):
    maria.texts("they keep my passport")
    waits(house)
    assert maria.texts("2") == said(house, "ask_hours")
    maria.texts("1")
    works(house)
    assert not sent(house)
    assert len(house.carrier.sent) == 1
    house.clock.passes(minutes=61)
    works(house)
    assert [body for *_, body, _ in house.carrier.sent] == [said(house, "knock")] * 2
    maria.texts("1")
    works(house)
    assert sent(house) == ["Can you be at the station at noon?"]


def test_new_hours_count_for_what_waits_already(house, maria):
    maria.texts("they keep my passport")
    waits(house)
    maria.texts("2")
    # It is 13:00 in UTC, and somewhere else where they are.
    maria.texts("20-22")
    maria.texts(f"{house.clock():%H:%M}")
    works(house)
    assert len(house.carrier.sent) == 1
    house.clock.at = house.clock().replace(hour=20, minute=1)
    works(house)
    assert len(house.carrier.sent) == 2
    house.clock.at = house.clock().replace(hour=22, minute=1)
    maria.texts("1")
    works(house)
    assert not sent(house)


@pytest.mark.parametrize("cry", ["police", "help", "911", "112"])
def test_a_cry_is_never_a_code_word(house, maria, cry):
    for text in ("a text about nothing", "1", *"0000000", "1"):
        maria.texts(text)
    maria.texts(cry)
    assert account(house, only(house, reports).messages).text != "…"
    maria.texts("Sparrow")
    assert contact_of(house)[1]["word"] == "sparrow"


def test_what_stands_beside_the_word_is_read_and_raises(house, maria):
    agrees_on(maria)
    waits(house)
    maria.texts("1")
    maria.texts("sparrow he has a gun")
    report = only(house, reports)
    text = account(house, report.messages).text
    assert "gun" in text
    assert "sparrow" not in text.lower()
    assert report.urgency >= 2


def test_a_menu_digit_with_a_cry_beside_it_is_heard(house, maria):
    maria.texts("hello i am new here")
    maria.texts("1 bleeding")
    assert only(house, reports).urgency >= 2


def test_nobody_knocks_while_the_cover_story_lasts(covered):
    maria = Texter(covered, MARIA)
    agrees_on(maria)
    waits(covered)
    for text in ("1", "eagle"):
        maria.texts(text)
    assert maria.texts("crow") in STORY
    # While that lasts nobody knocks.
    before = len(covered.carrier.sent)
    covered.clock.passes(hours=25)
    waits(covered, "And another thing")
    assert len(covered.carrier.sent) == before


def test_a_web_word_of_two_words_is_one(house, maria):
    writes_on_the_web(house, word="Blue bird")
    waits(house)
    assert maria.texts("1") == said(house, "ask_for_word")
    assert not sent(house)
    maria.texts("blue BIRD")
    works(house)
    assert sent(house)


def test_what_was_answered_is_sealed_for_its_sender_too(house, maria):
    answer = agrees_on(maria, code="1")
    provider_id = maria.last["MessageSid"]
    with house.hotline.store.read() as session:
        sealed = session.execute(
            select(seen.c.answer_sealed).where(seen.c.id_hash == seen_key(provider_id))
        ).scalar_one()
    with pytest.raises(SealBroken):
        open_answer(provider_id, sealed)
    assert answer_in(maria.retries()) == answer


def test_chatter_alone_keeps_nobody_there_for_hours(house, maria):
    for text in ("hello", "1"):
        maria.texts(text)
    for _ in range(8):
        house.clock.passes(minutes=25)
        maria.texts("who is this")
    assert only(house, conversations).open_until is None


def test_an_idle_phone_is_known_by_the_word_alone(house, maria):
    agrees_on(maria)
    house.clock.passes(hours=73)
    waits(house)
    assert maria.texts("1") == said(house, "ask_for_word")
    maria.texts("sparrow")
    works(house)
    assert sent(house)
    assert len(rows(house, reports)) == 1


@pytest.mark.parametrize("then", ["Sparrow", "{code} Sparrow"])
def test_the_word_after_the_code_moves_them_to_the_new_phone(house, maria, then):
    code = parse(re.search(r"[\d-]{27}", agrees_on(maria, code="1"))[0])
    waits(house)
    amina = Texter(house, AMINA)
    assert amina.texts(code.digits) == said(house, "ask_for_word")
    amina.texts(then.format(code=code.digits))
    works(house)
    assert not sent(house)
    assert contact_of(house)[0].value == AMINA
    waits(house, "Are you well?")
    assert [to for _, to, _, _ in house.carrier.sent][-1] == AMINA


def test_who_guesses_in_questions_runs_out_of_tries(house, maria):
    agrees_on(maria)
    waits(house)
    for number in range(105):
        maria.texts(f"guess{number}?")
        house.clock.passes(minutes=1)
    maria.texts("sparrow")
    works(house)
    assert not sent(house)


def test_an_invited_phone_may_tell_its_hours(house, maria):
    writes_on_the_web(house, word="Sparrow")
    waits(house)
    maria.texts("2")
    maria.texts("1")
    assert len(rows(house, reports)) == 1
    house.clock.passes(minutes=61)
    works(house)
    assert len(house.carrier.sent) == 2
    for text in ("1", "sparrow"):
        maria.texts(text)
    works(house)
    assert sent(house)


def test_a_word_that_is_chosen_while_we_knock_is_kept(house, maria):
    for text in ("they keep my passport", "1", *"0000000", "1"):
        maria.texts(text)
    waits(house)
    maria.texts("Sparrow")
    assert contact_of(house)[1]["word"] == "sparrow"
    for text in ("1", "1", "1"):
        maria.texts(text)
    works(house)
    assert not sent(house)


def test_a_word_that_the_web_agreed_on_counts_by_text_too(house, maria):
    key = house.hotline.codes.derive(code := mint())
    message = IncomingMessage(
        Channel.WEB, "they keep my passport", "en", contact={"word": "Sparrow"}
    )
    house.hotline.reception.receive(message, at=house.clock(), reporter=key)
    assert maria.texts(code.digits) == said(house, "ask_for_word")
    maria.texts(f"{code.digits} sparrow")
    waits(house)
    assert maria.texts("1") == said(house, "ask_for_word")
    assert not sent(house)
    maria.texts("sparrow")
    works(house)
    assert sent(house)


def test_a_word_agreed_after_the_code_guards_the_code_too(house, maria):
    code = takes_code(maria)
    maria.texts("#")
    with house.hotline.store.read() as session:
        row = session.execute(select(threads)).one()
    assert row.invited == ""
    waits(house)
    assert "station" in Texter(house, AMINA).texts(code.digits)


def test_after_the_thread_key_turned_a_phone_still_moves(house, maria):
    code = takes_code(maria)
    amina = Texter(house, AMINA)
    amina.texts("somebody else's words at first")
    house.clock.passes(minutes=30)
    keys = house.hotline.threads
    keys.rotate(house.clock() + timedelta(days=8))
    amina.texts(code.digits)
    for text in ("hello", "and more", "and more"):
        amina.texts(text)
    assert min(row.messages for row in rows(house, reports)) == 1


def test_thanks_at_the_knock_are_no_guesses(covered):
    maria = Texter(covered, MARIA)
    agrees_on(maria)
    waits(covered)
    for text in ("thanks", "tomorrow", "gracias"):
        assert maria.texts(text) not in STORY
    assert not only(covered, reports).duress
