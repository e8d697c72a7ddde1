"""Lines of a call: they take their time, and something that happens may cut them short."""

from collections.abc import Generator, Sequence

from hotline.demo.calling.documents import Verb
from hotline.demo.calling.happenings import Happening
from hotline.demo.calling.heard import Heard
from hotline.demo.calling.leg import Leg

Minded = frozenset[type[Happening]]
Line = Generator[float | None, Happening | None, Happening | None]
"""Returns what cut it short, or None when it was heard to its end."""

_FOREVER = 1000


def lines(leg: Leg, parts: Sequence[Verb], minds: Minded) -> Line:
    """Say one line after the other, until something of what *minds* names happens."""
    for part in parts:
        event = yield from _LINES[part.name](leg, part, minds)
        if event is not None:
            return event
    return None


def say(leg: Leg, verb: Verb, minds: Minded) -> Line:
    language = verb.asks.get("language", "en-US")
    seconds = leg.exchange.takes(verb.words, language) + verb.pause
    for _ in range(_times(verb)):
        heard = leg.hears(seconds, words=verb.words, locale=language)
        event = yield from _lasts(leg, heard, minds)
        if event is not None:
            return event
    return None


def play(leg: Leg, verb: Verb, minds: Minded) -> Line:
    """Play a sound; one that cannot be fetched is passed over."""
    if "digits" in verb.asks:
        tones = leg.hears(len(verb.asks["digits"]) / 2, by="tones")
        return (yield from _lasts(leg, tones, minds))
    sound = leg.exchange.sound_at(leg.url, verb.words)
    if sound is None:
        return None
    for _ in range(_times(verb)):
        heard = leg.hears(sound.seconds, words=sound.words, locale=sound.locale, sound=sound.digest)
        event = yield from _lasts(leg, heard, minds)
        if event is not None:
            return event
    return None


def pause(leg: Leg, verb: Verb, minds: Minded) -> Line:
    return (yield from _waits(leg, leg.now + verb.number("length", 1), minds))


def _lasts(leg: Leg, heard: Heard, minds: Minded) -> Line:
    event = yield from _waits(leg, leg.now + heard.to_second - heard.from_second, minds)
    if event is not None:
        heard.to_second, heard.is_cut = leg.second, True
    return event


def _waits(leg: Leg, end: float, minds: Minded) -> Line:
    while leg.now < end:
        event = yield end
        if event is not None and type(event) in minds:
            return event
    return None


def _times(verb: Verb) -> int:
    return int(verb.number("loop", 1)) or _FOREVER


_LINES = {"Say": say, "Play": play, "Pause": pause}
