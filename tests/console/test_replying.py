"""An answer is weighed before it goes, and goes once, on the reporter's own channel."""

import re

from hotline.contact import close_line, note_status, price, release
from hotline.contact.carrier import CarrierRefused
from hotline.vault.codes import mint
from hotline.vault.logkey import LogKey
from hotline.vault.reporters import admit_reporter, open_answers
from hotline.worker import work_off
from tests.cast import Member, Texter
from tests.console.conftest import is_there
from tests.house import ORIGIN, House

WORDS = "Can you go out by a door alone now?"


def delivered(house: House) -> list[tuple[str, str]]:
    work_off(house.hotline)
    return [(to, body) for _, to, body, _ in house.carrier.sent]


def test_an_answer_reaches_her_on_her_channel_and_the_page_says_so(
    house: House, at_desk: Member, report: str, maria: Texter
) -> None:
    is_there(house, report)
    at_desk.sends(f"/console/report/{report}/reply", words=WORDS)
    assert "waiting to be sent" in at_desk.opens(f"/console/report/{report}")
    assert delivered(house) == [(maria.number, WORDS)]
    page = at_desk.opens(f"/console/report/{report}")
    assert WORDS in page
    assert maria.number not in page
    assert "Yours for" in page


def test_a_number_inside_is_pointed_out_before_it_goes(
    house: House, at_desk: Member, report: str
) -> None:
    words = "Call Harbor House at +1 500 555 0177"
    page = at_desk.sends(f"/console/report/{report}/reply", expect=200, words=words).text
    assert "Not sent yet" in page
    assert words in page
    assert delivered(house) == []
    is_there(house, report)
    at_desk.sends(f"/console/report/{report}/reply", words=words, sure="1")
    assert [body for _, body in delivered(house)] == [words]


def test_counting_sends_nothing_and_says_what_it_costs(
    house: House, at_desk: Member, report: str
) -> None:
    path = f"/console/report/{report}/reply"
    latin = at_desk.sends(path, expect=200, words="a" * 161, weigh="1").text
    assert figures(latin) == {"characters": "161", "parts": "2", "room": "145"}
    assert '<span data-encoding="ucs2" hidden>' in latin
    arabic = at_desk.sends(path, expect=200, words="هل يمكنك الكلام الآن؟", weigh="1").text
    assert figures(arabic) == {"characters": "21", "parts": "1", "room": "49"}
    assert '<span data-encoding="gsm" hidden>' in arabic
    assert delivered(house) == []


def figures(page: str) -> dict[str, str]:
    """Return what the page says that the answer takes as a text."""
    return dict(re.findall(r'data-of="([a-z]+)">([0-9]+)<', page))


def test_what_cannot_go_keeps_the_words(house: House, at_desk: Member, report: str) -> None:
    path = f"/console/report/{report}/reply"
    long = "please wait " * 160
    page = at_desk.sends(path, expect=422, words=long).text
    assert "too long for one text" in page
    assert long.strip() in page
    assert "An answer needs words." in at_desk.sends(path, expect=422, words=" ").text
    assert delivered(house) == []


def test_who_left_no_number_and_took_no_code_cannot_be_answered(
    house: House, at_desk: Member
) -> None:
    from hotline.domain.report import Channel, IncomingMessage

    message = IncomingMessage(Channel.WEB, "They keep my papers at the farm", "en")
    receipt = house.hotline.reception.receive(message, at=house.clock())
    page = at_desk.opens(f"/console/report/{receipt.report_id}")
    assert "No way back" in page
    assert '<textarea id="words"' not in page
    refused = at_desk.sends(f"/console/report/{receipt.report_id}/reply", expect=422, words="Hi")
    assert "Not sent" not in refused.text or "No way back" in refused.text


def test_a_second_click_on_the_same_form_sends_nothing(
    house: House, at_desk: Member, report: str
) -> None:
    is_there(house, report)
    path = f"/console/report/{report}"
    read = at_desk.opens(path).split('id="reply">')[1].split('name="read" value="')[1].split('"')[0]
    at_desk.sends(f"{path}/reply", words=WORDS, read=read)
    again = at_desk.sends(f"{path}/reply", expect=409, words=WORDS, read=read).text
    assert "Something was added to this conversation meanwhile" in again
    assert [body for _, body in delivered(house)] == [WORDS]
    at_desk.sends(f"{path}/reply", words="Can you talk?", read=str(int(read) + 1))
    assert [body for _, body in delivered(house)] == [WORDS, "Can you talk?"]


def test_an_answer_to_words_that_were_not_read_yet_waits_and_is_kept(
    house: House, at_desk: Member, report: str, maria: Texter
) -> None:
    maria.texts("He is back. Do not write.")
    page = at_desk.sends(f"/console/report/{report}/reply", expect=409, words=WORDS, read="1").text
    assert WORDS in page
    assert delivered(house) == []


def test_words_that_cannot_be_checked_count_as_risky(
    house: House, at_desk: Member, report: str
) -> None:
    def fails(*_args: object, **_more: object) -> None:
        raise RuntimeError

    object.__setattr__(house.hotline.reception, "redact", fails)
    page = at_desk.sends(f"/console/report/{report}/reply", expect=200, words=WORDS).text
    assert "Not sent yet" in page
    assert delivered(house) == []


