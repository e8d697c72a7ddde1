"""Other people in a call: phones that ring, machines that answer, queues in which one waits."""

import pytest

from hotline.demo.calling.outgoing import Manners
from tests.demo.calling.switchboard import INES, NOOR

DIAL = '<Dial action="/after" timeout="20"><Number url="/whisper">{}</Number></Dial>'
WHISPER = '<Gather numDigits="1" action="/take" timeout="10"><Say>Press 1 to take it.</Say></Gather><Hangup/>'
AFTER = "<Say>They are gone.</Say>"
QUEUE = '<Enqueue action="/after" waitUrl="/wait">ref</Enqueue><Say>Behind.</Say>'
WAIT = '<Say language="es-US">Un momento.</Say><Pause length="5"/>'
TAKE = "<Dial><Queue>ref</Queue></Dial>"


def words(phone):
    return [heard.words for heard in phone.hears if heard.words]


def rings(board, number=NOOR):
    (phone,) = board.network.exchange.on_phone(number)
    return phone


@pytest.fixture
def call(board):
    board.writes(DIAL.format(NOOR), whisper=WHISPER, take="<Pause/>", after=AFTER)
    return board.dials()


def test_a_phone_rings_is_whispered_to_and_joined(board, call):
    phone = rings(board)
    assert phone.is_ringing
    phone.picks_up()
    assert words(phone) == ["Press 1 to take it."]
    assert call.listens == "ring"
    phone.presses("1")
    phone.waits(1)
    assert call.listens == phone.listens == "talk"
    phone.says("Hello, I am Noor.")
    assert words(call) == ["Hello, I am Noor."]
    assert call.hears[-1].by == "person"
    call.says("Ayuda", locale="es")
    assert words(phone)[-1] == "Ayuda"
    phone.hangs_up()
    (form,) = board.forms("after")
    assert (form["DialCallStatus"], form["DialCallSid"], form["DialBridged"]) == (
        "completed",
        phone.sid,
        "true",
    )
    assert int(form["DialCallDuration"]) >= 1
    assert words(call)[-1] == "They are gone."


def test_the_whisper_is_asked_for_the_dialed_call(board, call):
    rings(board).picks_up()
    (form,) = board.forms("whisper")
    assert form["Direction"] == "outbound-dial"
    assert form["ParentCallSid"] == call.sid
    assert form["To"] == NOOR


@pytest.mark.parametrize(
    ("word", "status"), [("busy", "busy"), ("no answer", "no-answer"), ("failed", "failed")]
)
def test_a_phone_may_not_be_answered(board, word, status):
    board.network.exchange.manners[NOOR] = Manners(word)
    board.writes(DIAL.format(NOOR), whisper=WHISPER, after=AFTER)
    phone = board.dials()
    phone.waits(21)
    assert board.forms("after")[0]["DialCallStatus"] == status
    assert words(phone) == ["They are gone."]


def test_whoever_does_not_take_it_was_not_in_it(board, call):
    phone = rings(board)
    phone.picks_up()
    phone.waits(30)
    assert phone.is_over
    (form,) = board.forms("after")
    assert form["DialBridged"] == "false"


def test_a_caller_who_hangs_up_stops_the_ringing(board, call):
    phone = rings(board)
    call.hangs_up()
    assert phone.is_over
    assert phone.status == "no-answer"
    assert board.forms("after")[0]["DialCallStatus"] == "canceled"


def test_a_caller_who_hangs_up_ends_the_talk(board, call):
    phone = rings(board)
    phone.picks_up()
    phone.presses("1")
    phone.waits(1)
    call.hangs_up()
    assert phone.is_over
    assert board.forms("after")[0]["DialCallStatus"] == "completed"


def test_of_several_phones_the_first_that_is_ready_is_joined(board):
    board.writes(
        f"<Dial answerOnBridge='true'><Number>{NOOR}</Number><Number>{INES}</Number></Dial>"
    )
    call = board.dials()
    assert call.status == "ringing"
    noor, ines = rings(board), rings(board, INES)
    ines.picks_up()
    assert call.status == "in-progress"
    assert noor.is_over
    assert ines.listens == "talk"


