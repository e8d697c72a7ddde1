"""Small real files, changed by a hostile hand: what reads and copies them ends in its own process, with an answer."""

import contextlib

import pytest

from hotline.anonymize.files import clean_apart, read_apart
from hotline.anonymize.files.copies import Clean, CopyBroken, Unclean
from hotline.anonymize.files.parts import FileText
from tests.anonymize.files import documents, films, made, photographs
from tests.attack.fuzz.hostile import fuzz, mutated, sendable

SAMPLES = {
    "pictures": (made.jpeg(), made.png(), photographs.moving_gif(), photographs.heic()),
    "documents": (made.pdf("Maria Lopez"), documents.rich_pdf(), documents.rtf()),
    "office": (made.docx(), documents.xlsx(), documents.pptx()),
    "films": (films.film(), films.sound("mp3", "mp3")),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_no_file_is_more_than_a_child_can_end(kind: str) -> None:
    @fuzz(1, 60, mutated(*SAMPLES[kind]), sendable(30), sendable(20))
    def meet(content: bytes, name: str, declared: str) -> None:
        assert isinstance(read_apart(content, name, declared), FileText)
        copy = clean_apart(content, name, declared)
        assert isinstance(copy, Clean | Unclean)
        if isinstance(copy, Clean):
            with copy.content as pieces, contextlib.suppress(CopyBroken):
                assert sum(map(len, pieces)) == copy.size

    meet()