def test_an_answer_is_never_markup(at_desk: Member, report: str) -> None:
    words = "</textarea><script>alert(1)</script>"
    page = at_desk.client.post(
        f"/console/report/{report}/reply", data={"words": words, "weigh": "1"}, base_url=ORIGIN
    ).text
    assert "<script>alert(1)" not in page


def test_where_the_code_was_tampered_with_it_goes_to_the_number_and_supervisors_hear(
    house: House, supervisor: Member, at_desk: Member, report: str, maria: Texter
) -> None:
    hotline = house.hotline
    code = hotline.codes.derive(mint())
    hotline.store.write(
        lambda session: admit_reporter(
            session, code, house=LogKey.fresh(), report_id=report, thread_secret=bytes(32)
        )
    )
    assert "Their code was tampered with" in at_desk.opens(f"/console/report/{report}")
    is_there(house, report)
    at_desk.sends(f"/console/report/{report}/reply", words=WORDS)
    assert delivered(house) == [(maria.number, WORDS)]
    with hotline.store.read() as session:
        answers = open_answers(session, code, authors=hotline.authors, unread_only=False)
    assert answers.genuine == {}
    page = supervisor.opens("/console/alerts")
    assert "The key of a return code is not one that this house made" in page


def test_without_a_yes_she_is_asked_first_and_the_page_says_what_the_answer_waits_for(
    house: House, at_desk: Member, report: str, maria: Texter
) -> None:
    path = f"/console/report/{report}"
    assert "They are asked first" in at_desk.opens(path)
    at_desk.sends(f"{path}/reply", words=WORDS)
    (knock,) = delivered(house)
    assert knock[0] == maria.number
    assert knock[1] != WORDS
    page = at_desk.opens(path)
    assert "waits until they say it is safe" in page
    assert "Last asked: waiting to be sent." in page

    # She says that it is safe.
    is_there(house, report)
    house.hotline.store.write(lambda session: release(session, report, at=house.clock()))
    assert delivered(house)[1:] == [(maria.number, WORDS)]
    assert "They are there, and said that we may write" in at_desk.opens(path)


def test_a_closed_line_is_told_and_takes_no_answer(
    house: House, at_desk: Member, report: str
) -> None:
    path = f"/console/report/{report}"
    at_desk.sends(f"{path}/reply", words=WORDS)
    house.hotline.store.write(lambda session: close_line(session, report))
    page = at_desk.opens(path)
    assert page.count("line closed: they wrote STOP or 9") == 1
    assert "Line closed: they wrote STOP or 9" in page
    assert '<textarea id="words"' not in page
    at_desk.sends(f"{path}/reply", expect=422, words=WORDS)
    assert delivered(house) == []


def test_why_the_provider_did_not_deliver_is_said_in_words(
    house: House, at_desk: Member, report: str
) -> None:
    is_there(house, report)
    house.carrier.fails = [CarrierRefused(ref="30006")]
    at_desk.sends(f"/console/report/{report}/reply", words=WORDS)
    assert delivered(house) == []
    assert "the number takes no texts" in at_desk.opens(f"/console/report/{report}")


def test_what_an_answer_did_cost_is_said_and_what_the_next_one_will(
    house: House, at_desk: Member, report: str
) -> None:
    is_there(house, report)
    house.carrier.price = "-0.0158 USD"
    at_desk.sends(f"/console/report/{report}/reply", words="a" * 161)
    assert delivered(house)
    ref = house.carrier.sent[0][3]
    house.hotline.store.write(lambda session: note_status(session, ref=ref, state="delivered"))
    price(house.hotline.store, house.carrier, house.hotline.relay, ref)
    page = at_desk.opens(f"/console/report/{report}")
    assert "2 parts" in page
    assert "0.0158 USD" in page
    assert 'data-rate="0.0079"' in page


def test_where_a_colleague_was_first_nothing_goes_and_no_word_is_lost(
    house: House, report: str, at_desk: Member
) -> None:
    omar = Member(house, "omar")
    omar.signs_in()
    at_desk.sends(f"/console/report/{report}/claim")
    answer = omar.sends(f"/console/report/{report}/reply", expect=409, words="We hear you.")
    assert "A colleague holds this report, and answers it." in answer.text
    assert ">We hear you.</textarea>" in answer.text
    assert house.carrier.sent == []


def test_a_caseworker_lets_us_answer_in_another_language(
    house: House, report: str, at_desk: Member
) -> None:
    assert "Answer in another language" in at_desk.opens(f"/console/report/{report}")
    at_desk.sends(f"/console/report/{report}/locale", locale="es")
    page = at_desk.opens(f"/console/report/{report}")
    assert "chose the language of our answers" in page
    at_desk.sends(f"/console/report/{report}/reply", words="Te escuchamos.")
    work_off(house.hotline)
    # What we say before it is in that language, too.
    assert "¿" in str(house.carrier.sent)
    for unknown in ("", "xx", "en-US", "../es"):
        at_desk.sends(f"/console/report/{report}/locale", expect=400, locale=unknown)
    omar = Member(house, "omar")
    omar.signs_in()
    omar.sends(f"/console/report/{report}/locale", expect=409, locale="fr")
