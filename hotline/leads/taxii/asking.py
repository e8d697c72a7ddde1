"""What a client asks of a list: the parameters of TAXII 2.1, section 3.4, read strictly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from werkzeug.datastructures import MultiDict

from hotline.errors import Malformed
from hotline.leads.shelving import in_milliseconds
from hotline.leads.stix import moment

MEDIA_TYPE = "application/taxii+json"
USUAL, MOST = 100, 1000
_RANGES = 64
_ONCE = (
    "added_after",
    "limit",
    "next",
    "match[id]",
    "match[type]",
    "match[version]",
    "match[spec_version]",
)
_CURSOR = re.compile(r"[0-9a-f]{1,12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_WORDS = {"first", "last", "all"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Objects whose `added` is greater than *after*. Empty *ids*, *types* or *versions* leave nothing out."""

    after: int = -1
    limit: int = USUAL
    ids: Sequence[str] = ()
    types: Sequence[str] = ()
    versions: Sequence[str] = ()
    nothing: bool = False


def read(query: MultiDict[str, str]) -> Asked:
    """Return what *query* asks for.

    Raises:
        Malformed: a parameter cannot be read, or comes twice.
    """
    if any(len(query.getlist(name)) > 1 for name in _ONCE):
        raise Malformed("a parameter comes twice")
    if any("\0" in given for given in query.values()):
        raise Malformed("a parameter is no text")
    specs = _several(query, "match[spec_version]")
    types, versions = _several(query, "match[type]"), _versions(_several(query, "match[version]"))
    if (len(types) or 1) * (len(versions) or 1) > _RANGES:
        raise Malformed("too many types and versions at once")
    return Asked(
        after=max(_added_after(query.get("added_after")), _next(query.get("next"))),
        limit=_limit(query.get("limit")),
        ids=_several(query, "match[id]"),
        types=types,
        versions=versions,
        nothing=bool(specs) and "2.1" not in specs,
    )


def only(asked: Asked, stix_id: str) -> Asked:
    """Return what is asked of one object: filters by id and type do not apply there."""
    if "\0" in stix_id:
        raise Malformed("an id is no text")
    return replace(asked, ids=(stix_id,), types=())


def cursor(added: int) -> str:
    """Return the ``next`` with which the page after *added* is asked for."""
    return f"{added:x}"


def speaks_taxii(accept: str | None) -> bool:
    """Tell whether a client that sends *accept* takes an answer in TAXII 2.1."""
    if accept is None or not accept.strip():
        return True
    return any(map(_is_ours, accept.split(",")))


def _is_ours(media_range: str) -> bool:
    kind, *parameters = (part.strip().lower() for part in media_range.split(";"))
    given = dict(part.partition("=")[::2] for part in parameters)
    if given.get("q", "").rstrip("0") in ("0.", "0") or given.get("q") == "0":
        return False
    if kind in ("*/*", "application/*"):
        return True
    return kind == MEDIA_TYPE and given.get("version", "2.1").strip('"') == "2.1"


def _several(query: MultiDict[str, str], name: str) -> list[str]:
    return [part for part in query.get(name, "").split(",") if part]


def read_cursor(given: str) -> int:
    """Return the `added` that a ``next`` of ours stands for."""
    if not _CURSOR.fullmatch(given):
        raise Malformed("next is not one of ours")
    return int(given, 16)


def _limit(given: str | None) -> int:
    if given is None:
        return USUAL
    if not (given.isascii() and given.isdigit() and int(given[:9])):
        raise Malformed("limit is not a whole number above zero")
    return min(int(given[:9]), MOST)


def _next(given: str | None) -> int:
    return -1 if given is None else read_cursor(given)


def _added_after(given: str | None) -> int:
    return -1 if given is None else in_milliseconds(_time(given))


def _versions(given: list[str]) -> list[str]:
    """Return the times asked for; none where a word means the one version that there is."""
    words = _WORDS.intersection(given)
    if "all" in words and len(given) > 1:
        raise Malformed("match[version] cannot be all and something else")
    times = [moment(_time(version)) for version in given if version not in _WORDS]
    return [] if words else times


def _time(given: str) -> datetime:
    if not _TIME.fullmatch(given):
        raise Malformed("a time is not written as the standard says")
    whole, _, fraction = given[:-1].partition(".")
    try:
        at = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise Malformed("a time does not exist") from None
    return at.replace(microsecond=int(fraction[:6].ljust(6, "0")))
