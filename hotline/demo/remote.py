"""The loopback provider steered from another process: its weather, its phones, and what it still holds.

It is for tests and drills, speaks JSON, and asks for no password: it must be reachable from this machine
only. A page of another site cannot use it: no browser sends JSON elsewhere without asking first, and a name
that somebody lets point here is refused.
"""

import base64
import binascii

from flask import Blueprint, Response, jsonify, request

from hotline.demo.answers import network
from hotline.demo.remote_calls import remote_calls, sent_object
from hotline.demo.texts import Text
from hotline.demo.weather import storm
from hotline.errors import Misconfigured

remote = Blueprint("remote", __name__, url_prefix="/demo/remote")
remote.register_blueprint(remote_calls)

_HERE = frozenset({"127.0.0.1", "localhost", "[::1]"})


@remote.before_request
def serve_this_machine() -> Response | None:
    """Refuse who calls this machine by a name of their own."""
    is_here = request.host.rpartition(":")[0] in _HERE or request.host in _HERE
    return None if is_here else _refused(403, "call 127.0.0.1")


@remote.before_request
def take_json_only() -> Response | None:
    """Refuse what a form of a foreign page could send."""
    if request.method == "POST" and request.mimetype != "application/json":
        return _refused(415, "send application/json")
    return None


@remote.errorhandler(Misconfigured)
def answer_to_nonsense(error: Misconfigured) -> Response:
    return _refused(400, str(error))


@remote.get("/weather")
def show_weather() -> Response:
    return jsonify(network().weather.shown())


@remote.post("/weather")
def change_weather() -> Response:
    """Let the weather become what is sent; ``storm`` is short for rates, ``clear`` ends all of it first."""
    written = sent_object()
    weather = network().weather
    if written.pop("clear", False):
        weather.clears()
    if "storm" in written:
        written["rates"] = storm(_number(written.pop("storm")))
    weather.becomes(written)
    return jsonify(weather.shown())


@remote.post("/texts")
def text() -> Response:
    """Let a phone text us: ``sender``, ``line``, ``body``, and ``pictures`` as pairs of kind and base64."""
    sent = sent_object()
    sid = network().text_us(
        sender=str(sent.get("sender", "")),
        line=str(sent.get("line", "")),
        body=str(sent.get("body", "")),
        pictures=[_picture(one) for one in sent.get("pictures", [])],
    )
    return jsonify({"sid": sid})


@remote.post("/phones")
def switch_phone() -> Response:
    """Switch the phone ``phone`` on or off, as ``on`` says."""
    sent = sent_object()
    phone = str(sent.get("phone", ""))
    if sent.get("on"):
        network().switch_on(phone)
    else:
        network().phones.switch_off(phone)
    return jsonify({"on": not network().phones.is_off(phone)})


@remote.get("/bubbles")
def show_bubbles() -> Response:
    """Return what a phone shows of its conversation with a line, oldest first."""
    phone, line = request.args.get("phone", ""), request.args.get("line", "")
    return jsonify(
        [
            {"text": one.text, "mine": one.is_mine, "at": one.at.isoformat(), "media": one.media}
            for one in network().bubbles(phone, line)
        ]
    )


@remote.get("/held")
def count_held() -> Response:
    """Return how much the provider still holds."""
    held = network()
    return jsonify(
        {
            "messages": len(held.texts(lambda _: True)),
            "media": sum(text.media for text in held.texts(_has_media)),
            "calls": len(held.calls),
            "recordings": len(held.recordings.newest(lambda one: one.deleted is None)),
        }
    )


@remote.post("/settle")
def settle() -> Response:
    """Wait until nothing is under way."""
    network().settle()
    return jsonify({})


def _has_media(text: Text) -> bool:
    return bool(text.media)


def _number(written: object) -> float:
    if not isinstance(written, int | float):
        raise Misconfigured("the strength of a storm is a number")
    return written


def _picture(sent: object) -> tuple[str, bytes]:
    if isinstance(sent, list) and len(sent) == 2 and all(isinstance(one, str) for one in sent):
        kind, content = map(str, sent)
        try:
            return kind, base64.b64decode(content, validate=True)
        except binascii.Error:
            pass
    raise Misconfigured("a picture is a kind and its content in base64")


def _refused(status: int, why: str) -> Response:
    response = jsonify({"error": why})
    response.status_code = status
    return response