def test_a_machine_is_told_from_a_person_when_asked(board):
    board.network.exchange.manners[NOOR] = Manners("machine")
    number = f'<Number url="/whisper" machineDetection="Enable">{NOOR}</Number>'
    board.writes(f'<Dial action="/after">{number}</Dial>', whisper="<Hangup/>", after=AFTER)
    board.dials().waits(10)
    assert board.forms("whisper")[0]["AnsweredBy"] == "machine_start"


# Queues.


def test_a_caller_waits_and_hears_the_waiting_again_and_again(board):
    board.writes(QUEUE, wait=WAIT)
    call = board.dials()
    call.waits(20)
    assert words(call)[:3] == ["Un momento."] * 3
    assert call.listens == "queue"
    first, second, *_ = board.forms("wait")
    assert first["QueueTime"] == "0"
    assert int(second["QueueTime"]) >= 5
    assert (first["QueuePosition"], first["CurrentQueueSize"]) == ("1", "1")


def test_somebody_takes_the_call_out_of_the_queue(board):
    board.writes(QUEUE, wait=WAIT, take=TAKE, after=AFTER)
    call = board.dials()
    call.waits(7)
    board.calls(Url=f"{board.url}/take")
    noor = rings(board)
    noor.picks_up()
    assert noor.listens == call.listens == "talk"
    noor.says("Hello")
    assert words(call)[-1] == "Hello"
    noor.hangs_up()
    (form,) = board.forms("after")
    assert (form["QueueResult"], form["QueueTime"]) == (
        "bridged",
        str(round(7 + call.hears[-2].to_second * 0)),
    )
    assert words(call)[-1] == "They are gone."


def test_a_caller_who_hangs_up_lets_the_other_go(board):
    board.writes(QUEUE, wait=WAIT, after=AFTER)
    board.documents["take"] = f"{TAKE}<Say>They hung up.</Say>"
    call = board.dials()
    board.calls(Url=f"{board.url}/take")
    noor = rings(board)
    noor.picks_up()
    call.hangs_up()
    assert words(noor) == ["They hung up."]
    assert board.forms("after")[0]["QueueResult"] == "bridged"


def test_a_caller_who_hangs_up_waits_no_more(board):
    board.writes(QUEUE, wait=WAIT, after=AFTER)
    call = board.dials()
    call.waits(3)
    call.hangs_up()
    assert board.forms("after")[0]["QueueResult"] == "hangup"
    assert not board.network.exchange.queue("ref").waiting


def test_a_document_lets_them_leave(board):
    board.writes(QUEUE, wait=[WAIT, "<Leave/>"], after=AFTER)
    call = board.dials()
    call.waits(10)
    assert board.forms("after")[0]["QueueResult"] == "leave"
    assert words(call)[-1] == "They are gone."


def test_keys_are_taken_while_one_waits(board):
    board.writes(QUEUE, after=AFTER)
    board.documents["wait"] = (
        '<Gather numDigits="1" action="/left" timeout="5"><Say>Press 9 to leave.</Say></Gather>'
    )
    board.documents["left"] = "<Leave/>"
    call = board.dials()
    call.presses("9")
    assert board.forms("after")[0]["QueueResult"] == "leave"


def test_a_full_queue_takes_nobody(board):
    board.writes(QUEUE.replace("<Enqueue", '<Enqueue maxQueueSize="0"'), after=AFTER)
    board.dials()
    assert board.forms("after")[0]["QueueResult"] == "queue-full"


def test_who_comes_first_to_the_queue_waits_for_a_call(board):
    board.writes(QUEUE, wait=WAIT, take=TAKE)
    board.dials().hangs_up()
    board.calls(Url=f"{board.url}/take")
    noor = rings(board)
    noor.picks_up()
    assert noor.listens == "ring"
    call = board.dials()
    assert noor.listens == call.listens == "talk"


def test_nobody_waits_at_a_queue_that_never_was(board):
    board.writes("<Dial action='/after'><Queue>none</Queue></Dial>", after=AFTER)
    board.dials()
    assert board.forms("after")[0]["DialCallStatus"] == "failed"
