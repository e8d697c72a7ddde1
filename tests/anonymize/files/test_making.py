"""What a child does with a file, done here: where a library fails, a code is told, and nothing is raised."""

import json
import sys
import time
from io import BytesIO
from types import SimpleNamespace

import pytest

from hotline.anonymize.files import (
    Made,
    Why,
    binding,
    making,
    paging,
    printing,
    redrawing,
    remuxing,
    sandbox,
)
from hotline.anonymize.files.copies import NoCopy
from tests.anonymize.files import documents, films, made, photographs, zoo


@pytest.fixture
def child(monkeypatch):
    """Return what answers as a child would, in this process."""
    monkeypatch.setattr(sandbox, "limit", lambda **_: None)
    monkeypatch.setattr(sandbox, "close_off", lambda: None)
    monkeypatch.setattr(printing, "program", lambda: None)

    def answers(content: bytes) -> tuple[dict, bytes]:
        head = json.dumps({"seconds": 60}).encode()
        into = BytesIO(len(head).to_bytes(4, "big") + head + content)
        out = BytesIO()
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=into))
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
        try:
            making.answer()
        finally:
            monkeypatch.undo()
        answer = out.getvalue()
        length = int.from_bytes(answer[:4], "big")
        return json.loads(answer[4 : 4 + length]), answer[4 + length :]

    return answers


@pytest.mark.parametrize("animal", zoo.GOOD, ids=str)
def test_a_good_file_is_copied(animal, child):
    told, copy = child(animal.make())
    assert (told["kind"] in animal.kinds, Made(told["made"]) in animal.made) == (True, True)
    assert len(copy) == told["size"]


@pytest.mark.parametrize(
    "animal", [each for each in zoo.HOSTILE if "gigabytes" not in each.name], ids=str
)
def test_a_hostile_file_is_told(animal, child):
    told, copy = child(animal.make())
    assert Why(told["why"]) in animal.why if "why" in told else copy


def test_more_than_is_held_is_not_taken_apart(child, monkeypatch):
    monkeypatch.setattr(making, "MOST_HELD", 100)
    told, _ = child(made.jpeg())
    assert told == {"why": "too_large", "facts": []}


def test_memory_that_is_not_there_is_told(child, monkeypatch):
    def greedy(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(redrawing, "redraw", greedy)
    assert child(made.jpeg())[0]["why"] == "too_large"


def test_an_office_program_that_takes_too_long_leaves_no_time_for_words(child, monkeypatch):
    def slow(*_: object) -> bytes:
        raise NoCopy(Why.TOOK_TOO_LONG)

    monkeypatch.setattr(printing, "program", lambda: "/usr/bin/soffice")
    monkeypatch.setattr(printing, "move_in", lambda office: True)
    monkeypatch.setattr(printing, "print_document", slow)
    assert child(documents.docx())[0]["why"] == "took_too_long"


def test_pages_are_drawn_until_their_time_is_over():
    with pytest.raises(NoCopy, match="took_too_long"):
        paging.draw_pages(made.pdf(), time.monotonic() - 1)


def test_a_book_is_no_larger_than_it_may_be(monkeypatch):
    monkeypatch.setattr(binding, "_MOST_BOUND", 1_000)
    with pytest.raises(NoCopy, match="too_large"):
        paging.draw_pages(made.pdf("a", "b"), time.monotonic() + 60)


def test_a_tiff_has_no_more_pages_than_are_drawn(monkeypatch):
    monkeypatch.setattr(redrawing, "MOST_PAGES", 1)
    content = photographs.saved("TIFF", save_all=True, append_images=[photographs.scene()])
    with pytest.raises(NoCopy, match="too_large"):
        redrawing.redraw(content)


def test_a_large_photograph_is_drawn_smaller(monkeypatch):
    monkeypatch.setattr(redrawing, "MOST_PIXELS", 3_000)
    monkeypatch.setattr(redrawing, "_MOST_SHRUNK", 12_000)
    _, _, copy = redrawing.redraw(photographs.saved("JPEG", photographs.scene(size=(100, 80))))
    from PIL import Image

    with Image.open(BytesIO(copy)) as picture:
        assert picture.size == (50, 40)
    with pytest.raises(NoCopy, match="too_large"):
        redrawing.redraw(photographs.saved("JPEG", photographs.scene(size=(200, 100))))


def test_a_film_is_copied_until_its_time_is_over(monkeypatch):
    content = films.film()
    with pytest.raises(NoCopy, match="took_too_long"):
        remuxing.remux(content, "mov", time.monotonic() - 1)
    monkeypatch.setattr(remuxing, "_SLACK", -3 * len(content))
    with pytest.raises(NoCopy, match="too_large"):
        remuxing.remux(content, "mov", time.monotonic() + 60)


def test_a_film_has_no_more_tracks_than_anybody_watches(monkeypatch):
    monkeypatch.setattr(remuxing, "_MOST_STREAMS", 1)
    with pytest.raises(NoCopy, match="too_large"):
        remuxing.remux(films.film(), "mov", time.monotonic() + 60)


def test_a_stream_that_no_container_takes_is_of_an_unknown_kind(monkeypatch):
    with pytest.raises(NoCopy, match="unknown_kind"):
        remuxing._form_for({"dvvideo"}, is_film=True)
    monkeypatch.setattr(remuxing, "_FORMS", ())
    content = films.film("3gp", "h263", "", size=(176, 144))
    with pytest.raises(NoCopy, match="unknown_kind"):
        remuxing.remux(content, "mov", time.monotonic() + 60)


def test_a_film_that_is_held_upright_stays_upright():
    import av

    _, into = remuxing.remux(films.turned(films.film()), "mov", time.monotonic() + 60)
    with av.open(BytesIO(into.getvalue())) as copy:
        frame = next(copy.decode(video=0))
        assert frame.rotation in {90, -90, 270}


def test_a_film_plays_as_long_as_it_did():
    import av

    content = films.film(frames=20)
    _, into = remuxing.remux(content, "mov", time.monotonic() + 60)
    with av.open(BytesIO(content)) as was, av.open(BytesIO(into.getvalue())) as copy:
        assert copy.duration == was.duration
        assert sum(1 for _ in copy.decode(video=0)) == 20
        assert len(copy.streams.audio) == 1
