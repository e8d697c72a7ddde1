"""An office program prints documents in a place of its own, in memory, without a network; or it is not used at all."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from hotline.anonymize.files import Clean, Made, Unclean, Why, apart, clean_apart, printing
from hotline.anonymize.files.copies import NoCopy
from tests.anonymize.files import documents

ROOT = str(Path(__file__).parents[3])
OFFICE = Path(__file__).parent / "office" / "program" / "soffice"
START = (
    "import sys; sys.path.insert(0, sys.argv[1])\n"
    "from hotline.anonymize.files import printing, making\n"
    "printing.program = lambda: {office!r}\n"
)


def may_move_in() -> bool:
    script = START.format(office="") + "print(printing.move_in('/usr/bin/false'))"
    command = [sys.executable, "-I", "-c", script, ROOT]
    return subprocess.run(command, capture_output=True, timeout=60).stdout == b"True\n"


def copied(monkeypatch, office: str, more: str = "", **options) -> Clean | Unclean:
    script = START.format(office=office) + more + "making.answer()"
    monkeypatch.setattr(apart, "_START", script)
    return clean_apart(documents.docx(), **options)


@pytest.fixture
def own_place() -> None:
    if not may_move_in():
        pytest.skip(
            "this machine gives no process a place of its own, so no office program is used"
        )


def test_a_document_is_printed_in_a_place_of_its_own(monkeypatch, own_place):
    clean = copied(monkeypatch, str(OFFICE))
    assert isinstance(clean, Clean)
    assert clean.made is Made.PAGES
    (page,) = PdfReader(BytesIO(b"".join(clean.content))).pages
    assert tuple(map(float, page.mediabox[2:])) == (144, 72)


def test_what_the_program_does_not_understand_comes_as_its_words(monkeypatch, own_place):
    clean = copied(monkeypatch, "/usr/bin/false")
    assert isinstance(clean, Clean)
    assert clean.made is Made.WORDS
    assert b"warehouse" in b"".join(clean.content)


def test_a_program_that_never_ends_is_ended(monkeypatch, own_place):
    came = copied(monkeypatch, str(OFFICE.with_name("sleepy")), seconds=4)
    assert isinstance(came, Unclean)
    assert came.why is Why.TOOK_TOO_LONG


def test_where_no_place_can_be_had_the_program_is_never_started(monkeypatch):
    clean = copied(monkeypatch, str(OFFICE), "printing.move_in = lambda office: False\n")
    assert isinstance(clean, Clean)
    assert clean.made is Made.WORDS


def test_only_folders_that_an_operator_fills_are_looked_through(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(OFFICE.parent))
    assert printing.program() != str(OFFICE)


def test_nothing_is_written_where_the_kernel_refuses(monkeypatch):
    monkeypatch.setattr(printing.sandbox, "end_with_parent", lambda: None)
    monkeypatch.setattr(printing.sandbox, "leave_networks", lambda **_: False)
    assert printing.move_in("/usr/bin/false") is False


def test_a_missing_program_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(printing, "_FOLDER", tmp_path)
    monkeypatch.setattr(printing.sandbox, "keep_to", lambda *_, **__: True)
    with pytest.raises(NoCopy):
        printing.print_document(b"x", ".docx", "/nowhere/program/soffice", 5)
