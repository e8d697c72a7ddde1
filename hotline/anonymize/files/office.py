"""Read office documents (OOXML and OpenDocument): a ZIP of XML, unpacked only as far as a document is ever long."""

import zlib
from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from hotline.anonymize.files.fields import label_of
from hotline.anonymize.files.markup import walk
from hotline.anonymize.files.parts import Broken, Found, Gap, Kind
from hotline.anonymize.files.pictures import read_picture
from hotline.domain.identity import Label

_MOST_ENTRIES = 3_000
_MOST_UNPACKED = 48 << 20
_LARGEST_PICTURE = 8 << 20
_MOST_PICTURES = 50
_BLOCKS = frozenset(
    {"p", "h", "tr", "br", "si", "c", "row", "tab", "cr", "table-row", "line-break"}
)
_STYLES = (
    "theme/",
    "styles.xml",
    "settings.xml",
    "fontTable.xml",
    "webSettings.xml",
    "numbering.xml",
    "calcChain",
)
_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif", ".webp")
_PROPERTIES = ("docProps/", "meta.xml")
_ENCRYPTED = 0x1
# Who commented on it, or changed it, and when; the attributes that only lay it out have many names.
_TOLD_BY_ATTRIBUTES = frozenset({Label.PERSON, Label.DATE})


def read_office(content: bytes, found: Found) -> None:
    """Add what an office document says to *found*. Raises `Broken` where it is none, or unpacks to too much."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > _MOST_ENTRIES:
                raise Broken
            _Unpacking(packed, found).read(entries)
    # `zipfile` raises the third and fourth for a compression it does not know and for a locked entry.
    except (
        BadZipFile,
        LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ):
        raise Broken from None


class _Unpacking:
    """One document while it is read; *left* is what it may still unpack to, counted as it comes, not as it is declared."""

    def __init__(self, packed: ZipFile, found: Found) -> None:
        self.packed = packed
        self.found = found
        self.left = _MOST_UNPACKED
        self.pictures = 0

    def read(self, entries: list[ZipInfo]) -> None:
        # Who wrote it comes before what is written: a long text must not crowd out its author.
        for entry in sorted(entries, key=lambda each: not each.filename.startswith(_PROPERTIES)):
            if entry.flag_bits & _ENCRYPTED:
                self.found.gaps.add(Gap.ENCRYPTED)
            elif entry.filename.endswith(".xml"):
                self._xml(entry)
            elif entry.filename.endswith(".rels"):
                self._links(entry)
            elif not entry.is_dir():
                self._enclosed(entry)

    def _unpacked(self, entry: ZipInfo, most: int) -> bytes:
        with self.packed.open(entry) as file:
            content = file.read(min(most, self.left) + 1)
        self.left -= len(content)
        if self.left < 0 or len(content) > most:
            raise Broken
        return content

    def _xml(self, entry: ZipInfo) -> None:
        if any(style in entry.filename for style in _STYLES):
            return
        reader = _Words(entry.filename, self.found)
        try:
            walk(self._unpacked(entry, _MOST_UNPACKED), reader.starts, reader.ends, reader.says)
        finally:
            reader.keep()

    def _links(self, entry: ZipInfo) -> None:
        """Add where a document links to: addresses of pages, of mailboxes, of a folder on somebody's disk."""

        def starts(_: str, attributes: dict[str, str]) -> None:
            if attributes.get("TargetMode") == "External":
                self.found.add(Kind.TEXT, "link", attributes.get("Target", ""), label_of("baseurl"))

        walk(self._unpacked(entry, _MOST_UNPACKED), starts, _nothing, _nothing)

    def _enclosed(self, entry: ZipInfo) -> None:
        """Read a picture in the document as any picture; anything else in it is told as a gap, never unpacked further."""
        if entry.filename == "mimetype":
            return
        is_small = entry.file_size <= _LARGEST_PICTURE and self.pictures < _MOST_PICTURES
        if not entry.filename.lower().endswith(_PICTURES) or not is_small:
            self.found.gaps.add(Gap.NESTED)
            return
        self.pictures += 1
        content = self._unpacked(entry, _LARGEST_PICTURE)
        try:
            read_picture(content, self.found)
        except Broken:
            self.found.gaps.add(Gap.NESTED)


class _Words:
    """The text of one XML part, paragraph by paragraph; in properties, one field for each element."""

    def __init__(self, name: str, found: Found) -> None:
        self.name = name
        self.found = found
        self.are_properties = name.startswith(_PROPERTIES)
        self.elements: list[str] = []
        self.said: list[str] = []

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        if self.are_properties:
            self.keep()
        self.elements.append(name)
        for attribute, value in attributes.items():
            label = label_of(attribute)
            if label in _TOLD_BY_ATTRIBUTES:
                self.found.add(Kind.PROPERTY, attribute, value, label)
        if self.are_properties and "name" in attributes:
            self.found.add(Kind.PROPERTY, "name", attributes["name"])

    def ends(self, name: str) -> None:
        if self.are_properties:
            self.keep()
        elif name.rpartition(":")[2] in _BLOCKS:
            self.said.append("\n")
        if self.elements:
            self.elements.pop()

    def says(self, text: str) -> None:
        self.said.append(text)

    def keep(self) -> None:
        text = "".join(self.said)
        self.said.clear()
        if not text.strip():
            return
        if self.are_properties:
            name = self.elements[-1] if self.elements else self.name
            self.found.add(Kind.PROPERTY, name, text, label_of(name))
        else:
            self.found.add(Kind.TEXT, self.name, text)


def _nothing(_: str) -> None:
    """Stand where nothing is to be done."""
