"""Office documents and PDFs as strangers send them, with everything that programs write into them about somebody."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from pypdf import PdfWriter
from pypdf.generic import (
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    create_string_object,
)

from tests.anonymize.files import made
from tests.anonymize.files.made import OWNER

TYPES = "application/vnd.openxmlformats-officedocument."
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    f"<dc:creator>{OWNER}</dc:creator><cp:lastModifiedBy>{OWNER}</cp:lastModifiedBy>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2026-03-14T05:06:07Z</dcterms:created></cp:coreProperties>'
)
OLD_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(entries: dict[str, bytes | str], *, first: str = "") -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content, ZIP_STORED if name == first else ZIP_DEFLATED)
    return out.getvalue()


def _package(main: str, kind: str, parts: dict[str, bytes | str], links: str = "") -> bytes:
    """Return a package (ECMA-376, part 2) whose main part is *main*; *links* are its relationships."""
    folder, _, name = main.partition("/")
    entries: dict[str, bytes | str] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/>'
        f'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        f'<Override PartName="/{main}" ContentType="{TYPES}{kind}.main+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATED}/officeDocument" Target="{main}"/>'
        '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
        ' Target="docProps/core.xml"/></Relationships>',
        f"{folder}/_rels/{name}.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>',
        "docProps/core.xml": CORE,
        "docProps/thumbnail.jpeg": made.jpeg(),
    }
    return zipped(entries | parts)


def docx() -> bytes:
    """Return a letter with a comment, a tracked change, a macro, a photograph and a link to somebody's disk."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f"{HEAD}<w:document {space}><w:body><w:p><w:r><w:t>They keep us in the warehouse.</w:t></w:r></w:p>"
        f'<w:p><w:ins w:id="1" w:author="{OWNER}" w:date="2026-03-14T05:06:07Z"><w:r><w:t>And more.</w:t></w:r></w:ins></w:p>'
        "</w:body></w:document>"
    )
    said = (
        f'{HEAD}<w:comments {space}><w:comment w:id="0" w:author="{OWNER}" w:date="2026-03-14T05:06:07Z" w:initials="ZQ">'
        "<w:p><w:r><w:t>look here</w:t></w:r></w:p></w:comment></w:comments>"
    )
    links = (
        f'<Relationship Id="r1" Type="{RELATED}/comments" Target="comments.xml"/>'
        f'<Relationship Id="r2" Type="{RELATED}/attachedTemplate" TargetMode="External" Target="file:///C:/Users/{OWNER}/a.dotx"/>'
    )
    parts = {
        "word/document.xml": body,
        "word/comments.xml": said,
        "word/vbaProject.bin": OLD_START + OWNER.encode("utf-16-le"),
        "word/media/one.jpg": made.jpeg(),
    }
    return _package("word/document.xml", "wordprocessingml.document", parts, links)


def xlsx() -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = {
        "xl/workbook.xml": f'{HEAD}<workbook {space} xmlns:r="{RELATED}"><sheets><sheet name="Pay" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet {space}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>They took the wages</t></is></c></row></sheetData></worksheet>',
    }
    links = f'<Relationship Id="r1" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
    return _package("xl/workbook.xml", "spreadsheetml.sheet", parts, links)


def pptx() -> bytes:
    space = f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{RELATED}"'
    parts = {
        "ppt/presentation.xml": f'{HEAD}<p:presentation {space}><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>',
        "ppt/slides/slide1.xml": f"{HEAD}<p:sld {space}><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>They locked the door</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>",
    }
    links = f'<Relationship Id="r1" Type="{RELATED}/slide" Target="slides/slide1.xml"/>'
    return _package("ppt/presentation.xml", "presentationml.presentation", parts, links)


