"""What an import does, or would do, in numbers, names and lines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from referral.reading import BadRow

NAMES = 20
"""How many names of a table's new, changed and removed rows are shown."""


@dataclass(slots=True)
class Kept:
    """How many rows of one table are new, differ, were there already, or are gone; and what some are called."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    names: dict[str, list[str]] = field(default_factory=dict, compare=False)
    fields: dict[str, list[tuple[str, tuple[str, str] | None]]] = field(
        default_factory=dict, compare=False
    )
    """By the name of what changes: its fields, and each before and after; None where that may not be shown."""

    def name(self, done: str, what: str) -> None:
        some = self.names.setdefault(done, [])
        if len(some) < NAMES:
            some.append(what)

    def __str__(self) -> str:
        return (
            f"{self.added} added, {self.changed} changed, "
            f"{self.unchanged} unchanged, {self.removed} removed"
        )


@dataclass(slots=True)
class LoadReport:
    """What an import does: rows kept by HSDS table, and everything that was wrong, file by file."""

    kept: dict[str, Kept] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    left: int = 0
    """Rows that the source has no more and that were not removed: too many to believe it without its name."""
    stayed: int = 0
    """Rows that the source has no more, of records that were edited here."""
    withheld: int = 0
    """Rows of confidential places that are not in the package, of which it says nothing at all."""

    def __str__(self) -> str:
        """Return the report in lines: what was kept, table by table, then each fault."""
        tables = (f"{name}: {kept}" for name, kept in self.kept.items())
        left = [f"{self.left} left that are not in this package: name its source to remove them"]
        stayed = [f"{self.stayed} stay that are not in this package: they were edited here"]
        hidden = [f"{self.withheld} kept: not in your package because it is confidential"]
        told = (
            *(left if self.left else ()),
            *(stayed if self.stayed else ()),
            *(hidden if self.withheld else ()),
        )
        return "\n".join((*tables, *map(str, self.bad), *told, f"{self.refused} refused"))

    def preview(self) -> str:
        """Return in lines what would be added (+), changed (~) and removed (-), by name, and fields before and after."""
        lines = []
        for table, kept in self.kept.items():
            lines.append(f"{table}: {kept}")
            for sign, done in (("+", "added"), ("~", "changed"), ("-", "removed")):
                names = kept.names.get(done, [])
                for name in names:
                    lines.append(f"  {sign} {name}")
                    lines += _changes(kept.fields.get(name, ()) if sign == "~" else ())
                if (more := getattr(kept, done) - len(names)) and names:
                    lines.append(f"  {sign} … {more}")
        return "\n".join((*lines, *str(self).splitlines()[len(self.kept) :]))

    @property
    def refused(self) -> int:
        """Return how many rows, or whole files, were not kept."""
        return len({(each.file, each.line) for each in self.bad if not each.kept})


def _changes(fields: Iterable[tuple[str, tuple[str, str] | None]]) -> Iterator[str]:
    for name, both in fields:
        before, after = ('"' + " ".join(text.split())[:60] + '"' for text in both or ("", ""))
        yield f"      {name}: {before} → {after}" if both else f"      {name}"
