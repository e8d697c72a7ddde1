"""Which reports were erased of late: a list outside the database, so that a restored backup brings none back.

One line for each, ``2026-11-25 <report id>``. Backups are kept for thirty days; after thirty-five the list forgets.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from hotline.domain.report import day
from hotline.errors import Misconfigured
from hotline.vault.keyfiles import held, write_private

KEPT = timedelta(days=35)


class ErasedList:
    """The file *path*, shared by every process of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, report_ids: Collection[str], *, at: datetime) -> None:
        """Remember that these were erased; one that is listed keeps its day."""
        with held(self._path):
            listed = self._read()
            new = {report_id: day(at) for report_id in report_ids if report_id not in listed}
            if new:
                self._write(listed | new)

    def ids(self, *, since: datetime | None = None) -> frozenset[str]:
        """Return the ids of all that were erased and are not forgotten yet; *since* leaves out earlier days."""
        edge = "" if since is None else day(since)
        return frozenset(report_id for report_id, its in self._read().items() if its >= edge)

    def sweep(self, *, at: datetime) -> None:
        """Forget what no backup can bring back any more."""
        edge = day(at - KEPT)
        with held(self._path):
            listed = self._read()
            kept = {report_id: its for report_id, its in listed.items() if its >= edge}
            if kept != listed:
                self._write(kept)

    def _read(self) -> dict[str, str]:
        try:
            lines = self._path.read_text("ascii").splitlines()
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError:
            raise Misconfigured("the list of erased reports is damaged") from None
        return {report_id: its for its, _, report_id in (line.partition(" ") for line in lines)}

    def _write(self, listed: dict[str, str]) -> None:
        lines = sorted(f"{its} {report_id}\n" for report_id, its in listed.items())
        write_private(self._path, "".join(lines).encode("ascii"))
