"""Whatever comes, there is a copy that names nobody, or a code that says why there is none; the original stays as it was."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline.anonymize.files import Clean, Unclean, clean_apart
from tests.anonymize.files import zoo

CANARIES = ("Quillmore", "quillmore", "Brackwater", "Zdravka", "Fairphone", "alert(")
POINTS = (b"41.3879", b"+41.38", b"2.16992")
SECONDS = 50
# What exiftool may say of a copy: what it is and how it is to be drawn or heard. Never who, where, when or with what.
PLAIN = frozenset({"SourceFile", "ExifTool", "System", "File", "JFIF", "PNG", "Composite", "PDF", "QuickTime", "Track1", "Track2", "Matroska", "Info", "Info2", "MPEG", "Ogg", "Opus", "Vorbis", "FLAC", "RIFF", "ASF", "Audio", "Video", "Track", "EBML"})  # fmt: skip
NO_FIELD = ("gps", "location", "author", "artist", "creator", "owner", "comment", "title", "subject", "keyword", "copyright", "software", "make", "model", "serial", "description", "producer", "thumbnail", "previewimage", "xmp", "iptc", "icc", "profile")  # fmt: skip
OURS = frozenset({"VideoHandler", "SoundHandler", "Lavf", "False", ""})
# Not who: how samples are put together.
NO_WORDS = frozenset({"SampleGroupDescription"})
# The office program takes seconds for each: other documents of these kinds go through it at every run.
OF_THE_OFFICE = frozenset({"odt", "ods", "pptx", "old xls", "old ppt"})

Asks = Callable[[Path], bytes]


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 16):
            yield piece


def animals() -> Iterator[Any]:
    for animal in zoo.ALL:
        marks = [pytest.mark.exhaustive] if animal.name in OF_THE_OFFICE else []
        yield pytest.param(animal, marks=marks, id=str(animal))


@pytest.mark.parametrize("animal", [*animals()])
def test_every_file_has_a_copy_that_names_nobody_or_a_code(animal, tmp_path, exiftool):
    path = tmp_path / "original"
    content = animal.make()
    path.write_bytes(content)
    assert not animal.tells or _named_in(content), "the file is no test of anything"

    began = time.monotonic()
    came = clean_apart(pieces(path), animal.called, "image/x", seconds=SECONDS)
    assert time.monotonic() - began < SECONDS + 30
    assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(content).digest()

    assert set(animal.facts) <= set(came.facts), came.facts
    if isinstance(came, Unclean):
        assert came.why in animal.why
        return
    copy = b"".join(came.content)
    assert (came.kind in animal.kinds, came.made in animal.made, len(copy)) == (
        True,
        True,
        came.size,
    ), came.kind
    assert not _named_in(copy)
    assert not any(point in copy for point in POINTS)
    _check_fields(came, copy, tmp_path, exiftool)


def _named_in(content: bytes) -> list[str]:
    """Return the canaries in *content*, as they are, in two bytes a letter, and inside what ZIP files hold."""
    wide = [
        (word, word.encode(form))
        for word in CANARIES
        for form in ("utf-8", "utf-16-le", "utf-16-be")
    ]
    return [
        word
        for word, said in wide
        if said in content or (content.startswith(b"PK") and _packed(content))
    ]


def _packed(content: bytes) -> bool:
    from io import BytesIO
    from zipfile import ZipFile

    with ZipFile(BytesIO(content)) as packed:
        return any("Quillmore" in packed.read(name).decode("latin-1") for name in packed.namelist())


@pytest.fixture(scope="module")
def exiftool() -> Iterator[Asks]:
    """What exiftool says of a file. It is started once: that takes it longer than any file of ours."""
    found = shutil.which("exiftool")
    if found is None and "CI" not in os.environ:
        pytest.skip("exiftool is not installed, so nobody can look for fields with it")
    assert found, "exiftool is missing"
    command = [found, "-stay_open", "True", "-@", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout

        def asks(path: Path) -> bytes:
            words = ["-a", "-u", "-g1", "-ee", "-j", str(path), "-execute", ""]
            process.stdin.write("\n".join(words).encode())
            process.stdin.flush()
            return b"".join(iter(process.stdout.readline, b"{ready}\n"))

        yield asks
        process.communicate(b"-stay_open\nFalse\n", timeout=60)


def _check_fields(clean: Clean, copy: bytes, folder: Path, exiftool: Asks) -> None:
    """Assert that exiftool, which knows more forms of fields than anybody, finds none in *copy*."""
    if clean.kind == "text/plain":
        return
    path = folder / f"copy{clean.suffix}"
    path.write_bytes(copy)
    (groups,) = json.loads(exiftool(path))
    assert set(groups) <= PLAIN, sorted(groups)
    for group in set(groups) - {"SourceFile", "ExifTool", "System", "File"}:
        for name, value in groups[group].items():
            _check_field(group, name, str(value))


def _check_field(group: str, name: str, value: str) -> None:
    said = name.lower()
    if said.endswith("date") or "time" in said.removesuffix("timescale"):
        assert "2026" not in value, (group, name, value)
    if name not in NO_WORDS and any(word in said for word in NO_FIELD):
        assert value in OURS or not value.strip("0123456789 .:x"), (group, name, value)


def test_the_zoo_is_large_enough():
    assert len(zoo.ALL) >= 90
    assert len({animal.name for animal in zoo.ALL}) == len(zoo.ALL)


def test_nothing_of_a_stranger_is_left_on_a_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = _left()
    for name in ("jpeg", "pdf", "rtf", "mp4"):
        animal = next(each for each in zoo.GOOD if each.name == name)
        came = clean_apart(animal.make(), "name", "")
        assert isinstance(came, Clean)
        assert b"".join(came.content)
    assert list(tmp_path.iterdir()) == []
    assert _left() - before == set()


def _left() -> set[str]:
    """Return what lies where programs leave things and is named as this would be."""
    names = {left.name for place in ("/tmp", "/dev/shm") for left in Path(place).iterdir()}
    return {name for name in names if name.startswith(("document", "profile", "lu", "OSL_PIPE"))}


_MEASURE = """
import sys
sys.path.insert(0, sys.argv[1])
import resource
from hotline.anonymize.files import clean_apart

def held(what):
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))

def pieces():
    with open(sys.argv[2], "rb") as file:
        while piece := file.read(1 << 16):
            yield piece

before = held("VmRSS")
clean = clean_apart(pieces(), "film.mp4", "video/mp4", seconds=150)
size = sum(map(len, clean.content))
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(clean.kind, size, held("VmHWM") - before, child)
"""


def test_a_film_of_a_hundred_megabytes_flows_through(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(zoo.films.heavy(100))
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", _MEASURE, root, str(path)]
    said = subprocess.run(command, capture_output=True, check=True, timeout=200, text=True).stdout
    kind, size, ours, the_childs = said.split()
    assert kind == "video/mp4"
    assert int(size) > 99_000_000
    assert int(ours) <= 64 << 10
    assert int(the_childs) <= 512 << 10
