"""What points to whoever did it, and stays the same from report to report: a car, a number, an account, a page.

Two people write one plate in two ways. `same` is the form in which both are equal; it says nothing to a reader.
"""

import re
import unicodedata
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit

from hotline.errors import Malformed

LONGEST = 300
"""Characters of a selector."""

_LEAST = {"plate": 3, "number": 6, "handle": 2, "page": 4}
# Letters that plates in Cyrillic and in Latin script share, as the Vienna Convention on Road Traffic lets them be read.
_PLATE = str.maketrans("АВЕЗІЈКМНОРСТУХ", "ABE3IJKMHOPCTYX")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|msclkid|igsh(?:id)?|ref|source|share\w*")
_HOST = re.compile(r"^(?:www|m|mobile|\w\w)\.(?=[^.]+\.)")


class Kind(StrEnum):
    """*HANDLE* is an account somewhere; *PAGE* is an advertisement or another public page."""

    PLATE = "plate"
    NUMBER = "number"
    HANDLE = "handle"
    PAGE = "page"


class SelectorTooShort(Malformed):
    default_message = "too little is left of it to find it again"


def same(kind: Kind, text: str) -> str:
    """Return the form in which two spellings of one selector are equal.

    A number is compared by its last nine digits, so that it is the same with and without its country's prefix.

    Raises:
        SelectorTooShort: so little is left that anything would be equal to it.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).strip()
    found = _FORMS[kind](plain)
    if len(found) < _LEAST[kind]:
        raise SelectorTooShort
    return found


def _plate(text: str) -> str:
    return "".join(filter(str.isalnum, _digits(text).upper().translate(_PLATE)))


def _number(text: str) -> str:
    return "".join(filter(str.isdigit, _digits(text)))[-9:]


def _handle(text: str) -> str:
    """Return the name of an account, also where the address of its page was written."""
    name = urlsplit(text).path.strip("/").split("/")[-1] if "://" in text else text
    return name.casefold().lstrip("@").strip()


def _page(text: str) -> str:
    """Return host and path, and what of the query says which page it is."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").removesuffix(".")
    except ValueError:
        return ""
    named = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0]))
    query = f"?{urlencode(named)}" if named else ""
    return f"{_HOST.sub('', host)}{parts.path.rstrip('/')}{query}" if host else ""


def _digits(text: str) -> str:
    """Return *text* with digits of every script as those of ours."""
    return "".join(str(unicodedata.digit(one, one)) for one in text)


_FORMS = {Kind.PLATE: _plate, Kind.NUMBER: _number, Kind.HANDLE: _handle, Kind.PAGE: _page}
