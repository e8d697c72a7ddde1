"""Read a file of a stranger in a process of its own: without our memory, keys, files or time.

Parsers of pictures and documents are what attackers write files for. The child gets the bytes through a pipe and gives
texts back through another; it has no environment, may write no file, and is ended when it takes too much. Names never
stand among its arguments, where every user of the machine could read them.
"""

import contextlib
import json
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from hotline.anonymize.files.parts import (
    MOST_BYTES,
    MOST_PARTS,
    MOST_TEXT,
    FileText,
    Gap,
    Kind,
    Part,
)
from hotline.anonymize.files.reading import read_file, unread
from hotline.domain.identity import Label

SECONDS = 15
_MEMORY = 1 << 30
_MOST_ANSWER = 8 * MOST_TEXT + 400 * MOST_PARTS
_LENGTH = 4
_HOUSE = Path(__file__).parents[3]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from importlib import import_module; "
    "import_module('hotline.anonymize.files.' + sys.argv[2]).answer()"
)


def read_apart(
    content: bytes, name: str, declared: str = "", *, seconds: float = SECONDS
) -> FileText:
    """Return what `read_file` returns, read in a process of its own within *seconds*; never raises.

    Takes a quarter of a second to start. Whatever goes wrong there, the file is unreadable and its name stays hidden.
    """
    if len(content) > MOST_BYTES:
        return unread(name, Gap.TOO_LARGE)
    head = json.dumps({"name": name, "declared": declared}).encode()
    try:
        answer = ask_child("apart", head, content, seconds=seconds, most=_MOST_ANSWER)
    except OSError:
        return unread(name, Gap.BROKEN)
    if answer is None:
        return unread(name, Gap.TOOK_TOO_LONG)
    return _understood(answer) or unread(name, Gap.BROKEN)


def ask_child(
    module: str, head: bytes, content: bytes, *, seconds: float, most: int
) -> bytes | None:
    """Return up to *most* bytes of what `answer` of *module* here says to *head* and *content*; None when its time is over.

    Raises:
        OSError: no process could be started.
    """
    command = [sys.executable, "-I", "-c", _START, str(_HOUSE), module]
    child = subprocess.Popen(  # noqa: S603  (our own interpreter and our own words)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    with child:
        ended = threading.Timer(seconds, child.kill)
        ended.start()
        try:
            answer = _exchanged(child, head, content, most)
        finally:
            is_over = not ended.is_alive()
            ended.cancel()
            child.kill()
    return None if is_over else answer


def _exchanged(child: subprocess.Popen[bytes], head: bytes, content: bytes, most: int) -> bytes:
    if child.stdin is None or child.stdout is None:
        return b""
    with contextlib.suppress(BrokenPipeError), child.stdin as into:
        into.write(len(head).to_bytes(_LENGTH, "big"))
        into.write(head)
        into.write(content)
    return child.stdout.read(most)


def _understood(answer: bytes) -> FileText | None:
    """Return the child's answer, checked as a stranger's: whoever took the child over may say anything."""
    try:
        told = json.loads(answer)
        parts = tuple(
            Part(Kind(kind), str(field), str(text), Label(label) if label else None)
            for kind, field, text, label in told["parts"]
        )
        gaps = frozenset(map(Gap, told["gaps"]))
        return FileText(str(told["form"])[:8], parts, gaps, told["readable"] is True)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def answer() -> None:
    """Be the child: read one file from standard input, write its texts to standard output."""
    head, content = question()
    asked = json.loads(head)
    file = read_file(content, asked["name"], asked["declared"])
    parts = [(part.kind, part.field, part.text, part.label) for part in file.parts]
    told = {"form": file.form, "parts": parts, "gaps": sorted(file.gaps), "readable": file.readable}
    sys.stdout.write(json.dumps(told))


def question() -> tuple[bytes, bytes]:
    """Be a child: give up what we do not need, then read what we are asked about from standard input."""
    _limit_ourselves()
    into: IO[bytes] = sys.stdin.buffer
    head = into.read(int.from_bytes(into.read(_LENGTH), "big"))
    return head, into.read()


def _limit_ourselves() -> None:
    limits = (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        _, hard = resource.getrlimit(what)
        within = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (within, within))
