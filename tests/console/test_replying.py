"""An answer is weighed before it goes, and goes once, on the reporter's own channel."""

from hotline.vault.codes import mint
from hotline.vault.logkey import LogKey
from hotline.vault.reporters import admit_reporter, open_answers
from hotline.worker import work_off
from tests.cast import Member, Texter
from tests.house import ORIGIN, House

WORDS = "Can you go out by a door alone now?"


def delivered(house: House) -> list[tuple[str, str]]:
    work_off(house.hotline)
    return [(to, body) for _, to, body, _ in house.carrier.sent]


def test_an_answer_reaches_her_on_her_channel_and_the_page_says_so(
    house: House, at_desk: Member, report: str, maria: Texter
) -> None:
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
    at_desk.sends(f"/console/report/{report}/reply", words=words, sure="1")
    assert [body for _, body in delivered(house)] == [words]


def test_counting_sends_nothing_and_says_what_it_costs(
    house: House, at_desk: Member, report: str
) -> None:
    path = f"/console/report/{report}/reply"
    latin = at_desk.sends(path, expect=200, words="a" * 161, weigh="1").text
    assert "161 characters, 2 segments" in latin
    arabic = at_desk.sends(path, expect=200, words="هل يمكنك الكلام الآن؟", weigh="1").text
    assert "21 characters, 1 segment" in arabic
    assert delivered(house) == []


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
    assert 'name="words"' not in page
    refused = at_desk.sends(f"/console/report/{receipt.report_id}/reply", expect=422, words="Hi")
    assert "Not sent" not in refused.text or "No way back" in refused.text


def test_a_second_click_on_the_same_form_sends_nothing(
    house: House, at_desk: Member, report: str
) -> None:
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
    at_desk.sends(f"/console/report/{report}/reply", words=WORDS)
    assert delivered(house) == [(maria.number, WORDS)]
    with hotline.store.read() as session:
        answers = open_answers(session, code, authors=hotline.authors, unread_only=False)
    assert answers.genuine == {}
    page = supervisor.opens("/console/alerts")
    assert "The key of a return code is not one that this house made" in page
