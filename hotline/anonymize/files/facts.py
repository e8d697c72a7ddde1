"""Say in one form what a file says of where and when it was made, and by whom: what a caseworker may want to ask about.

Nothing of it is proof: everybody can write anything into the fields of a file.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone

from hotline.anonymize.files.copies import Fact
from hotline.anonymize.files.parts import Kind, Part

MOST_FACTS = 20
LONGEST_FACT = 200
_TAKEN = ("datetimeoriginal", "createdate", "datetimedigitized", "creationdate", "creation-date", "created", "datecreated", "date created", "datetime", "creation_time", "date")  # fmt: skip
_OFFSETS = {"datetimeoriginal": "offsettimeoriginal", "datetimedigitized": "offsettimedigitized", "datetime": "offsettime"}  # fmt: skip
_AUTHORS = ("artist", "author", "creator", "by-line", "byline", "cameraownername", "lastmodifiedby", "initial-creator", "xpauthor", "album_artist", "composer")  # fmt: skip
_PLACES = ("city", "location", "sublocation", "country", "state", "country-name")
_MAKES, _MODELS = ("make", "manufacturer"), ("model",)
_MOMENT = re.compile(
    r"\s*(?:D:)?(\d{4})(?:[-:/.]?(\d\d)(?:[-:/.]?(\d\d))?)?"
    r"(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?)?\s*(Z|[+-]\d\d'?:?(?:\d\d)?'?)?"
)
_POINT = re.compile(r"\s*([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)")
_DEGREES = re.compile(
    r"\s*(\d+)[,\s](\d+(?:\.\d+)?)(?:[,\s](\d+(?:\.\d+)?))?\s*([NSEW])", re.IGNORECASE
)
_LEAST = (1, 1, 1, 0, 0, 0)
# The moments that clocks which were never set stand at.
_NEVER = frozenset({1900, 1904, 1970})


def facts_of_parts(parts: Iterable[Part]) -> tuple[Fact, ...]:
    """Return what the fields of a picture or document say."""
    said: dict[str, list[str]] = {}
    for part in parts:
        if part.kind not in {Kind.TEXT, Kind.NAME}:
            said.setdefault(_name(part.field), []).append(part.text)
    return facts_of_fields(said)


def facts_of_fields(said: Mapping[str, list[str]]) -> tuple[Fact, ...]:
    """Return what fields say, by their names in lower case without what stands before them; each fact once."""
    facts: dict[tuple[str, str], Fact] = {}
    for kind, text in (
        *_places(said),
        *_times(said),
        *_makers(said),
        *_all(said, "author", _AUTHORS),
    ):
        shown = "".join(each for each in text if each.isprintable()).strip()[:LONGEST_FACT]
        if shown and len(facts) < MOST_FACTS:
            facts.setdefault((kind, shown), Fact(kind, shown))
    return tuple(facts.values())


def _name(field: str) -> str:
    return re.split(r"[:./}]", field.strip("/ "))[-1].lower()


def _all(
    said: Mapping[str, list[str]], kind: str, names: Iterable[str]
) -> Iterable[tuple[str, str]]:
    return ((kind, text) for name in names for text in said.get(name, ()))


def _places(said: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    written = (*said.get("gpsposition", ()), *said.get("iso6709", ()), *said.get("location", ()))
    found = [point for text in written if (point := point_of(text))]
    for latitude, longitude in zip(
        said.get("gpslatitude", ()), said.get("gpslongitude", ()), strict=False
    ):
        if point := _joined(_degrees(latitude), _degrees(longitude)):
            found.append(point)
    names = [
        text for _, text in _all(said, "", _PLACES) if not point_of(text) and not _POINT.match(text)
    ]
    return (("place", text) for text in (*found, *names))


def _times(said: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    for name in _TAKEN:
        offset = next(iter(said.get(_OFFSETS.get(name, ""), ())), "")
        for text in said.get(name, ()):
            if moment := moment_of(text, offset):
                yield "time", moment
    for day, clock in zip(said.get("gpsdatestamp", ()), said.get("gpstimestamp", ()), strict=False):
        if moment := _satellite_time(day, clock):
            yield "time", moment


def _makers(said: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    make = next((text.strip() for _, text in _all(said, "", _MAKES)), "")
    model = next((text.strip() for _, text in _all(said, "", _MODELS)), "")
    if make or model:
        yield "maker", model if model.startswith(make) and model else f"{make} {model}".strip()


def moment_of(text: str, offset: str = "") -> str:
    """Return the moment that *text* names in ISO 8601, as exactly as it does, with its offset if it is known; or nothing."""
    found = _MOMENT.match(text)
    if found is None:
        return ""
    _, month, day, hour, _, _, zone = found.groups()
    numbers = [int(each or least) for each, least in zip(found.groups(), _LEAST, strict=False)]
    try:
        moment = datetime(*numbers).replace(tzinfo=_zone(zone or offset))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return ""
    if (moment.year in _NEVER and (moment.month, moment.day) == (1, 1)) or moment.year < 1900:
        return ""
    if not (month and day):
        return moment.strftime("%Y-%m" if month else "%Y")
    if hour is None:
        return moment.date().isoformat()
    return moment.isoformat().replace("+00:00", "Z")


def _zone(text: str) -> timezone | None:
    digits = re.sub(r"\D", "", text)
    if text.strip() == "Z":
        return UTC
    if text[:1] not in {"+", "-"} or len(digits) not in {2, 4}:
        return None
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-away if text[0] == "-" else away)


def _satellite_time(day: str, clock: str) -> str:
    try:
        hours, minutes, seconds = (int(float(each)) for each in clock.replace(":", " ").split())
    except ValueError:
        return ""
    return moment_of(f"{day} {hours:02}:{minutes:02}:{seconds:02}Z")


def point_of(text: str) -> str:
    """Return the point that *text* names as degrees, ``+41.3879+002.1699/`` (ISO 6709) or ``41.3879, 2.1699``; or nothing."""
    if found := _POINT.match(text):
        return _joined(*map(_of_digits, found.groups(), (2, 3)))
    latitude, comma, longitude = text.partition(",")
    try:
        return _joined(float(latitude), float(longitude)) if comma else ""
    except ValueError:
        return ""


def _of_digits(text: str, whole: int) -> float:
    """Return degrees out of ±DD.D, ±DDMM.M or ±DDMMSS.S, with *whole* digits of degrees."""
    sign, digits = -1 if text[0] == "-" else 1, text[1:]
    before = len(digits.partition(".")[0])
    if before <= whole:
        return sign * float(digits)
    degrees, rest = float(digits[:whole]), digits[whole:]
    if before <= whole + 2:
        return sign * (degrees + float(rest) / 60)
    return sign * (degrees + float(rest[:2]) / 60 + float(rest[2:]) / 3600)


def _degrees(text: str) -> float | None:
    found = _DEGREES.match(text)
    if found is None:
        return None
    degrees, minutes, seconds, side = found.groups()
    value = float(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
    return -value if side.upper() in "SW" else value


def _joined(latitude: float | None, longitude: float | None) -> str:
    """Return a point of the earth; the one where devices are that know of none is nothing."""
    if latitude is None or longitude is None:
        return ""
    # A number that is none is within no limits.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return ""
    return f"{latitude:.5f}, {longitude:.5f}" if latitude or longitude else ""
