"""Files of a form while they come in: sealed and kept piece by piece, never held whole, never the reason to lose a word.

A file that cannot be kept is read past and left out, and what was kept of it goes at once. What came in whole and found
no report (a form that was sent twice, a code that opens nothing, a fault of ours) goes when the request ends.
"""

from collections.abc import Callable
from contextlib import suppress

from flask import request

from hotline.errors import HotlineError
from hotline.parts import Hotline
from hotline.vault.pouring import PouredFile

MOST = 20
"""Files that one form may bring."""

LARGE, MANY, BROKEN, NO_ROOM = "large", "many", "broken", "no_room"
"""Why a file is left out: beyond the limit, beyond `MOST`, not come whole, or not to be kept just now."""

_NAME_LIMIT = 200
_TAIL = 40
_KIND_LIMIT = 100
_BEGUN = "hotline.begun_files"

Begin = Callable[[str, str], PouredFile]


class Uploads:
    """The files of one form: those that are whole, and why others are left out.

    *limit* is how many bytes they may have together. What is left out gives its room back, but whoever sends such files
    again and again has only twice the limit poured.
    """

    def __init__(self, limit: int, begin: Begin) -> None:
        self.files: list[PouredFile] = []
        self.left_out: set[str] = set()
        self.limit = self.room = limit
        self.to_pour = 2 * limit
        self.begin = begin

    @classmethod
    def of(cls, hotline: Hotline) -> "Uploads":
        """Return what takes in the files of this request; none of them outlives it but with a report."""

        def begin(name: str, kind: str) -> PouredFile:
            file = PouredFile(
                name,
                kind,
                store=hotline.store,
                clock=hotline.clock,
                budget=hotline.reception.file_budget,
            )
            request.environ.setdefault(_BEGUN, []).append(file)
            return file

        return cls(hotline.config.attachment_limit_mb << 20, begin)

    def take(self, file: PouredFile) -> None:
        """Keep a file that is whole."""
        self.room -= file.size
        self.files.append(file)


class Arriving:
    """One file while its bytes come in. Where it has no bytes it is none: a form sends such a one for an empty field."""

    def __init__(self, name: str, kind: str, uploads: Uploads) -> None:
        self.name, self.kind = bounded(name), kind[:_KIND_LIMIT]
        self.uploads = uploads
        self.file: PouredFile | None = None
        self.is_left_out = False

    def add(self, piece: bytes) -> None:
        if not piece or self.is_left_out:
            return
        why = self._obstacle(len(piece))
        if why:
            self._leave_out(why)
        else:
            self._try(lambda file: file.add(piece))

    def end(self) -> None:
        if self.file is not None:
            self._try(lambda file: file.finish())
        if self.file is not None:
            self.uploads.take(self.file)

    def break_off(self) -> None:
        """Leave it out: half a file is none."""
        if not self.is_left_out:
            self._leave_out(BROKEN)

    def _obstacle(self, more: int) -> str:
        uploads = self.uploads
        if len(uploads.files) >= MOST:
            return MANY
        size = self.file.size if self.file else 0
        if size + more > uploads.room or more > uploads.to_pour:
            return LARGE
        uploads.to_pour -= more
        return ""

    def _try(self, act: Callable[[PouredFile], None]) -> None:
        """Do what may fail because the day is full or the database is away: then the words go on without the file."""
        try:
            self.file = self.file or self.uploads.begin(self.name, self.kind)
            act(self.file)
        except HotlineError:
            self._leave_out(NO_ROOM)

    def _leave_out(self, why: str) -> None:
        self.is_left_out = True
        self.uploads.left_out.add(why)
        if self.file is not None:
            _drop(self.file)
            self.file = None


def bounded(name: str) -> str:
    """Return what a file is called as it was typed, its middle cut out where it is very long: its end says what it is."""
    name = name.encode("utf-8", "replace").decode("utf-8")
    return name if len(name) <= _NAME_LIMIT else f"{name[: _NAME_LIMIT - _TAIL]}…{name[-_TAIL:]}"


def drop_begun(_error: BaseException | None = None) -> None:
    """Drop each file of this request that found no report."""
    for file in request.environ.pop(_BEGUN, ()):
        _drop(file)


def _drop(file: PouredFile) -> None:
    # Where the database is away the sweep does it.
    with suppress(HotlineError):
        file.drop()
