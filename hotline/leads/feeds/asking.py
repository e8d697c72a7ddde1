"""What a reader asks of a feed, read strictly: what nobody knows is refused, and not left out silently."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from hotline.errors import Malformed
from hotline.leads.agencies import Agency
from hotline.leads.codes import Theme

_NUMBERS = ("before", "since", "limit")
_LONGEST = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """Leads whose `added` is greater than *since* and, unless that is 0, smaller than *before*.

    An empty *country* or *theme* leaves nothing out. *nothing*: the agency was not admitted for what it names.
    """

    limit: int
    before: int = 0
    since: int = 0
    country: str = ""
    theme: str = ""
    nothing: bool = False

    @property
    def mark(self) -> str:
        """What tells the answers to two questions apart."""
        asked = f"{self.before:x}-{self.since:x}-{self.limit}-{self.country}-{self.theme}"
        return "nothing" if self.nothing else asked

    def query(self, **changes: int) -> str:
        """Return the query that asks for this with *changes*; it holds numbers and known codes only."""
        asked = {one.name: getattr(self, one.name) for one in fields(self)} | changes
        return urlencode(
            {name: value for name, value in asked.items() if value and name != "nothing"}
        )


def read(
    query: MultiDict[str, str], agency: Agency, *, usual: int, most: int, allowed: Collection[str]
) -> Asked:
    """Return what *query* asks for; *allowed* are the parameters that this feed knows.

    Raises:
        Malformed: a parameter cannot be read, comes twice, or is none of *allowed*.
    """
    if not set(query) <= set(allowed):
        raise Malformed("a parameter is not known here")
    if any(len(query.getlist(name)) > 1 for name in query):
        raise Malformed("a parameter comes twice")
    numbers = {name: _number(query[name]) for name in _NUMBERS if name in query}
    if not numbers.get("limit", usual):
        raise Malformed("a page holds at least one")
    country, theme = query.get("country", ""), query.get("theme", "")
    is_known = _is_in_scope(agency, country, theme)
    return Asked(
        limit=min(numbers.get("limit", usual), most),
        before=numbers.get("before", 0),
        since=numbers.get("since", 0),
        country=country if is_known else "",
        theme=theme if is_known else "",
        nothing=not is_known,
    )


def _is_in_scope(agency: Agency, country: str, theme: str) -> bool:
    themes = agency.themes or [known.value for known in Theme]
    return (not country or country in agency.countries) and (not theme or theme in themes)


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= _LONGEST):
        raise Malformed("a number cannot be read")
    return int(given)
