"""The interface to calls and recordings: call, list, fetch, hear, end, delete."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from hotline.demo import answers
from hotline.demo.answers import account_sid, error, gone, network, not_found, shown
from hotline.demo.calling.happenings import Step
from hotline.demo.calling.orders import CallOrder
from hotline.demo.calls import Call, Recording
from hotline.demo.orders import Refused

calls = Blueprint("calls", __name__)


@calls.get("/Calls.json")
def list_calls() -> Response:
    found = network().calls.newest(_is_wanted_call)
    return answers.page("calls", "Calls", found, lambda call: call.shown(account_sid()))


@calls.get("/Calls/<sid>.json")
def fetch_call(sid: str) -> Response:
    call = network().calls.find(sid)
    return shown(call.shown(account_sid())) if call else not_found()


@calls.post("/Calls.json")
def create_call() -> Response:
    word = network().weather.at("requests", request.form.get("To", ""))
    if failure := answers.mishap(word):
        return failure
    try:
        order = CallOrder.of(request.form)
        if word.isdecimal():
            raise Refused(int(word), to=order.to, sender=order.sender)
        call = network().call(order)
    except Refused as refused:
        return error(refused.refusal.status, refused.refusal.code, refused.message)
    created = call.shown(account_sid()) | {"status": "queued"}
    return answers.aftermath(word, shown(created, 201))


@calls.post("/Calls/<sid>.json")
def change_call(sid: str) -> Response:
    """End a call that is live, or let it go on with another document."""
    call, form = network().calls.find(sid), request.form
    if call is None:
        return not_found()
    if not call.is_live:
        return error(400, 21220, "Invalid call state")
    if form.get("Status") in ("completed", "canceled"):
        network().hang_up(sid)
        return shown(call.shown(account_sid()))
    step = Step(form.get("Url", ""), form.get("Method", "POST").upper())
    if not step.url or not network().exchange.redirects(sid, step):
        return error(400, 21220, "Call is not in-progress. Cannot redirect.")
    return shown(call.shown(account_sid()))


@calls.delete("/Calls/<sid>.json")
def delete_call(sid: str) -> Response:
    call = network().calls.find(sid)
    if call is None:
        return not_found()
    return _erase(call, lambda: network().calls.forget(sid), is_live=call.is_live)


@calls.get("/Recordings.json")
def list_recordings() -> Response:
    found = network().recordings.newest(_is_wanted_recording)
    return answers.page(
        "recordings", "Recordings", found, lambda recording: recording.shown(account_sid())
    )


@calls.get("/Recordings/<sid>.json")
def fetch_recording(sid: str) -> Response:
    recording = _recording(sid)
    return shown(recording.shown(account_sid())) if recording else not_found()


@calls.get("/Recordings/<string(length=34):sid>")
@calls.get("/Recordings/<sid>.wav")
def hear(sid: str) -> Response:
    recording = network().recordings.find(sid)
    if recording is None or recording.status != "completed":
        return not_found()
    length = {"Content-Length": str(recording.size)}
    return Response(recording.pieces(), mimetype="audio/x-wav", headers=length)


@calls.delete("/Recordings/<sid>.json")
def delete_recording(sid: str) -> Response:
    """Delete the sound at once; the record of it stays for 40 days, for those who ask for it by name."""
    recording = network().recordings.find(sid)
    if recording is None or recording.deleted:
        return not_found()
    return _erase(
        recording,
        lambda: recording.goes(network().clock()),
        is_live=recording.status in ("in-progress", "processing"),
    )


@calls.get("/Calls/<call>/Recordings.json")
def list_recordings_of(call: str) -> Response:
    found = network().recordings.newest(
        lambda one: one.call_sid == call and _is_wanted_recording(one)
    )
    return answers.page(
        "recordings",
        f"Calls/{call}/Recordings",
        found,
        lambda recording: recording.shown_in_call(account_sid()),
    )


@calls.get("/Calls/<call>/Recordings/<sid>.json")
def fetch_recording_of(call: str, sid: str) -> Response:
    recording = _recording(sid)
    if recording is None or recording.call_sid != call:
        return not_found()
    return shown(recording.shown_in_call(account_sid()))


@calls.delete("/Calls/<call>/Recordings/<sid>.json")
def delete_recording_of(call: str, sid: str) -> Response:
    recording = network().recordings.find(sid)
    if recording is None or recording.call_sid != call:
        return not_found()
    return delete_recording(sid)


def _erase(thing: Call | Recording, erase: Callable[[], None], *, is_live: bool) -> Response:
    word = network().weather.at("erasing", thing.phone)
    if failure := answers.mishap(word) or answers.put_off(thing, word, is_live=is_live):
        return failure
    erase()
    return answers.aftermath(word, gone())


def _recording(sid: str) -> Recording | None:
    """Return a recording that is there, or that one may still ask for."""
    recording = network().recordings.find(sid)
    return recording if recording and _is_remembered(recording) else None


def _is_remembered(recording: Recording) -> bool:
    asks = request.args.get("IncludeSoftDeleted", "").lower() == "true"
    if recording.deleted:
        return asks and recording.is_remembered(network().clock())
    return True


def _is_wanted_recording(recording: Recording) -> bool:
    return (
        answers.is_asked("CallSid", recording.call_sid)
        and answers.is_within(recording.created, "DateCreated")
        and _is_remembered(recording)
    )


def _is_wanted_call(call: Call) -> bool:
    return (
        answers.is_asked("To", call.to)
        and answers.is_asked("From", call.sender)
        and answers.is_asked("Status", call.status)
        and request.args.get("ParentCallSid", call.parent) == call.parent
        and answers.is_within(call.created, "StartTime")
        and answers.is_within(call.ended, "EndTime")
    )
