"""A file is looked at by its clean copy: made once, sealed beside its original, shown folded; the original stays as it was."""

import hashlib
import re
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hotline import audit
from hotline.anonymize.files.copies import (
    Clean,
    Made,
    Unclean,
    Why,
)
from hotline.console.looking import MOST_WORDS
from hotline.custody import Match, matches
from hotline.reports.tables import reports
from hotline.scanning import NoScanner
from hotline.vault import stream
from hotline.vault.asked import GRANT
from hotline.vault.attachments import forget
from hotline.vault.tables import attachment_chunks, attachment_days, unfinished_files
from tests.cast import Member
from tests.console.looking import (
    ASKED,
    DRAWN,
    FACTS,
    PHOTO,
    SAYS,
    Drawn,
    Looker,
    at_work,
    copy,
    did,
    keeps,
    lines,
    src,
    words,
)
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House, found_house


def test_the_clean_copy_is_the_first_act_of_a_file(looker: Looker) -> None:
    page = looker.lists()
    file = page.split('<li class="files__one">')[1]
    first = re.search(r'<p class="acts"><button[^>]*>', file)
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


def test_words_stand_in_the_page_itself_folded_and_are_never_markup(looker: Looker) -> None:
    said = b"<b onclick=x>They locked</b> the door\n\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7\n"
    looker.copier.makes = [copy(said, "text/plain", ".txt", made=Made.WORDS)]
    page = looker.looks()
    shown = page.partition('<details class="fold look"')[2].partition("</details>")[0]
    assert "&lt;b onclick=x&gt;They locked&lt;/b&gt; the door\n\u0645" in shown
    assert '<bdi dir="auto">' in shown
    assert "This is how it begins" not in shown
    assert "/file/" not in page
    assert faults_in(page) == []
    assert looker.sends("attachment", file="2").data == said


def test_of_very_many_words_the_beginning_stands_in_the_page(looker: Looker) -> None:
    said = "\u0645\u0631\u062d\u0628\u0627 " * 8000
    looker.copier.makes = [copy(said.encode(), "text/plain", ".txt", made=Made.WORDS)]
    page = looker.looks()
    assert "This is how it begins" in page
    shown = page.partition('"look__words"><bdi dir="auto">')[2].partition("</bdi>")[0]
    assert said.startswith(shown)
    assert MOST_WORDS - 2 < len(shown.encode()) < MOST_WORDS


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


def test_the_report_says_how_many_files_and_copies_there_are(looker: Looker) -> None:
    path = f"/console/report/{looker.report}"
    assert "1 file" in words(looker.noor.opens(path))
    assert "clean cop" not in words(looker.noor.opens(path))
    looker.looks()
    assert "1 file, 1 clean copy" in words(looker.noor.opens(path))


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
