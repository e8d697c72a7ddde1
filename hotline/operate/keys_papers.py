"""Make new recovery papers for a house that has some: they were lost, or a holder of one is no longer trusted.

Pages first and ``house.pub`` last, then the house names the key: killed in between, the same command with the same
folder goes on with the very papers that lie there.
"""

from pathlib import Path

from hotline.errors import Conflict, Misconfigured
from hotline.operate.keys_ceremony import (
    HOUSE_FILE,
    PAPERS,
    ROOT_FILE,
    House,
    draw_papers,
    page_names,
)
from hotline.vault.keyfiles import destroy, held, write_private
from hotline.vault.offline import new_recovery


def make_papers(out: Path, *, root: bytes, papers: int, threshold: int, house: str) -> House:
    """Return the public halves of a new recovery key whose pages lie in *out*, made now or by a command that was killed.

    *root* is the public half of the root key. The private half is written nowhere but on the papers.

    Raises:
        Conflict: *out* is the folder of a ceremony, or its pages are gone.
        Malformed: there can be no such papers.
        Misconfigured: *out* cannot be written to, or is another house's.
    """
    recovery = new_recovery()
    pages = draw_papers(recovery, papers=papers, threshold=threshold, house=house)
    drawn = dict(zip(page_names(papers), pages, strict=True))
    if (out / ROOT_FILE).exists():
        raise Conflict(f"a ceremony was held in {out}; give an empty folder")
    try:
        # One command at a time: pages of two keys among each other would give neither back.
        with held(out / HOUSE_FILE):
            if (out / HOUSE_FILE).exists():
                return _left(out, root, list(drawn))
            return _write(out, drawn, House(root, recovery.public.raw))
    except OSError:
        raise Misconfigured(f"{out} cannot be written to") from None


def _left(out: Path, root: bytes, names: list[str]) -> House:
    """Return what a command that was killed left whole."""
    made = House.read(out / HOUSE_FILE)
    if made.root != root:
        raise Misconfigured(f"the papers in {out} are those of another house")
    if not all((out / PAPERS / name).exists() for name in names):
        raise Conflict(f"the pages in {out} are not there any more; give an empty folder")
    return made


def _write(out: Path, drawn: dict[str, str], made: House) -> House:
    (out / PAPERS).mkdir(mode=0o700, parents=True, exist_ok=True)
    # What a killed command left here half made is of a key that no house names.
    for left in (out / PAPERS).iterdir():
        destroy(left)
    for name, page in drawn.items():
        write_private(out / PAPERS / name, page.encode())
    write_private(out / HOUSE_FILE, made.to_text().encode())
    return made
