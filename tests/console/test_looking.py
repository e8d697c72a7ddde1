"""A file is looked at by its clean copy: made once, sealed beside its original, shown folded; the original stays as it was."""

import hashlib
import re
import tracemalloc
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hotline import audit
from hotline.anonymize.files.copies import (
    Clean,
    Content,
    CopyBroken,
    Fact,
    Made,
    Unclean,
    Why,
)
from hotline.custody import Match, matches
from hotline.domain.report import Channel, IncomingMessage
from hotline.reports.tables import reports
from hotline.scanning import CLEAN, FOUND, UNSCANNED, NoScanner, Verdict
from hotline.vault import stream
from hotline.vault.asked import GRANT
from hotline.vault.attachments import HeldFile, forget
from hotline.vault.tables import attachment_chunks, attachment_days, attachments, unfinished_files
from tests.cast import Member
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House, found_house

PHOTO = b"\xff\xd8\xff" + b"taken by Maria Lopez, 12 Quay Street " * 20_000
DRAWN = b"\xff\xd8\xff drawn anew " * 9_000
ASKED = {"what": "1 attachments", "purpose": "translation", "why": "to see the door", "file": "1"}
FACTS = (Fact("time", "2026-11-03T14:22:05"), Fact("place", "41.38790, 2.16992"))
SAYS = "The file says: taken 3 Nov 2026 14:22, at 41.38790, 2.16992."


class Drawn(Content):
    """What a fake makes: *pieces*, then, with *breaks*, an end too early."""

    def __init__(self, *pieces: bytes, breaks: bool = False) -> None:
        self.pieces, self.breaks = pieces, breaks

    def __iter__(self):
        return self

    def __next__(self):
        raise NotImplementedError

    def __enter__(self):
        yield_from = list(self.pieces)

        def each():
            yield from yield_from
            if self.breaks:
                raise CopyBroken

        return each()

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


@pytest.fixture
def looker(house: House, at_desk: Member) -> Looker:
    return at_work(house, at_desk)


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


def test_the_clean_copy_is_the_first_act_of_a_file(looker: Looker) -> None:
    page = looker.lists()
    first = re.search(r'<p class="acts"><button[^>]*>', page)
    assert first
    assert "act--main" in first[0]
    assert f'formaction="/console/report/{looker.report}/look"' in first[0]
    assert "Take out the original" in page
    assert looker.copier.read == []


def test_the_first_look_makes_it_and_the_next_only_opens_it(looker: Looker) -> None:
    page = looker.looks()
    assert looker.copier.read == [PHOTO]
    picture = looker.gets(src(page))
    assert (picture.status_code, picture.data) == (200, DRAWN)
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["Cache-Control"] == "no-store"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Disposition" not in picture.headers
    again = looker.looks()
    assert looker.gets(src(again)).data == DRAWN
    assert len(looker.copier.read) == 1
    assert len(looker.rows()) == 2


def test_each_look_is_written_down_and_the_copy_with_its_digest(looker: Looker) -> None:
    looker.looks()
    looker.looks()
    assert did(looker.house).count("reveal") == 2
    (made,) = [line for line in lines(looker.house) if line[0] == "cleaned"]
    row = looker.rows()[1]
    assert made[2] == f"1 file2={row.digest.hex()[:32]}"
    assert made[1] != "system"
    hotline = looker.house.hotline
    with hotline.store.read() as session:
        log = audit.of_report(session, looker.report)
        found = matches(session, looker.report, log)
    assert {part.name for part in found if part.is_file} == {"file1", "file2"}
    assert {part.match for part in found} == {Match.SAME}


def test_a_supervisor_reads_in_the_audit_what_was_made(looker: Looker, supervisor: Member) -> None:
    looker.sends("file-says", 303, key=key_of(looker.looks()))
    page = words(supervisor.opens("/console/audit"))
    assert "made a clean copy of a file" in page
    assert "kept what a file says of itself" in page
    assert "attachment of message 1" in page
    assert "41.38790" not in page


