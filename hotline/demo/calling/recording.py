"""Record what is said at the other end, and tell the hotline of it as the weather allows."""

import math
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urljoin

from hotline.demo.calling import forms
from hotline.demo.calling.documents import Verb
from hotline.demo.calling.happenings import Ended, Happening, Key, Speaking, Step
from hotline.demo.calling.leg import Leg, Script
from hotline.demo.calls import Recording

_BEEP = 0.5
_HOUR = 3600
_EVERY_KEY = "1234567890*#"


@dataclass
class _Taking:
    """What one recording has got so far."""

    leg: Leg
    verb: Verb
    since: float
    sounds_until: float | None = None
    content: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.silence = self.verb.number("timeout", 5)
        self.end = self.since + self.verb.number("maxLength", _HOUR)
        self.finish = self.verb.asks.get("finishOnKey", _EVERY_KEY)

    @property
    def due(self) -> float:
        """The moment at which nobody has spoken for long enough, or at which it is long enough."""
        heard = self.since if self.sounds_until is None else self.sounds_until
        return min(self.end, heard + self.silence)

    def takes(self, event: Happening) -> None:
        if isinstance(event, Speaking):
            self.sounds_until = self.leg.now + event.seconds
            self.content += [event.content] if event.content else []

    def key(self) -> str:
        """Return the key that ends it, if one was pressed."""
        while self.leg.keys:
            key = self.leg.keys.popleft()
            if key in self.finish:
                return key
        return ""

    def seconds(self, ended_by: str) -> int:
        """Return how long it is; silence at its end is cut off, unless a key or the end of the call ended it."""
        now = self.leg.now
        if self.sounds_until is None:
            return math.ceil(now - self.since) if ended_by else 0
        until = now if ended_by else min(now, self.sounds_until)
        return max(1, math.ceil(until - self.since))


def record(leg: Leg, verb: Verb) -> Script:
    """Record until silence, a key, the longest time or the end of the call; of nothing, go on with what follows."""
    leg.answers()
    if verb.is_on("playBeep", default=True):
        leg.hears(_BEEP, by="beep")
        yield from leg.until(leg.now + _BEEP)
    leg.keys.clear()
    taking, key = _Taking(leg, verb, leg.now), ""
    leg.listens, leg.recorded_since = "record", leg.now
    try:
        while not key and leg.now < taking.due:
            event = yield taking.due
            if event is not None:
                taking.takes(event)
                key = taking.key() if isinstance(event, Key) else ""
    except Ended:
        step = _keeps(taking, "hangup") if taking.sounds_until is not None else None
        if step:
            leg.tells_last(step)
        raise
    finally:
        leg.listens, leg.recorded_since = "", None
    return _keeps(taking, key)


def _keeps(taking: _Taking, ended_by: str) -> Step | None:
    """Keep the recording and tell of it; return where the call goes on, or None where nothing was recorded."""
    leg, verb, exchange = taking.leg, taking.verb, taking.leg.exchange
    word = exchange.weather.at("recordings", leg.call.phone)
    seconds = {"empty": 0, "an hour": _HOUR}.get(word, taking.seconds(ended_by))
    is_absent = word == "absent" or (seconds == 0 and word != "empty")
    recording = Recording(leg.call.sid, seconds, "completed", created=exchange.clock())
    recording.content = b"" if word in ("empty", "an hour") else b"".join(taking.content)
    callback = (
        urljoin(leg.url, verb.asks["recordingStatusCallback"]) if _is_told(verb, is_absent) else ""
    )
    if is_absent:
        _tells(leg, callback, replace(recording, status="absent", seconds=0), word)
        return None
    exchange.recordings.keep(recording)
    _tells(leg, callback, recording, word)
    fields = {
        "RecordingUrl": str(recording.shown(exchange.account_sid)["media_url"]),
        "RecordingSid": recording.sid,
        "RecordingDuration": str(seconds),
        "Digits": ended_by,
    }
    return leg.at(verb.asks.get("action", ""), verb, **fields)


def _is_told(verb: Verb, is_absent: bool) -> bool:
    events = verb.asks.get("recordingStatusCallbackEvent", "completed").split()
    wanted = "absent" if is_absent else "completed"
    return bool(verb.asks.get("recordingStatusCallback")) and wanted in events


def _tells(leg: Leg, url: str, recording: Recording, word: str) -> None:
    """Call back: usually a moment after the call went on; before that, late, twice or never as the weather wants."""
    exchange = leg.exchange
    if not url or word == "lost":
        return
    tell = partial(
        exchange.webhooks.tell, url, forms.recording(recording, leg.call, exchange.account_sid)
    )
    if word == "before":
        tell()
        return
    late = exchange.weather.lateness if word == "late" else 0.0
    for _ in range(2 if word == "twice" else 1):
        exchange.sends_after(tell, late)
