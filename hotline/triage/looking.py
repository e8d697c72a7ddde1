"""Look at a file for the first time: ask the scanner, make a clean copy apart from us, and keep what was found out.

The original goes out of the vault piece by piece and stays there as it came. The copy is sealed to whoever the original
is sealed to, so the next look only opens it. Why there is none is kept too, except where it is worth another try.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hotline.anonymize.files import Clean, CopyBroken, Unclean
from hotline.errors import Conflict
from hotline.scanning import UNSCANNED, Scanner
from hotline.store import Store
from hotline.vault.copies import Looked, PouredCopy
from hotline.vault.found import Found
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.opening_files import OpenFile

BUSY = "busy"
AGAIN = frozenset({BUSY, "took_too_long"})
"""Why there is no copy yet, where another try may make one."""

BROKEN = "broken"

Cleaning = Callable[[Iterable[bytes], str, str], Clean | Unclean]
"""`anonymize.files.clean_apart`: from a file's pieces, its name and its kind."""

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Looks:
    """What a first look takes."""

    store: Store
    keyring: Keyring
    scanner: Scanner
    clean: Cleaning
    clock: Callable[[], datetime]

    def check(
        self, file: OpenFile, report_id: str, seq: int, *, by: Keyholder, at: datetime
    ) -> Found:
        """Make sure that *file* is whole, and have it scanned on the way if it never was; return what is known of it.

        What we recorded or copied is not scanned: nobody else wrote it.

        Raises:
            SealBroken: it is not whole.
        """
        is_ours = file.is_recording or file.head.copy_of
        if is_ours or file.found.scan not in ("", UNSCANNED):
            file.check(self.store)
            return file.found
        found = self._scanned(file)
        if found != file.found:
            self._keep(Looked(report_id, seq, file, found), by, at)
        return found

    def first(
        self, file: OpenFile, report_id: str, seq: int, *, by: Keyholder, at: datetime
    ) -> Found:
        """Look at *file*, of message *seq*, and keep its clean copy; return what was found out.

        Without *why* in it there is a copy now.

        Raises:
            SealBroken: the file is not whole.
            NotFound: it was erased meanwhile.
        """
        looked = self._cleaned(Looked(report_id, seq, file, self._scanned(file)))
        self._keep(looked, by, at)
        return looked.found

    def _scanned(self, file: OpenFile) -> Found:
        pieces = file.pieces(self.store)
        verdict = self.scanner.scan(pieces)
        # The scanner may have had enough before the end: only the whole tells whether the seal holds.
        for _ in pieces:
            pass
        return replace(file.found, scan=verdict.scan, threat=verdict.threat)

    def _cleaned(self, looked: Looked) -> Looked:
        original, head = looked.original, looked.original.head
        made = self.clean(original.pieces(self.store), head.name, head.kind)
        facts = tuple((fact.kind, fact.text) for fact in made.facts)
        found = replace(looked.found, facts=facts)
        if isinstance(made, Unclean):
            return replace(looked, found=replace(found, why=made.why.value))
        try:
            copy = self._poured(original, made)
        except CopyBroken:
            return replace(looked, found=replace(found, why=BROKEN))
        return replace(looked, found=replace(found, why="", made=made.made.value), copy=copy)

    def _poured(self, original: OpenFile, made: Clean) -> PouredCopy:
        copy = PouredCopy(original, made.kind, made.suffix, store=self.store, clock=self.clock)
        try:
            with made.content as pieces:
                for piece in pieces:
                    copy.add(piece)
            copy.finish()
        except BaseException:
            copy.drop()
            raise
        return copy

    def _keep(self, looked: Looked, by: Keyholder, at: datetime) -> None:
        """Keep what came of a look; of a copy that a colleague has made too, or that nobody needs, nothing stays.

        Raises:
            NotFound: the file was erased meanwhile.
        """
        try:
            self._write(looked, by, at)
        finally:
            if looked.copy is not None:
                looked.copy.drop()

    def _write(self, looked: Looked, by: Keyholder, at: datetime) -> None:
        for _ in range(_TRIES):
            try:
                return self.store.write(
                    lambda session: looked.keep(
                        session, self.keyring, desk=by.desk, by=by.staff_id, at=at
                    )
                )
            except Conflict:
                continue
        raise Conflict(ref=looked.report_id)
