"""The collections of an agency: everything it may read, and of that what is of one country or of one theme.

They are views of the same rows. Their ids follow from that of everything, which nobody else knows; an id that is none
of them is answered without a look at the database, whoever else's it may be.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from hotline.errors import NotFound
from hotline.leads.agency import Agency
from hotline.leads.codes import Theme

ALIAS = "leads"
STIX_TYPE = "application/stix+json;version=2.1"


@dataclass(frozen=True, slots=True)
class View:
    """What is read of *collection*: everything, or with *country* or *theme* that alone and what all leads share."""

    id: str
    collection: str
    title: str
    country: str = ""
    theme: str = ""


def find(agency: Agency, asked: str) -> View:
    """Return the view of *agency* that has the id or alias *asked*.

    Raises:
        NotFound: it has none; whether another agency has is not told, and not looked up.
    """
    name = asked.lower()
    view = _views(agency).get(agency.collection if name == ALIAS else name)
    if view is None:
        raise NotFound
    return view


def described(agency: Agency) -> list[dict[str, object]]:
    """Return the collections of *agency* as TAXII lists them: everything comes first."""
    return [describe(agency, view) for view in _views(agency).values()]


def describe(agency: Agency, view: View) -> dict[str, object]:
    """Return one collection as TAXII describes it."""
    is_whole = view.id == agency.collection
    return {
        "id": view.id,
        "title": view.title,
        **({"description": f"Countries: {', '.join(agency.countries)}"} if is_whole else {}),
        **({"alias": ALIAS} if is_whole else {}),
        "can_read": True,
        "can_write": False,
        "media_types": [STIX_TYPE],
    }


def view_id(collection: str, code: str) -> str:
    """Return the id of the view of *code*: a country (``GB``) or a theme (``theme:child``).

    TAXII wants ids in the shape of version 4.
    """
    made = uuid.uuid5(uuid.UUID(collection), code)
    return str(uuid.UUID(bytes=made.bytes, version=4))


def _views(agency: Agency) -> Mapping[str, View]:
    return _made(agency.collection, agency.name, agency.countries, agency.themes)


@lru_cache(maxsize=256)
def _made(
    collection: str, name: str, countries: tuple[str, ...], themes: tuple[str, ...]
) -> Mapping[str, View]:
    names = Locale("en").territories
    views = [View(collection, collection, f"Leads for {name}")]
    for code in countries:
        title = f"Leads of {names.get(code, code)}"
        views.append(View(view_id(collection, code), collection, title, country=code))
    for theme in themes or tuple(Theme):
        chosen = view_id(collection, f"theme:{theme}")
        views.append(View(chosen, collection, f"Leads of the theme {theme}", theme=str(theme)))
    return {view.id: view for view in views}