def open_document(kind: str, body: str, *, is_locked: bool = False) -> bytes:
    """Return an OpenDocument file of *kind* that holds *body*."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "meta", "drawing")
    )
    locked = "<manifest:encryption-data/>" if is_locked else ""
    entries: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f'{HEAD}<office:document-content {spaces} office:version="1.2"><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>',
        "meta.xml": f'{HEAD}<office:document-meta {spaces} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><meta:initial-creator>{OWNER}</meta:initial-creator>'
        f"<dc:creator>{OWNER}</dc:creator><meta:creation-date>2026-03-14T05:06:07</meta:creation-date></office:meta></office:document-meta>",
        "META-INF/manifest.xml": f'{HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.{kind}"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{locked}</manifest:file-entry></manifest:manifest>',
        "Thumbnails/thumbnail.png": made.png(),
    }
    return zipped(entries, first="mimetype")


def rtf() -> bytes:
    return (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\author " + OWNER + r"}{\company Brackwater}"
        r"{\creatim\yr2026\mo3\dy14}}{\*\generator " + OWNER + r";}{\*\userprops {\propname x}{\staticval " + OWNER + r"}}"
        r"\f0 They keep us in the caf\'e9 \u8212?and{\b  more}.\par Second {\pict\jpegblip " + made.jpeg().hex() + r"}line.\par}"
    ).encode()  # fmt: skip


def old(part: str) -> bytes:
    """Return the beginning of an old document (MS-CFB) that has *part*."""
    directory = part.encode("utf-16-le").ljust(64, b"\x00")
    return OLD_START + bytes(504) + directory + bytes(448) + OWNER.encode("utf-16-le") + bytes(512)


def rich_pdf() -> bytes:
    """Return a PDF with an owner, notes, a file inside, a script, a bookmark, XMP, and a photograph that says who took it."""
    writer = PdfWriter(clone_from=BytesIO(made.pdf("They keep us here", "And more")))
    writer.add_attachment("quill.txt", OWNER.encode())
    script = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): create_string_object(f"app.alert('{OWNER}')"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_outline_item(title=OWNER, page_number=0)
    photo = StreamObject()
    photo._data = made.jpeg()
    photo.update(
        {NameObject(f"/{name}"): NameObject(f"/{value}") for name, value in (("Type", "XObject"), ("Subtype", "Image"), ("Filter", "DCTDecode"), ("ColorSpace", "DeviceRGB"))}
    )  # fmt: skip
    photo.update(
        {
            NameObject(f"/{name}"): NumberObject(8)
            for name in ("Width", "Height", "BitsPerComponent")
        }
    )
    page = writer.pages[0]
    page[NameObject("/Resources")][NameObject("/XObject")] = DictionaryObject(
        {NameObject("/P"): writer._add_object(photo)}
    )
    page[NameObject("/LastModified")] = create_string_object(OWNER)
    packet = StreamObject()
    packet.set_data(made.XMP.encode())
    packet.update(
        {NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")}
    )
    writer.root_object[NameObject("/Metadata")] = writer._add_object(packet)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_for_everybody() -> bytes:
    """Return a PDF that is encrypted, and opens without a password: it may only not be printed."""
    writer, out = PdfWriter(clone_from=BytesIO(made.pdf())), BytesIO()
    writer.add_metadata({"/Author": OWNER})
    writer.encrypt("", "quill")
    writer.write(out)
    # Its fields are encrypted; somebody wrote behind its end.
    return out.getvalue() + OWNER.encode()


def written_pdf(*objects: str | tuple[str, bytes]) -> bytes:
    """Return a PDF of *objects* as they are, numbered from one; the first is its catalogue."""
    out, places = BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, each in enumerate(objects, 1):
        said, stream = each if isinstance(each, tuple) else (each, None)
        places.append(out.tell())
        body = b"" if stream is None else b"\nstream\n" + stream + b"\nendstream"
        out.write(f"{number} 0 obj\n{said}".encode() + body + b"\nendobj\n")
    starts = out.tell()
    listed = "".join(f"{place:010} 00000 n \n" for place in places)
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{listed}".encode())
    out.write(
        f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{starts}\n%%EOF\n".encode()
    )
    return out.getvalue()


CATALOGUE = "<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = "<</Type/Pages/Count 1/Kids[3 0 R]>>"


def pdf_in_circles() -> bytes:
    """Return a PDF whose pages are their own parents, whose drawing draws itself."""
    drawing = b"/F Do"
    form = f"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length {len(drawing)}>>"
    return written_pdf(
        CATALOGUE,
        "<</Type/Pages/Count 2/Kids[3 0 R 2 0 R]/Parent 2 0 R>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        (f"<</Length {len(drawing)}>>", drawing),
        (form, drawing),
    )


def pdf_bomb(size: int = 1 << 28) -> bytes:
    """Return a PDF whose one drawing unpacks to *size* bytes, twice."""
    squeezer = zlib.compressobj(9)
    packed = b"".join(squeezer.compress(b" " * (1 << 20)) for _ in range(size >> 20))
    packed += squeezer.flush()
    return written_pdf(
        CATALOGUE,
        ONE_PAGE,
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents[4 0 R 4 0 R]>>",
        (f"<</Filter/FlateDecode/Length {len(packed)}>>", packed),
    )


def pdf_of_a_huge_picture(side: int = 50_000) -> bytes:
    packed = zlib.compress(bytes(1 << 20))
    return written_pdf(
        CATALOGUE,
        ONE_PAGE,
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>",
        ("<</Length 22>>", b"99 0 0 99 0 0 cm /P Do"),
        (f"<</Type/XObject/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode/Length {len(packed)}>>", packed),
    )  # fmt: skip


def pdf_of_size(width: float, height: float) -> bytes:
    return written_pdf(
        CATALOGUE, ONE_PAGE, f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]>>"
    )


def overlapping(count: int = 2_000) -> bytes:
    """Return a packed file whose entries are all the same bytes, each under a name of its own: small, and endless once unpacked."""
    name, text = b"word/document.xml", b"<a>" + b"0" * (10 << 20) + b"</a>"
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeezer.compress(text) + squeezer.flush()
    fields = struct.pack("<HHHHHIII", 20, 0, 8, 0, 0, zlib.crc32(text), len(packed), len(text))
    local = b"PK\x03\x04" + fields + struct.pack("<HH", len(name), 0) + name + packed
    listed = b"".join(
        b"PK\x01\x02\x14\x00" + fields + struct.pack("<HHHHHII", len(each), 0, 0, 0, 0, 0, 0) + each
        for each in (name, *(b"word/part%d.xml" % number for number in range(count)))
    )
    end = struct.pack("<HHHHIIH", 0, 0, count + 1, count + 1, len(listed), len(local), 0)
    return local + listed + b"PK\x05\x06" + end
