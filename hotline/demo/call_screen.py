"""The phone's call screen: call the line as one of these people, hear it as captions, press keys, say something.

Without a script time stands still until a button lets it pass; a script lets it pass as it really does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from hotline import pages
from hotline.demo import cast, look
from hotline.demo.calling import Handset, Heard
from hotline.demo.provider import network
from hotline.errors import NotFound, Refused
from hotline.i18n import direction

call_screen = Blueprint("call_screen", __name__, url_prefix="/demo/call")

KEYS = "123456789*0#"
SHOWN, WITHHELD, SIP = "shown", "withheld", "sip"
_LONGEST = 400
_ANONYMOUS = "anonymous"
_PAUSE = 5
# What the provider calls some languages, in the words of a browser.
_TAGS = {"arb": "ar", "cmn-CN": "zh-CN", "cmn-TW": "zh-TW", "yue-CN": "zh-HK"}


@dataclass(frozen=True, slots=True)
class Caption:
    """Something that was heard, as the screen shows it. *sound* is where it can be heard again."""

    words: str
    by: str
    lang: str
    dir: str
    second: int
    sound: str


@call_screen.get("")
def show() -> Response:
    return _page(_chosen(request.args.get("who")))


@call_screen.post("/now")
def follow() -> Response:
    """Let as much time pass as really has, and show the phone as it is then; a script asks for this."""
    persona = _allowed()
    network().exchange.catches_up()
    return _page(persona, "demo/call_phone.html")


@call_screen.post("")
def act() -> AnyResponse:
    """Do what the pressed button says."""
    persona = _allowed()
    form, phone = request.form, _current(persona)
    if "key" in form and phone:
        phone.presses("".join(key for key in form["key"] if key in KEYS))
    elif form.get("does") == "call" and not (phone and not phone.is_over):
        _dial(persona, form.get("number", SHOWN))
    elif phone and not phone.is_over:
        _ACTS.get(form.get("does", ""), _nothing)(phone, persona, form)
    return redirect(url_for("call_screen.show", who=persona.key, number=form.get("number")), 303)


def _page(persona: cast.Persona, template: str = "demo/call.html") -> Response:
    phone = _current(persona)
    return look.page(
        template,
        persona=persona,
        personas=list(cast.personas().values()),
        desk=list(cast.desk().values()),
        is_desk=persona.key in cast.desk(),
        line=_line(),
        phone=phone,
        state=_state(phone),
        captions=_captions(phone) if phone else [],
        clock=_clock(max(phone.second, 0)) if phone else "0:00",
        keys=KEYS,
        ringing=_ringing(),
        numbers=(SHOWN, WITHHELD, SIP),
        number=request.values.get("number", SHOWN),
        pause=_PAUSE,
    )


def _allowed() -> cast.Persona:
    if pages.is_from_elsewhere():
        raise Refused
    return _chosen(request.form.get("who"))


def _chosen(who: str | None) -> cast.Persona:
    """Return who holds the phone.

    Raises:
        NotFound: nobody of that name has one.
    """
    people = cast.personas() | cast.desk()
    persona = people.get(who) if who else next(iter(people.values()))
    if persona is None:
        raise NotFound
    return persona


def _current(persona: cast.Persona) -> Handset | None:
    """Return the phone in the call that it is in, or was in last."""
    calls = network().exchange.calls_of(persona.number)
    live = [phone for phone in calls if not phone.is_over]
    return next(iter(live or calls), None)


def _state(phone: Handset | None) -> str:
    if phone is None:
        return "idle"
    if phone.is_over:
        return "over"
    return "ringing" if phone.is_ringing else "live"


def _line() -> str:
    return network().settings.voice_number or network().settings.sms_number


def _dial(persona: cast.Persona, number: str) -> None:
    digits = persona.number.removeprefix("+")
    sender = {WITHHELD: _ANONYMOUS, SIP: f"sip:{digits}@sip.example.org"}.get(
        number, persona.number
    )
    network().dial(sender=sender, line=_line(), phone=persona.number)


def _say(phone: Handset, persona: cast.Persona, form: Mapping[str, str]) -> None:
    words = form.get("words", "")[:_LONGEST].strip()
    if words:
        phone.says(words, locale=persona.language)
    else:
        phone.makes_noise()


def _nothing(_phone: Handset, _persona: cast.Persona, _form: Mapping[str, str]) -> None:
    pass


def _plainly(does: Callable[[Handset], object]) -> Callable[..., object]:
    return lambda phone, _persona, _form: does(phone)


_ACTS: Mapping[str, Callable[[Handset, cast.Persona, Mapping[str, str]], object]] = {
    "say": _say,
    "wait": _plainly(lambda phone: phone.waits(_PAUSE)),
    "hang up": _plainly(Handset.hangs_up),
    "drop": _plainly(Handset.drops),
    "pick up": _plainly(Handset.picks_up),
    "machine": _plainly(partial(Handset.picks_up, is_machine=True)),
    "decline": _plainly(Handset.declines),
}


def _captions(phone: Handset) -> list[Caption]:
    return [_caption(heard) for heard in phone.hears]


def _caption(heard: Heard) -> Caption:
    tag = _TAGS.get(heard.locale, heard.locale)
    return Caption(
        heard.words,
        "sound" if heard.sound and not heard.words else heard.by,
        tag,
        direction(tag.partition("-")[0]) if tag else "auto",
        int(heard.from_second),
        _address(heard.sound),
    )


def _address(digest: str) -> str:
    """Return where a sound of ours is, if this application serves it."""
    has_sounds = "voice_sounds" in current_app.blueprints and len(digest) == 64
    return url_for("voice_sounds.sound", digest=digest) if digest and has_sounds else ""


def _ringing() -> list[tuple[cast.Persona, Handset]]:
    """Return whose phones ring."""
    people = {one.number: one for one in (*cast.personas().values(), *cast.desk().values())}
    return [
        (people[phone.phone], phone)
        for phone in network().exchange.ringing()
        if phone.phone in people
    ]


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
