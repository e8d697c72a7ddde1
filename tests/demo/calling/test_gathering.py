"""Keys and words: what interrupts, what is taken, and what silence is."""

import pytest

GOT = "<Say>Thank you.</Say><Pause length='60'/>"


def answers(board):
    return [(form.get("Digits"), form.get("SpeechResult")) for form in board.forms("got")]


def gathers(
    board, inside="<Say>Press a key.</Say>", after="<Say>Nothing.</Say><Pause length='60'/>", **asks
):
    given = {"action": "/got", **asks}
    board.writes(
        f"<Gather {' '.join(f'{k}={chr(34)}{v}{chr(34)}' for k, v in given.items())}>{inside}</Gather>{after}",
        got=GOT,
    )


def words(phone):
    return [heard.words for heard in phone.hears]


def test_a_key_interrupts_the_line(board):
    gathers(board, "<Say>A long line that nobody has to hear to its end.</Say>", numDigits=1)
    phone = board.dials()
    phone.waits(1)
    phone.presses("1")
    (line, *_) = phone.hears
    assert line.is_cut
    assert line.to_second == 1
    assert answers(board) == [("1", None)]
    assert words(phone)[-1] == "Thank you."


def test_without_barge_in_the_line_is_heard_and_the_key_counts(board):
    gathers(board, "<Say>A long line that has to be heard.</Say>", numDigits=1, bargeIn="false")
    phone = board.dials()
    phone.waits(1)
    phone.presses("1")
    assert not answers(board)
    phone.hears_out()
    phone.waits(0)
    assert not phone.hears[0].is_cut
    assert answers(board) == [("1", None)]


def test_what_is_typed_ahead_answers_the_next_question_unheard(board):
    board.writes(
        '<Say>Welcome to this line.</Say><Gather action="/got" numDigits="1"><Say>Which one?</Say></Gather>',
        got=GOT,
    )
    phone = board.dials()
    phone.presses("2")
    phone.waits(5)
    assert answers(board) == [("2", None)]
    assert "Which one?" not in words(phone)


def test_keys_beyond_the_answer_wait_for_the_next_question(board):
    gathers(board, numDigits=1)
    board.documents["got"] = ['<Gather action="/got" numDigits="2"/>', GOT]
    phone = board.dials()
    phone.presses("123")
    assert answers(board) == [("1", None), ("23", None)]


def test_a_key_that_is_held_down_answers_every_question(board):
    gathers(board, numDigits=1)
    board.documents["got"] = '<Gather action="/got" numDigits="1"/>'
    phone = board.dials()
    phone.holds("1", times=30)
    assert len(answers(board)) == 30
    assert not phone.is_over


def test_the_last_key_ends_an_answer_and_is_none_of_it(board):
    gathers(board)
    board.dials().presses("1234#")
    assert answers(board) == [("1234", None)]
    assert board.forms("got")[0]["FinishedOnKey"] == "#"


def test_without_a_last_key_every_key_counts(board):
    gathers(board, numDigits=2, finishOnKey="")
    board.dials().presses("#*")
    assert answers(board) == [("#*", None)]


def test_silence_goes_on_with_what_follows(board):
    gathers(board, timeout=4)
    phone = board.dials()
    phone.hears_out()
    end = phone.hears[-1].to_second
    phone.waits(4)
    assert phone.hears[-1].words == "Nothing."
    assert phone.hears[-1].from_second == pytest.approx(end + 4)
    assert not answers(board)


def test_silence_is_an_answer_where_it_was_asked_for(board):
    gathers(board, timeout=4, actionOnEmptyResult="true")
    phone = board.dials()
    phone.waits(30)
    assert answers(board) == [("", None)]


def test_a_last_key_alone_is_silence(board):
    gathers(board, actionOnEmptyResult="true")
    board.dials().presses("#")
    assert answers(board) == [("", None)]


def test_too_few_keys_are_taken_when_nothing_more_comes(board):
    gathers(board, numDigits=4, timeout=3)
    phone = board.dials()
    phone.presses("12")
    phone.waits(2.9)
    assert not answers(board)
    phone.waits(0.2)
    assert answers(board) == [("12", None)]


def test_without_an_address_the_same_document_is_asked(board):
    board.writes('<Gather numDigits="1"/>')
    board.documents["start"] = ['<Gather numDigits="1"/>', GOT]
    board.dials().presses("5")
    assert board.forms("start")[1]["Digits"] == "5"


def test_an_action_may_be_a_get_with_a_query(board):
    gathers(board, numDigits=1, action="/got?step=7", method="GET")
    board.dials().presses("5")
    (asked,) = [one for one in board.asked if one.path == "/got"]
    assert asked.method == "GET"
    assert asked.signed
    assert (asked.form["step"], asked.form["Digits"]) == ("7", "5")


def hears(board, **asks):
    gathers(board, **{"input": "dtmf speech", "language": "es-MX", "speechTimeout": "auto", **asks})


def test_words_are_recognized_with_a_confidence(board):
    hears(board)
    phone = board.dials()
    phone.says("Necesito ayuda", locale="es")
    assert answers(board) == [(None, "Necesito ayuda")]
    assert float(board.forms("got")[0]["Confidence"]) == 0.9
    assert phone.hears[0].is_cut


def test_a_key_goes_before_words(board):
    hears(board, numDigits=1)
    board.dials().presses("1")
    assert answers(board) == [("1", None)]


@pytest.mark.parametrize("says", ["noise", "another language"])
def test_what_is_not_understood_is_silence(board, says):
    hears(board)
    phone = board.dials()
    if says == "noise":
        phone.makes_noise()
    else:
        phone.says("Привет", locale="ru")
    phone.waits(10)
    assert not answers(board)
    assert words(phone)[-1] == "Nothing."


def test_where_nobody_listens_words_are_lost(board):
    gathers(board, timeout=5)
    phone = board.dials()
    phone.says("Hello")
    phone.waits(20)
    assert not answers(board)


def test_it_waits_while_somebody_speaks(board):
    hears(board, timeout=3)
    phone = board.dials()
    phone.hears_out()
    phone.speaks(12, words="a long account")
    assert not answers(board)
    phone.waits(1)
    assert answers(board) == [(None, "a long account")]
