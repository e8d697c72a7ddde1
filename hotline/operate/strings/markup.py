"""Tags stay whole: a sentence on a page is not escaped, so that a link may stand in it."""

import re
from collections.abc import Iterator

from hotline.operate.strings.entries import TAG, Entry, Fault

_LOOSE = re.compile(r"[<>]")
_AMPERSAND = re.compile(r"&(?!#?\w+;)")


def tags(entry: Entry) -> Iterator[Fault]:
    wanted = sorted(TAG.findall(entry.sources[-1]))
    for said in entry.said:
        found = TAG.findall(said)
        if sorted(found) != wanted:
            yield Fault("other tags")
        elif not _closes(found):
            yield Fault("a tag that ends before it begins")


def signs(entry: Entry) -> Iterator[Fault]:
    """On a page a lone < or & is half of something."""
    if not any(place.endswith(".html") for place in entry.places):
        return
    for said in entry.said:
        rest = TAG.sub("", said)
        if _LOOSE.search(rest) or (
            _AMPERSAND.search(rest) and not _AMPERSAND.search(entry.sources[-1])
        ):
            yield Fault("a lone <, > or &")


def quotes(entry: Entry) -> Iterator[Fault]:
    """A straight quotation mark inside an attribute would end it."""
    if entry.is_in_attribute and any('"' in said for said in entry.said):
        yield Fault("a straight quotation mark inside an attribute")


def _closes(found: list[str]) -> bool:
    open_ones: list[str] = []
    for tag in found:
        name = tag.strip("</>").split()[0]
        if not tag.startswith("</"):
            open_ones += [] if tag.endswith("/>") else [name]
        elif not open_ones or open_ones.pop() != name:
            return False
    return not open_ones
