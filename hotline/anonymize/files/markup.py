"""Read XML out of files of strangers: no entities, no document types, a bounded depth, whatever it says of itself."""

from collections.abc import Callable
from xml.parsers import expat

from hotline.anonymize.files.parts import Broken

_DEEPEST = 200
_MOST_ELEMENTS = 300_000

Starts = Callable[[str, dict[str, str]], None]
Ends = Callable[[str], None]
Says = Callable[[str], None]


def walk(xml: bytes, starts: Starts, ends: Ends, says: Says) -> None:
    """Call back for each element's start and end and for each text, with names as they are written (``dc:creator``).

    Raises `Broken` for anything that is not plain, well-formed XML of a sane size.
    """
    parser = expat.ParserCreate()
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _DEEPEST or count > _MOST_ELEMENTS:
            raise Broken
        starts(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        ends(name)

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = says
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Broken from None


def _refuse(*_: object) -> None:
    """A document type serves entities, and entities serve bombs: nothing we read needs either."""
    raise Broken
