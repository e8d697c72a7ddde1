"""Read a file of a stranger in a process of its own: without our memory, keys, files or time.

Parsers of pictures and documents are what attackers write files for. The child gets the bytes through a pipe and gives
its answer through another; it has no environment, gives up what `sandbox` says, and is ended when it takes too much.
We wait for either pipe until its time is over and no longer, whoever else holds the other end of it.
Names never stand among its arguments, where every user of the machine could read them. No more than two of them are at
work at a time, whatever comes.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Self

from hotline.anonymize.files import sandbox
from hotline.anonymize.files.asked import LENGTH, question
from hotline.anonymize.files.parts import (
    MOST_BYTES,
    MOST_PARTS,
    MOST_TEXT,
    FileText,
    Gap,
    Kind,
    Part,
    unread,
)
from hotline.domain.identity import Label

SECONDS = 15
MOST_CHILDREN = 2
PATIENCE = 20.0
"""How many seconds somebody waits until one of the children at work has ended."""

_MEMORY = 1 << 30
_PIECE = 1 << 16
_MOST_ANSWER = 8 * MOST_TEXT + 400 * MOST_PARTS
_HOUSE = Path(__file__).parents[3]
# The child meets the modules that it needs, and not all that their packages offer to others: that would be half its time.
_START = """
import sys, types
sys.path.insert(0, sys.argv[1])
for name in ("hotline.anonymize", "hotline.anonymize.files"):
    sys.modules[name] = package = types.ModuleType(name)
    package.__path__ = [sys.argv[1] + "/" + name.replace(".", "/")]
from importlib import import_module
import_module("hotline.anonymize.files." + sys.argv[2]).answer()
"""
_rooms = threading.BoundedSemaphore(MOST_CHILDREN)


class NoRoom(Exception):
    """Raised where as many children as may be are at work. Never leaves the room."""


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
    except NoRoom:
        answer = None
    if answer is None:
        return unread(name, Gap.TOOK_TOO_LONG)
    return _understood(answer) or unread(name, Gap.BROKEN)


def ask_child(
    module: str, head: bytes, content: bytes, *, seconds: float, most: int
) -> bytes | None:
    """Return up to *most* bytes of what `answer` of *module* here says to *head* and *content*; None when its time is over.

    Raises:
        OSError: no process could be started.
        NoRoom: too many are at work.
    """
    with Child(module, seconds=seconds) as child:
        child.tell(head, (content,))
        answer = child.hear(most)
    return None if child.is_over else answer


class Child:
    """A process that answers to one file, ended after *seconds* or by `end`, whatever it is doing.

    Raises:
        OSError: it could not be started.
        NoRoom: too many are at work.
    """

    def __init__(self, module: str, *, seconds: float, patience: float = PATIENCE) -> None:
        if not _rooms.acquire(timeout=patience):
            raise NoRoom
        self._lock = threading.Lock()
        self._has_room = True
        self._timer: threading.Timer | None = None
        self.is_over = False
        try:
            self._process = _started(module)
        except BaseException:
            self._leave()
            raise
        self.give(seconds)

    def give(self, seconds: float) -> None:
        """Give it *seconds* from now on."""
        if self._timer is not None:
            self._timer.cancel()
        self._until = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._ends)
        self._timer.daemon = True
        self._timer.start()

    def tell(self, head: bytes, pieces: Iterable[bytes]) -> None:
        """Ask it about a file. One that does not listen to the end has its reasons, and says them."""
        into = _pipe(self._process.stdin)
        with contextlib.suppress(BrokenPipeError):
            self._write(into, len(head).to_bytes(LENGTH, "big") + head)
            for piece in pieces:
                self._write(into, piece)
        into.close()

    def _write(self, into: IO[bytes], piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            if not self._waits(into, select.POLLOUT):
                raise BrokenPipeError
            with contextlib.suppress(BlockingIOError):
                rest = rest[os.write(into.fileno(), rest[:_PIECE]) :]

    def hear(self, most: int) -> bytes:
        """Return the next *most* bytes of its answer, fewer at its end or when its time is over."""
        out, heard = _pipe(self._process.stdout), bytearray()
        while len(heard) < most and self._waits(out, select.POLLIN):
            piece = os.read(out.fileno(), min(_PIECE, most - len(heard)))
            if not piece:
                break
            heard += piece
        return bytes(heard)

    def _waits(self, pipe: IO[bytes], what: int) -> bool:
        """Wait until *pipe* is ready for *what*; tell whether that was within its time."""
        ready = select.poll()
        ready.register(pipe, what)
        left = self._until - time.monotonic()
        if not self.is_over and left > 0 and ready.poll(left * 1000):
            return True
        self._ends()
        return False

    @property
    def took_its_time(self) -> bool:
        """Tell whether it was ended because it had used up its time, that of clocks or that of processors."""
        self._kill()
        return self.is_over or self._process.wait() == -signal.SIGXCPU

    def _ends(self) -> None:
        self.is_over = True
        self._kill()

    def _kill(self) -> None:
        """End it and what it started; its place is free from now on."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._process.returncode is None:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._leave()

    def _leave(self) -> None:
        with self._lock:
            if self._has_room:
                self._has_room = False
                _rooms.release()

    def end(self) -> None:
        """End it, and let go of all that is held for it."""
        if self._timer is not None:
            self._timer.cancel()
        self._kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                _pipe(pipe).close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


def _started(module: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-c", _START, str(_HOUSE), module]
    process = subprocess.Popen(  # noqa: S603  (our own interpreter and our own words)
        command,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    os.set_blocking(_pipe(process.stdin).fileno(), False)
    return process


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise BrokenPipeError
    return pipe


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
    # Nobody but the child reads files: what it needs for PDF and pictures takes every process 0.1 s to load, and 6 MB.
    from hotline.anonymize.files.reading import read_file

    sandbox.limit(memory=_MEMORY, seconds=SECONDS)
    head, content = question(MOST_BYTES)
    sandbox.close_off()
    asked = json.loads(head)
    file = read_file(content, asked["name"], asked["declared"])
    parts = [(part.kind, part.field, part.text, part.label) for part in file.parts]
    told = {"form": file.form, "parts": parts, "gaps": sorted(file.gaps), "readable": file.readable}
    sys.stdout.write(json.dumps(told))
