"""What a file says of itself is shown with the file alone, and kept as words when somebody asks for it."""

from io import BytesIO

from PIL import Image

from hotline import audit
from hotline.custody import Match, matches
from tests.cast import Member
from tests.console.looking import (
    PHOTO,
    SAYS,
    Copier,
    Looker,
    Scanner,
    did,
    keeps,
    key_of,
    photograph,
    src,
    words,
)
from tests.house import House


def test_a_supervisor_reads_in_the_audit_what_was_made(looker: Looker, supervisor: Member) -> None:
    looker.sends("file-says", 303, key=key_of(looker.looks()))
    page = words(supervisor.opens("/console/audit"))
    assert "made a clean copy of a file" in page
    assert "kept what a file says of itself" in page
    assert "attachment of message 1" in page
    assert "41.38790" not in page


def test_what_the_file_says_is_shown_with_the_files_and_never_otherwise(looker: Looker) -> None:
    assert SAYS not in words(looker.lists())
    assert SAYS in words(looker.looks())
    assert SAYS in words(looker.lists())
    report = looker.noor.opens(f"/console/report/{looker.report}")
    for told in ("41.38790", "14:22", "taken 3 Nov"):
        assert told not in report
    assert "41.38790" not in looker.sends("reveal", what="1 words").text


def test_what_the_file_says_is_kept_as_words_without_who_and_where(looker: Looker) -> None:
    sent = looker.sends("file-says", 303, key=key_of(looker.looks()))
    assert sent.headers["Location"].endswith("#message-2")
    page = words(looker.noor.opens(f"/console/report/{looker.report}"))
    assert "kept by Noor : what file 1 of message 1 says of itself" in page
    assert "The file says: taken" in page
    assert "41.38790" not in page
    assert did(looker.house)[:2] == ["opened", "file_said"]
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
