"""Hold the ceremony: root key and recovery papers, on a machine that is offline and needs no database."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hotline.errors import Conflict, Malformed, Misconfigured
from hotline.vault.keys import PrivateKey
from hotline.vault.offline import new_recovery, new_root
from hotline.vault.papers import cut
from hotline.vault.papers_print import Cutting

ROOT_FILE, HOUSE_FILE, PAPERS = "root.key", "house.pub", "papers"


@dataclass(frozen=True, slots=True)
class House:
    """The public halves of what a ceremony made: how papers and servers know their house."""

    root: bytes
    recovery: bytes

    @classmethod
    def read(cls, path: Path) -> "House":
        """Read the file that a ceremony wrote.

        Raises:
            Misconfigured: it is no such file.
        """
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            return cls(bytes.fromhex(facts["root"]), bytes.fromhex(facts["recovery"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise Misconfigured(f"{path} is no house.pub of a ceremony") from None

    def to_text(self) -> str:
        return json.dumps({"root": self.root.hex(), "recovery": self.recovery.hex()}, indent=1)


def hold(out: Path, *, papers: int, threshold: int, house: str) -> House:
    """Make both keys, and write *out*: ``root.key``, ``house.pub`` and a page per paper.

    The private half of the recovery key is written nowhere but on the papers.

    Raises:
        Conflict: a ceremony was held there before.
        Malformed: there can be no such papers.
        Misconfigured: the folder cannot be written to.
    """
    if any((out / name).exists() for name in (ROOT_FILE, HOUSE_FILE, PAPERS)):
        raise Conflict(f"a ceremony was held in {out} before; give an empty folder")
    root, recovery = new_root(), new_recovery()
    pages = draw_papers(recovery, papers=papers, threshold=threshold, house=house)
    public = House(root.public, recovery.public.raw)
    try:
        (out / PAPERS).mkdir(mode=0o700, parents=True)
        for name, page in zip(page_names(papers), pages, strict=True):
            write_once(out / PAPERS / name, page)
        write_once(out / ROOT_FILE, root.private.hex())
        write_once(out / HOUSE_FILE, public.to_text())
    except OSError:
        raise Misconfigured(f"{out} cannot be written to") from None
    return public


def draw_papers(recovery: PrivateKey, *, papers: int, threshold: int, house: str) -> list[str]:
    """Cut the recovery key into papers, and return the page of each.

    Raises:
        Malformed: there can be no such papers.
    """
    words = cut(recovery.seed, threshold=threshold, papers=papers)
    made = datetime.now(UTC).date()
    return Cutting(house, made, threshold, recovery.public.id.hex(), words).pages()


def page_names(papers: int) -> list[str]:
    """Return what the pages of that many papers are called."""
    return [f"paper-{number}-of-{papers}.html" for number in range(1, papers + 1)]


def read_root(path: Path) -> bytes:
    """Return the private half of the root key.

    Raises:
        Malformed: the file is none.
    """
    try:
        private = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        raise Malformed(f"{path} is no root.key of a ceremony") from None
    if len(private) != 32:
        raise Malformed(f"{path} is no root.key of a ceremony")
    return private


def write_once(path: Path, content: str) -> None:
    """Write a file that only its owner reads, and never over another."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content + "\n")
