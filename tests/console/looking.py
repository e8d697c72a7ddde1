"""Noor, who looks at what was sent, with a fake where copies are made and where files are scanned."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import unescape
from io import BytesIO

from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline import audit
from hotline.anonymize.files.copies import (
    Clean,
    Content,
    CopyBroken,
    Fact,
    Made,
    Unclean,
)
from hotline.domain.report import Channel, IncomingMessage
from hotline.scanning import UNSCANNED, Verdict
from hotline.vault.attachments import HeldFile
from hotline.vault.tables import attachments
from tests.cast import Member
from tests.house import ORIGIN, House

PHOTO = b"\xff\xd8\xff" + b"taken by Maria Lopez, 12 Quay Street " * 20_000
DRAWN = b"\xff\xd8\xff drawn anew " * 9_000
ASKED = {"what": "1 attachments", "purpose": "understanding", "why": "see the door", "file": "1"}
FACTS = (Fact("time", "2026-11-03T14:22:05"), Fact("place", "41.38790, 2.16992"))
SAYS = "The file says: taken 3 Nov 2026 14:22, at 41.38790, 2.16992."


class Drawn(Content):
    """What a fake makes: *pieces*, then, with *breaks*, an end too early."""

    def __init__(self, *pieces: bytes, breaks: bool = False) -> None:
        self.pieces, self.breaks = pieces, breaks

    def __iter__(self):
        yield from self.pieces
        if self.breaks:
            raise CopyBroken

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        pass


def copy(
    content: bytes = DRAWN, kind: str = "image/jpeg", suffix: str = ".jpg", **more: object
) -> Clean:
    whole = {"made": Made.REDRAWN, "facts": FACTS, **more}
    breaks = bool(whole.pop("breaks", False))
    return Clean(kind, suffix, len(content), Drawn(content, breaks=breaks), **whole)


@dataclass
class Copier:
    """Stands where the copies are made; says what it is told to say, and remembers what it read."""

    makes: list[Clean | Unclean] = field(default_factory=list)
    read: list[bytes] = field(default_factory=list)

    def __call__(self, pieces: Iterable[bytes], name: str, kind: str) -> Clean | Unclean:
        self.read.append(b"".join(pieces))
        return self.makes.pop(0) if self.makes else copy()


@dataclass
class Scanner:
    """Says *verdict* of every file, after *takes* pieces of it."""

    verdict: Verdict = field(default_factory=lambda: Verdict(UNSCANNED))
    takes: int = 10**6
    read: list[bytes] = field(default_factory=list)

    def scan(self, pieces: Iterable[bytes]) -> Verdict:
        parts = []
        for piece in pieces:
            parts.append(piece)
            if len(parts) >= self.takes:
                break
        self.read.append(b"".join(parts))
        return self.verdict


def keeps(house: House, content: bytes = PHOTO, kind: str = "image/jpeg") -> str:
    file = HeldFile("IMG Maria Lopez.jpg", kind)
    file.add(content)
    file.finish()
    message = IncomingMessage(Channel.WEB, "look at the door", "en", media=1)
    reception = house.hotline.reception
    return reception.receive(message, at=house.clock(), files=[file]).report_id


@dataclass
class Looker:
    """Noor, who looks."""

    house: House
    noor: Member
    report: str
    copier: Copier
    scanner: Scanner

    def looks(self, expect: int = 200, **form: str) -> str:
        return self.sends("look", expect, **form).text

    def sends(self, act: str, expect: int = 200, **form: str) -> TestResponse:
        path = f"/console/report/{self.report}/{act}"
        return self.noor.sends(path, expect=expect, **{**ASKED, **form})

    def lists(self, **form: str) -> str:
        return self.sends("reveal", **form).text

    def gets(self, address: str, asked: str = "") -> TestResponse:
        headers = {"Range": asked} if asked else {}
        return self.noor.client.get(address, headers=headers, base_url=ORIGIN)

    def rows(self):
        with self.house.hotline.store.read() as session:
            return session.execute(select(attachments).order_by(attachments.c.number)).all()


def at_work(house: House, noor: Member) -> Looker:
    """Put a fake where copies are made and where they are scanned."""
    copier, scanner = Copier(), Scanner()
    looks = replace(house.hotline.looks, clean=copier, scanner=scanner)
    house.hotline = replace(house.hotline, looks=looks)
    house.app.extensions["hotline"] = house.hotline
    return Looker(house, noor, keeps(house), copier, scanner)


def src(text: str) -> str:
    found = re.search(r'src="(/console/report/[^"]+/file/[^"]+)"', text)
    assert found
    return found[1]


def lines(house: House) -> list[tuple[str, str, str]]:
    with house.hotline.store.read() as session:
        return [(line.did, line.who, line.what) for line in audit.page(session)]


def did(house: House) -> list[str]:
    return [one for one, _, _ in lines(house)]


def words(page: str) -> str:
    """Return what a page says, without what keeps its facts apart."""
    told = re.sub(r"<[^>]+>", " ", page).replace("\u2068", "").replace("\u2069", "")
    return " ".join(unescape(told).split())


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def photograph() -> bytes:
    """Return a picture that says when, where and by whom it was taken."""
    picture = Image.new("RGB", (64, 48), (200, 30, 30))
    exif = Image.Exif()
    exif[0x013B] = "Maria Lopez"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:03 14:22:05"
    exif.get_ifd(0x8825).update({1: "N", 2: (41.0, 23.0, 16.44), 3: "E", 4: (2.0, 10.0, 11.71)})
    into = BytesIO()
    picture.save(into, "JPEG", exif=exif)
    return into.getvalue()
