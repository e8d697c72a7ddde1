"""Calls steered from another process: a phone calls, hears, presses and says; time passes when it is told to."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from hotline.demo.answers import network
from hotline.demo.calling import Handset, Heard
from hotline.demo.calling.outgoing import MANNERS, Manners
from hotline.errors import Misconfigured

remote_calls = Blueprint("remote_calls", __name__, url_prefix="/calls")


@remote_calls.post("")
def dial() -> Response:
    """Let a phone call us: ``sender``, ``line``."""
    sent = sent_object()
    phone = network().dial(sender=str(sent.get("sender", "")), line=str(sent.get("line", "")))
    return jsonify(_shown(phone))


@remote_calls.get("")
def list_phones() -> Response:
    """Return the calls that the phone ``phone`` is in, or that make it ring."""
    return jsonify(
        [_shown(one) for one in network().exchange.on_phone(request.args.get("phone", ""))]
    )


@remote_calls.get("/<sid>")
def show(sid: str) -> Response:
    return jsonify(_shown(_phone(sid)))


@remote_calls.post("/<sid>")
def act(sid: str) -> Response:
    """Do what is named: ``presses`` keys, ``says`` words, ``speaks`` or ``waits`` for seconds, and so on."""
    phone, sent = _phone(sid), sent_object()
    for name, value in sent.items():
        if name not in _ACTS:
            raise Misconfigured("a phone cannot do this")
        try:
            _ACTS[name](phone, value)
        except (TypeError, ValueError):
            raise Misconfigured("this cannot be done so") from None
    return jsonify(_shown(phone))


@remote_calls.post("/manners")
def teach() -> Response:
    """Let the phone ``phone`` be picked up in the way ``word``, ``after`` so many seconds."""
    sent = sent_object()
    word, after = sent.get("word"), sent.get("after", 2.0)
    if (
        not isinstance(word, str)
        or word not in MANNERS
        or not isinstance(after, int | float)
        or after < 0
    ):
        raise Misconfigured("a phone has no such manners")
    network().exchange.manners[str(sent.get("phone", ""))] = Manners(word, float(after))
    return jsonify({"word": word})


_ACTS: Mapping[str, Callable[[Handset, Any], object]] = {
    "presses": lambda phone, keys: phone.presses(str(keys)),
    "says": lambda phone, words: phone.says(str(words)),
    "speaks": lambda phone, seconds: phone.speaks(float(seconds)),
    "waits": lambda phone, seconds: phone.waits(float(seconds)),
    "hears_out": lambda phone, _: phone.hears_out(),
    "picks_up": lambda phone, _: phone.picks_up(),
    "declines": lambda phone, _: phone.declines(),
    "hangs_up": lambda phone, _: phone.hangs_up(),
}


def _phone(sid: str) -> Handset:
    phone = network().exchange.handset(sid)
    if phone is None:
        raise Misconfigured("there is no such call")
    return phone


def _shown(phone: Handset) -> dict[str, Any]:
    return {
        "sid": phone.sid,
        "status": phone.status,
        "over": phone.is_over,
        "second": phone.second,
        "listens": phone.listens,
        "heard": [_heard(one) for one in phone.hears],
    }


def _heard(heard: Heard) -> dict[str, Any]:
    return {
        "words": heard.words,
        "locale": heard.locale,
        "sound": heard.sound,
        "by": heard.by,
        "from": heard.from_second,
        "to": heard.to_second,
        "cut": heard.is_cut,
    }


def sent_object() -> dict[str, Any]:
    """Return the JSON object that was sent."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Misconfigured("send a JSON object")
    return sent