def test_a_large_file_is_never_held_whole(looker: Looker) -> None:
    size = 24 << 20
    looker.report = keeps(looker.house, bytes(size))
    piece = bytes(1 << 16)

    def streams(pieces: Iterable[bytes], name: str, kind: str) -> Clean:
        assert sum(map(len, pieces)) == size
        content = Drawn(*[piece] * (size // len(piece)))
        return Clean("video/mp4", ".mp4", size, content, Made.STREAMS)

    looks = replace(looker.house.hotline.looks, clean=streams, scanner=NoScanner())
    looker.house.app.extensions["hotline"] = replace(looker.house.hotline, looks=looks)
    tracemalloc.start()
    page = looker.looks()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 << 20
    assert len(looker.gets(src(page), "bytes=0-99").data) == 100


def test_a_picture_is_folded_and_grey_behind_a_note_and_nothing_plays(looker: Looker) -> None:
    answer = looker.sends("look")
    page = answer.text
    assert '<details class="fold look"' in page
    assert "<details open" not in page
    assert page.index("look-note") < page.index("<details")
    image = re.search(r"<img[^>]*>", page)
    assert image
    assert 'loading="lazy"' in image[0]
    assert re.search(r'alt="[^"]{20,}"', image[0])
    assert "autoplay" not in page
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", image[0])
    assert faults_in(page) == []
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self'" in policy
    assert "media-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Refresh"] == f"900; url=/console/report/{looker.report}"


def test_nothing_identifying_stands_in_title_or_address(looker: Looker) -> None:
    page = looker.looks()
    assert re.findall(r"<title>([^<]*)", page) == [re.search(r"<title>([^<]*)", page)[1]]
    title = re.search(r"<title>([^<]*)", page)[1]
    for told in ("Maria", "IMG", "41.3", looker.report):
        assert told not in title
        assert told not in src(page).replace(looker.report, "")
    assert "IMG Maria" not in page


@pytest.mark.parametrize(
    ("kind", "suffix", "tag"),
    [
        ("video/mp4", ".mp4", '<video class="look__picture" controls preload="none"'),
        ("audio/ogg", ".ogg", '<audio class="listen" controls preload="none"'),
    ],
)
def test_sound_and_film_are_played_by_the_browser_alone(
    looker: Looker, kind: str, suffix: str, tag: str
) -> None:
    looker.copier.makes = [copy(kind=kind, suffix=suffix, made=Made.STREAMS)]
    answer = looker.sends("look")
    page = answer.text
    assert answer.headers["Refresh"].startswith("7200;")
    assert tag in page
    part = looker.gets(src(page), "bytes=5-9")
    assert (part.status_code, part.data) == (206, DRAWN[5:10])
    assert part.headers["Content-Type"] == kind
    assert faults_in(page) == []


@pytest.mark.parametrize(("kind", "suffix"), [("application/pdf", ".pdf"), ("text/plain", ".txt")])
def test_pages_and_words_are_saved_under_a_neutral_name(
    looker: Looker, kind: str, suffix: str
) -> None:
    looker.copier.makes = [copy(b"%PDF-1.7 pages", kind, suffix, made=Made.PAGES)]
    page = looker.looks()
    assert "/file/" not in page
    assert "Save the clean copy" in page
    saved = looker.sends("attachment", file="2")
    assert saved.data == b"%PDF-1.7 pages"
    assert saved.headers["Content-Disposition"] == f'attachment; filename="2{suffix}"'
    assert saved.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", ""])
def test_a_copy_of_a_kind_that_runs_is_never_shown_here(looker: Looker, kind: str) -> None:
    looker.copier.makes = [copy(kind=kind, suffix="")]
    assert "/file/" not in looker.looks()


@pytest.mark.parametrize("why", list(Why))
def test_without_a_copy_the_page_says_why_and_offers_the_original(looker: Looker, why: Why) -> None:
    looker.copier.makes = [Unclean(why, FACTS)]
    page = looker.looks()
    assert "There is no clean copy of it" in page
    assert "Take out the original" in page
    assert "It could not be copied." not in page
    assert SAYS in words(page)
    assert faults_in(page) == []
    assert len(looker.rows()) == 1
    # What cannot help is not tried again; what can, is.
    looker.looks()
    tries_again = why in (Why.BUSY, Why.TOOK_TOO_LONG)
    assert len(looker.copier.read) == (2 if tries_again else 1)
    assert ("Try again</button>" in page) == tries_again
    assert (len(looker.rows()) == 2) == tries_again


def test_a_copy_that_ends_too_early_leaves_nothing(looker: Looker) -> None:
    looker.copier.makes = [copy(DRAWN * 20, breaks=True)]
    page = looker.looks()
    assert "It is damaged" in page
    assert len(looker.rows()) == 1
    with looker.house.hotline.store.read() as session:
        assert session.execute(select(unfinished_files)).all() == []
        chunks = session.execute(select(attachment_chunks.c.attachment_id).distinct())
        assert chunks.scalars().all() == [looker.rows()[0].id]


def test_the_original_is_handed_out_byte_for_byte_as_the_log_says_it_came(looker: Looker) -> None:
    looker.looks()
    came = looker.sends("attachment")
    assert hashlib.sha256(came.data).digest() == hashlib.sha256(PHOTO).digest()
    assert came.headers["Content-Disposition"] == 'attachment; filename="1"'
    row = looker.rows()[0]
    received = [what for one, _, what in lines(looker.house) if one == "receive"]
    assert f"1 file1={row.digest.hex()[:32]}" in received


def test_a_copy_takes_no_room_from_the_reporter_and_counts_for_the_day(looker: Looker) -> None:
    store = looker.house.hotline.store
    full = update(attachment_days).values(chunks=1 << 30)
    store.write(lambda session: session.execute(full))
    looker.looks()
    assert len(looker.rows()) == 2
    with store.read() as session:
        chunks = session.execute(select(attachment_days.c.chunks)).scalar_one()
    assert chunks == (1 << 30) + looker.rows()[1].chunks


def test_a_copy_is_no_file_to_be_copied(looker: Looker) -> None:
    looker.looks()
    looker.looks(expect=404, file="2")
    looker.looks(expect=404, file="3")
    looker.looks(expect=404, file="x")


def test_without_a_reason_nothing_opens_and_nothing_is_made(looker: Looker) -> None:
    page = looker.looks(expect=422, why="")
    assert "Say why first" in page
    assert "reveal" not in did(looker.house)
    assert looker.copier.read == []


def test_the_original_itself_is_never_shown_in_a_page(looker: Looker) -> None:
    page = looker.looks()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    its = src(page).rpartition("/")[0]
    assert looker.gets(f"{its}/{key[1]}").status_code == 404


def test_a_ticket_for_a_copy_is_nobody_elses_and_ends(
    house: House, looker: Looker, supervisor: Member
) -> None:
    address = src(looker.looks())
    assert supervisor.client.get(address, base_url=ORIGIN).status_code == 404
    stranger = house.app.test_client().get(address, base_url=ORIGIN)
    assert stranger.headers["Location"] == "/console/signin"
    house.hotline.store.write(lambda session: forget(session, looker.report))
    assert looker.gets(address).status_code == 404


def test_a_report_of_another_desk_is_not_looked_at(house: House, looker: Looker) -> None:
    address = src(looker.looks())
    its = update(reports).values(desk="elsewhere")
    house.hotline.store.write(lambda session: session.execute(its))
    assert looker.gets(address).status_code == 404
    looker.looks(expect=404)


def test_whoever_may_not_reveal_makes_nothing(looker: Looker, auditor: Member) -> None:
    auditor.sends(f"/console/report/{looker.report}/look", expect=403, **ASKED)
    assert looker.copier.read == []


def test_what_the_file_says_is_shown_with_the_files_and_never_otherwise(looker: Looker) -> None:
    assert SAYS not in words(looker.lists())
    assert SAYS in words(looker.looks())
    assert SAYS in words(looker.lists())
    report = looker.noor.opens(f"/console/report/{looker.report}")
    for told in ("41.38790", "14:22", "taken 3 Nov"):
        assert told not in report
    assert "41.38790" not in looker.sends("reveal", what="1 words").text


def test_the_report_says_how_many_files_and_copies_there_are(looker: Looker) -> None:
    path = f"/console/report/{looker.report}"
    assert "1 file" in words(looker.noor.opens(path))
    assert "clean cop" not in words(looker.noor.opens(path))
    looker.looks()
    assert "1 file, 1 clean copy" in words(looker.noor.opens(path))


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_what_the_file_says_is_kept_as_words_without_who_and_where(looker: Looker) -> None:
    sent = looker.sends("file-says", 303, key=key_of(looker.looks()))
    assert sent.headers["Location"].endswith("#message-2")
    page = words(looker.noor.opens(f"/console/report/{looker.report}"))
    assert "kept by Noor : what file 1 of message 1 says of itself" in page
    assert "The file says: taken" in page
    assert "41.38790" not in page
    assert did(looker.house)[0] == "file_said"
    assert SAYS in words(looker.sends("reveal", what="2 words").text)
    # Once is enough: the next page leads there.
    listed = looker.lists()
    assert "Kept as words in message 2" in words(listed)
    assert 'name="key"' not in listed
    with looker.house.hotline.store.read() as session:
        found = matches(session, looker.report, audit.of_report(session, looker.report))
    assert {part.match for part in found} == {Match.SAME}


def test_it_is_kept_once_however_often_it_is_asked_for(looker: Looker) -> None:
    key = key_of(looker.looks())
    for _ in range(2):
        sent = looker.sends("file-says", 303, key=key)
        assert sent.headers["Location"].endswith("#message-2")
    # A later look does not forget it.
    looker.looks()
    assert "Kept as words in message 2" in words(looker.lists())


def test_nothing_is_kept_without_having_looked(
    house: House, looker: Looker, supervisor: Member
) -> None:
    key = key_of(looker.looks())
    path = f"/console/report/{looker.report}/file-says"
    supervisor.sends(path, expect=404, key=key)
    looker.sends("file-says", 404, key="x")
    # Nor of a copy, which says nothing.
    looker.sends("file-says", 404, key=src(looker.looks()).rpartition("/")[2])


def test_a_file_is_scanned_once_at_its_first_look(looker: Looker) -> None:
    looker.scanner.verdict = Verdict(CLEAN)
    page = looker.looks()
    assert looker.scanner.read == [PHOTO]
    assert "Scanned: nothing harmful that is known." in page
    looker.looks()
    looker.sends("attachment")
    assert len(looker.scanner.read) == 1
    assert "Scanned: nothing harmful that is known." in looker.lists()


def test_a_file_is_scanned_also_where_nobody_looked_first(looker: Looker) -> None:
    looker.scanner.verdict = Verdict(FOUND, "Win.Test.EICAR_HDB-1")
    page = looker.sends("attachment", 409).text
    assert "Win.Test.EICAR_HDB-1" in page
    assert PHOTO[:64] not in page.encode()
    assert faults_in(page) == []


def test_without_a_scanner_it_says_so_and_asks_again_next_time(looker: Looker) -> None:
    assert "Not scanned for harmful programs." in looker.looks()
    looker.scanner.verdict = Verdict(CLEAN)
    assert "Scanned: nothing harmful that is known." in looker.looks()
    assert len(looker.copier.read) == 1


@pytest.mark.parametrize("takes", [1, 10**6])
def test_what_was_found_in_leaves_only_after_a_second_word(looker: Looker, takes: int) -> None:
    looker.scanner.verdict, looker.scanner.takes = Verdict(FOUND, "Pdf.Exploit.X-1"), takes
    page = looker.looks()
    assert "The scanner found something harmful: Pdf.Exploit.X-1" in words(page)
    # The copy is made all the same: it is what is safe to look at.
    assert looker.gets(src(page)).data == DRAWN
    warned = looker.sends("attachment", 409)
    assert "Nothing was handed out yet" in warned.text
    assert PHOTO[:64] not in warned.data
    assert looker.sends("attachment", sure="1").data == PHOTO
    assert looker.sends("attachment", file="2").data == DRAWN


def test_a_harmful_sound_is_not_played_as_it_came(house: House, looker: Looker) -> None:
    looker.report = keeps(house, kind="audio/ogg")
    looker.scanner.verdict = Verdict(FOUND, "Bad.Sound-1")
    page = looker.sends("listen", 409)
    assert "<audio" not in page.text


@pytest.mark.parametrize("number", [0, 5])
def test_a_broken_original_is_said_to_be_and_nothing_is_made_of_it(
    looker: Looker, number: int
) -> None:
    def breaks(session):
        its = attachment_chunks.c.number == number
        query = select(attachment_chunks.c.sealed).where(its)
        chunk = bytearray(session.execute(query).scalar_one())
        chunk[-1] ^= 1
        session.execute(update(attachment_chunks).where(its).values(sealed=bytes(chunk)))

    looker.house.hotline.store.write(breaks)
    assert "Its seal does not open" in looker.looks(expect=500)
    assert len(looker.rows()) == 1
    assert did(looker.house).count("reveal") == 1


def test_two_who_look_at_once_make_one_copy(looker: Looker) -> None:
    """A colleague's copy is kept while ours is drawn: theirs stays, and nothing of ours."""
    inner = looker.copier
    calls: list[int] = []

    def slow(pieces, name, kind):
        calls.append(1)
        if len(calls) == 1:
            looker.looks()
        return inner(pieces, name, kind)

    looks = replace(looker.house.hotline.looks, clean=slow)
    looker.house.app.extensions["hotline"] = replace(looker.house.hotline, looks=looks)
    assert looker.gets(src(looker.looks())).data == DRAWN
    assert len(looker.rows()) == 2
    with looker.house.hotline.store.read() as session:
        ids = session.execute(select(attachment_chunks.c.attachment_id).distinct()).scalars()
        assert set(ids) == {row.id for row in looker.rows()}


def test_nothing_of_it_lies_here_in_clear(looker: Looker) -> None:
    looker.sends("file-says", 303, key=key_of(looker.looks()))
    store = looker.house.hotline.store
    store.truncate_log()
    everything = b"".join(
        path.read_bytes() for path in looker.house.var.rglob("*") if path.is_file()
    )
    traces = (b"41.38790", b"2026-11-03T14", b"drawn anew", b"IMG Maria", PHOTO[:64], b"14:22")
    for trace in traces:
        assert trace not in everything


def test_only_what_a_page_asks_for_is_opened(looker: Looker, monkeypatch) -> None:
    address = src(looker.looks())
    opened: list[int] = []
    real = stream._Cipher.open

    def watch(cipher, number, sealed, **more):
        opened.append(number)
        return real(cipher, number, sealed, **more)

    monkeypatch.setattr(stream._Cipher, "open", watch)
    assert len(looker.gets(address, f"bytes={stream.CHUNK - 1}-{stream.CHUNK}").data) == 2
    assert opened == [0, 1]


def test_at_a_desk_with_four_eyes_what_is_approved_shows_the_copy_too(tmp_path: Path) -> None:
    house = found_house(tmp_path, four_eyes=True)
    noor, ines = Member(house, "noor"), Member(house, "ines")
    looker = at_work(house, noor)
    noor.signs_in()
    ines.signs_in()
    looker.sends("reveal", 303)
    (request,) = re.findall(r'id="request-([0-9a-f]{32})"', ines.opens("/console/approvals"))
    ines.approves(request)
    ends = house.clock.at + GRANT
    path = f"/console/report/{looker.report}"
    for _ in range(2):
        # The copy was not there when it was approved.
        page = noor.sends(f"{path}/look", expect=200, request=request, file="1")
        assert looker.gets(src(page.text)).data == DRAWN
    assert page.headers["Refresh"].startswith("900;")
    saved = noor.sends(f"{path}/attachment", expect=200, request=request, file="2")
    assert saved.data == DRAWN
    listed = noor.sends(f"{path}/reveal/granted", expect=200, request=request).text
    assert "has a clean copy" in listed
    assert SAYS in words(listed)
    house.clock.at = ends - timedelta(seconds=1)
    assert looker.gets(src(page.text)).status_code == 200
    house.clock.at = ends
    assert looker.gets(src(page.text)).status_code == 404
    noor.sends(f"{path}/look", expect=403, request=request, file="1")
    # Alone nobody opens the copy either.
    assert len(looker.rows()) == 2
    assert all(row.wrap2 is not None for row in looker.rows())
    house.close()


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


def test_a_real_picture_is_drawn_anew_and_says_what_it_said(house: House, at_desk: Member) -> None:
    original = photograph()
    assert b"Maria Lopez" in original
    looker = Looker(house, at_desk, keeps(house, original), Copier(), Scanner())
    page = looker.looks()
    drawn = looker.gets(src(page)).data
    assert b"Maria" not in drawn
    with Image.open(BytesIO(drawn)) as picture:
        assert picture.size == (64, 48)
        assert not picture.getexif()
    told = words(page)
    assert "taken 3 Nov 2026 14:22, at 41.38790, 2.16992" in told
    assert "Maria Lopez" in told
    assert looker.sends("attachment").data == original
