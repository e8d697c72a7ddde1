"""A file is read by a child that can take nothing, write nothing and last no longer than it may."""

import json
import os
import sys
import time

import pytest

from hotline.anonymize.files import Gap, apart, parts, read_apart
from hotline.anonymize.files.reading import read_file
from tests.anonymize.files import made


def test_a_child_finds_what_we_would_find() -> None:
    for content in (made.jpeg(), made.pdf(), made.docx(), b"\x00"):
        assert read_apart(content, "quill.bin", "x/y") == read_file(content, "quill.bin", "x/y")


def test_a_child_that_takes_too_long_is_ended() -> None:
    file = read_apart(made.jpeg(), "quillmore", seconds=0.01)
    assert not file.readable
    assert file.gaps == {Gap.TOOK_TOO_LONG}


def test_too_large_a_file_never_reaches_a_child() -> None:
    assert read_apart(b"0" * (parts.MOST_BYTES + 1), "a").gaps == {Gap.TOO_LARGE}


def test_a_child_that_cannot_be_started_leaves_the_file_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert read_apart(made.jpeg(), "a").gaps == {Gap.BROKEN}


@pytest.mark.parametrize(
    "answer",
    [b"", b"{", b"[]", b"null", b'{"parts": 1}', b"[" * 100_000]
    + [
        json.dumps({"form": "jpg", "readable": True} | told).encode()
        for told in (
            {"parts": [["no such kind", "a", "b", None]], "gaps": []},
            {"parts": [["name", "a", "b", "NO_SUCH_LABEL"]], "gaps": []},
            {"parts": [["name", "a"]], "gaps": []},
            {"parts": [], "gaps": ["no such gap"]},
        )
    ],
)
def test_a_child_that_lies_is_not_believed(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "ask_child", lambda *_, **__: answer)
    assert read_apart(made.jpeg(), "a").gaps == {Gap.BROKEN}


def _child(monkeypatch: pytest.MonkeyPatch, script: str) -> bytes | None:
    monkeypatch.setattr(apart, "_START", f"import sys; sys.path.insert(0, sys.argv[1])\n{script}")
    return apart.ask_child("apart", b"quillmore", b"", seconds=20, most=10_000)


def test_a_child_has_no_environment_and_no_name_among_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET", "canary")
    told = _child(
        monkeypatch, "import os; print(dict(os.environ), open('/proc/self/cmdline').read())"
    )
    assert told is not None
    assert b"canary" not in told
    assert b"quillmore" not in told


def test_a_child_can_write_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike) -> None:
    script = (
        "from hotline.anonymize.files import sandbox; sandbox.limit(memory=1 << 30, seconds=9); import signal;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "import os\n"
        f"into = os.open({str(tmp_path / 'kept')!r}, os.O_CREAT | os.O_WRONLY)\n"
        "try: os.write(into, b'x')\n"
        "except OSError: print('refused')"
    )
    told = _child(monkeypatch, script)
    assert told == b"refused\n"


def test_a_child_can_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "from hotline.anonymize.files import sandbox; sandbox.limit(memory=1 << 30, seconds=9)\n"
        "try: bytearray(2 << 30)\n"
        "except MemoryError: print('refused')"
    )
    assert _child(monkeypatch, script) == b"refused\n"


_FORKS = """
import os, sys, time
if not os.fork():
    os.setsid()
    time.sleep(6)
    os._exit(0)
%s
"""


@pytest.mark.parametrize("then", ["time.sleep(30)", "os._exit(0)", "os.kill(os.getpid(), 9)"])
@pytest.mark.parametrize("size", [1, 1 << 22])
def test_nothing_that_a_child_left_behind_holds_us_beyond_its_time(
    then: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_START", _FORKS % then)
    began = time.monotonic()
    assert apart.ask_child("apart", b"", bytes(size), seconds=1, most=10) is None
    assert time.monotonic() - began < 3


def test_what_was_said_before_the_end_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_START", "print('x' * 300_000, flush=True)")
    with apart.Child("apart", seconds=10) as child:
        child.tell(b"", [b"not read"])
        assert (len(child.hear(1_000)), len(child.hear(1 << 20))) == (1_000, 299_001)
        assert not child.is_over


def test_no_temporary_file_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for content in (made.jpeg(), made.pdf(), made.docx()):
        read_apart(content, "a")
        read_file(content, "a")
    assert list(tmp_path.iterdir()) == []
