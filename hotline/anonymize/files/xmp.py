"""Read an XMP packet: the properties of a picture or document as RDF, in elements or in attributes."""

from hotline.anonymize.files.fields import label_of
from hotline.anonymize.files.markup import walk
from hotline.anonymize.files.parts import Broken, Found, Gap, Kind
from hotline.domain.identity import Label

_STRUCTURE = frozenset(
    {"rdf:RDF", "rdf:Description", "rdf:Seq", "rdf:Bag", "rdf:Alt", "rdf:li", "x:xmpmeta"}
)
_NOT_SAID = ("xmlns", "rdf:", "xml:", "x:xmptk")


def read_xmp(packet: bytes, found: Found) -> None:
    """Add what *packet* says to *found*; a broken one is a gap."""
    properties: list[str] = []
    said: list[str] = []

    def keep() -> None:
        text = "".join(said)
        said.clear()
        if text.strip():
            name = properties[-1] if properties else "xmp"
            found.add(Kind.XMP, name, text, _label(properties))

    def starts(name: str, attributes: dict[str, str]) -> None:
        keep()
        if name not in _STRUCTURE:
            properties.append(name)
        for attribute, value in attributes.items():
            if not attribute.startswith(_NOT_SAID):
                found.add(Kind.XMP, attribute, value, label_of(attribute) or _label(properties))

    def ends(name: str) -> None:
        keep()
        if properties and properties[-1] == name:
            properties.pop()

    try:
        walk(packet.strip(b"\x00 \r\n\t"), starts, ends, said.append)
    except Broken:
        found.gaps.add(Gap.BROKEN)


def _label(properties: list[str]) -> Label | None:
    """Return what the innermost field that says so is: the parts of a creator's address are no freer than the creator."""
    return next((label for name in reversed(properties) if (label := label_of(name))), None)
