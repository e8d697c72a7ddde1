"""Files as strangers send them, made of nothing but what a test says."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

OWNER = "Zdravka Quillmore"
WORDS = "they keep us in the warehouse and " + OWNER + " has the key"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    f' photoshop:City="Brackwater"><dc:creator><rdf:Seq><rdf:li>{OWNER}</rdf:li></rdf:Seq></dc:creator>'
    "<dc:title><rdf:Alt><rdf:li>we all sleep in the room</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def jpeg(*, exif: bool = True, xmp: str = XMP) -> bytes:
    picture, out = Image.new("RGB", (8, 8)), BytesIO()
    fields = Image.Exif()
    if exif:
        fields[0x013B] = OWNER
        fields[0x010F] = "Fairphone"
        fields[0x0132] = "2026:03:14 05:06:07"
        fields.get_ifd(0x8769).update({0xA430: OWNER, 0xA431: "SN-448-1", 0x829A: 0.02})
        fields.get_ifd(0x8825).update(
            {1: "S", 2: (33.0, 52.0, 4.0), 3: "E", 4: (151.0, 12.0, 36.0), 29: "2026:03:14"}
        )
    picture.save(out, "JPEG", exif=fields, xmp=xmp.encode(), comment=b"call me")
    return out.getvalue()


def with_iptc(picture: bytes) -> bytes:
    """Return a JPEG with a Photoshop segment that holds a byline and a town."""
    block = b"".join(
        bytes((0x1C, 2, number)) + struct.pack(">H", len(value)) + value
        for number, value in (
            (80, OWNER.encode()),
            (90, b"Brackwater"),
            (120, b"we all sleep in the room"),
        )
    )
    resource = (
        b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(block)) + block + b"\x00" * (len(block) % 2)
    )
    segment = b"Photoshop 3.0\x00" + resource
    return picture[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + picture[2:]


def png(*late: tuple[bytes, bytes]) -> bytes:
    """Return a PNG with an author, and *late* chunks behind its pixels."""
    out, texts = BytesIO(), PngImagePlugin.PngInfo()
    texts.add_text("Author", OWNER)
    texts.add_itxt("XML:com.adobe.xmp", XMP)
    Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=texts)
    content = out.getvalue()
    return content[:-12] + b"".join(chunk(*each) for each in late) + content[-12:]


def chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def pdf(*pages: str, password: str = "", enclosed: str = "") -> bytes:
    writer, out = PdfWriter(), BytesIO()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for words in pages or (WORDS,):
        page = writer.add_blank_page(600, 400)
        drawn = StreamObject()
        drawn.set_data(f"BT /F1 12 Tf 10 200 Td ({words}) Tj ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(drawn)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        note = DictionaryObject(
            {
                NameObject("/Subtype"): NameObject("/Text"),
                NameObject("/T"): TextStringObject(OWNER),
                NameObject("/Contents"): TextStringObject("look here"),
            }
        )
        page[NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
    writer.add_metadata(
        {"/Author": OWNER, "/Title": "we all sleep in the room", "/CreationDate": "D:20260314"}
    )
    if enclosed:
        writer.add_attachment(enclosed, b"x")
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


_CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t">'
    f"<dc:creator>{OWNER}</dc:creator><cp:lastModifiedBy>{OWNER}</cp:lastModifiedBy>"
    "<dc:title>we all sleep in the room</dc:title><dcterms:created>2026-03-14T05:06:07Z</dcterms:created></cp:coreProperties>"
)
_BODY = (
    '<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>they keep us in the </w:t></w:r><w:r><w:t>warehouse</w:t></w:r></w:p>'
    f'<w:p><w:ins w:author="{OWNER}" w:date="2026-03-14"><w:r><w:t>and {OWNER} has the key</w:t></w:r></w:ins></w:p>'
    "</w:body></w:document>"
)
_LINKS = '<Relationships><Relationship TargetMode="External" Target="file:///C:/Users/zdravka/"/></Relationships>'


def docx(**more: bytes) -> bytes:
    """Return a document; *more* are entries by name, with ``__`` for a slash and ``_`` for a dot."""
    entries = {
        "docProps/core.xml": _CORE.encode(),
        "word/document.xml": _BODY.encode(),
        "word/_rels/document.xml.rels": _LINKS.encode(),
    } | {name.replace("__", "/").replace("_", "."): content for name, content in more.items()}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()
