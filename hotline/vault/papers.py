"""The recovery key on paper: any *threshold* of the papers give it back, fewer say nothing about it.

SLIP-39, one group, without a passphrase: 33 English words a paper, the last three a checksum, the first two the
same on all papers of one cutting. The first four letters of a word are enough to know it.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

from hotline.errors import Malformed
from hotline.vault.keys import SEED_LENGTH, PrivateKey

WORDS = 33
MOST = 16
"""More papers than that SLIP-39 does not know."""
_PREFIX = 4
_LONGEST = 40


class PapersRefused(Malformed):
    default_message = "these papers do not give the recovery key"


class PaperMistyped(PapersRefused):
    """A word, or their number, is not as it was printed."""


class PaperOfAnotherHouse(PapersRefused):
    default_message = "these papers are those of another house"


class PapersReplaced(PapersRefused):
    default_message = "these papers were replaced: only those made after them open anything"


class TooFewPapers(PapersRefused):
    """The papers are good, and there must be more of them."""


class PaperDoubled(PapersRefused):
    """The same paper was given twice, and counts once."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that was read. *place* is which one it was among those that were given, counted from 1."""

    place: int
    share: Share = field(repr=False)

    @property
    def cutting(self) -> tuple[int, int]:
        """What all papers of one cutting have in common: its number, and how many of them are needed."""
        return self.share.identifier, self.share.member_threshold


def cut(seed: bytes, *, threshold: int, papers: int) -> list[str]:
    """Return the words of *papers* papers, any *threshold* of which give the 32 bytes of *seed*.

    Raises:
        Malformed: not 2 <= threshold <= papers <= 16, or a key of another length.
    """
    if not 2 <= threshold <= papers <= MOST or len(seed) != SEED_LENGTH:
        raise Malformed(
            "of at most 16 papers at least 2 must be needed, and no more than there are"
        )
    return list(generate_mnemonics(1, [(threshold, papers)], seed)[0])


def read_papers(typed: str) -> list[Paper]:
    """Read papers as a person types or scans them: one a line, or in blocks with an empty line between.

    Numbers before words, case, and everything but letters do not matter.

    Raises:
        PaperMistyped: it says which paper, and where it is known, which word.
    """
    return [_read(place, words) for place, words in enumerate(_blocks(typed), start=1)]


def join(papers: Sequence[Paper], *, passphrase: bytes = b"") -> bytes:
    """Return the key that *papers* of one cutting give; *passphrase* is for published vectors only.

    More than are needed must all fit.

    Raises:
        PapersRefused: too few, doubled, or of two cuttings; the class and its sentence say which.
    """
    if not papers:
        raise TooFewPapers("no paper was given")
    _refuse_strangers(papers)
    _refuse_doubled(papers)
    needed = papers[0].share.member_threshold
    if len(papers) < needed:
        raise TooFewPapers(f"{needed} papers are needed, and {len(papers)} were given")
    words = [paper.share.mnemonic() for paper in papers]
    sets = [[*words[: needed - 1], last] for last in words[needed - 1 :]]
    try:
        seeds = {bytes(combine_mnemonics(some, passphrase)) for some in sets}
    except MnemonicError:
        raise PapersRefused from None
    if len(seeds) != 1:
        raise PapersRefused
    return seeds.pop()


def recovery_key(
    papers: Sequence[Paper], *, public: bytes, earlier: Collection[bytes] = ()
) -> PrivateKey:
    """Return the recovery key of the house whose public half is *public*; *earlier* are those of keys it had before.

    Raises:
        PapersReplaced: they give one of the earlier ones.
        PaperOfAnotherHouse: they give another key.
        PapersRefused: as for `join`.
    """
    key = any_recovery_key(papers, known={public, *earlier})
    if key.public.raw != public:
        raise PapersReplaced
    return key


def any_recovery_key(papers: Sequence[Paper], *, known: Collection[bytes]) -> PrivateKey:
    """Return the recovery key that *papers* give, in force or not; *known* are the public halves of all of a house.

    Raises:
        PaperOfAnotherHouse: they give another key.
        PapersRefused: as for `join`.
    """
    seed = join(papers)
    if len(seed) != SEED_LENGTH or (key := PrivateKey(seed)).public.raw not in known:
        raise PaperOfAnotherHouse
    return key


def _blocks(typed: str) -> list[list[str]]:
    folded = unicodedata.normalize("NFKD", typed).casefold()
    blocks = [block.splitlines() for block in re.split(r"\n[^\S\n]*\n", folded)]
    papers = []
    for lines in blocks:
        counted = [words for words in map(_words, lines) if words]
        if len(counted) > 1 and all(len(words) > WORDS // 2 for words in counted):
            papers.extend(counted)
        elif counted:
            papers.append([word for words in counted for word in words])
    return papers


def _words(line: str) -> list[str]:
    return "".join(char if char.isalpha() else " " for char in line).split()


def _read(place: int, words: list[str]) -> Paper:
    known = [_known(word) for word in words]
    if "" in known:
        raise PaperMistyped(
            f"paper {place}: word {known.index('') + 1} is none of the words that papers have"
        )
    if len(known) != WORDS:
        raise PaperMistyped(f"paper {place} has {len(known)} words in place of {WORDS}")
    try:
        return Paper(place, Share.from_mnemonic(" ".join(known)))
    except MnemonicError:
        raise PaperMistyped(f"paper {place}: a word is not the one that was printed") from None


def _known(word: str) -> str:
    """Return the listed word that begins as *word* does; nothing where there is none."""
    listed = _by_prefix().get(word[:_PREFIX], "") if len(word) <= _LONGEST else ""
    return listed if listed.startswith(word) else ""


@cache
def _by_prefix() -> dict[str, str]:
    return {word[:_PREFIX]: word for word in WORDLIST}


def _refuse_strangers(papers: Sequence[Paper]) -> None:
    stranger = next((p for p in papers if p.cutting != papers[0].cutting), None)
    if stranger is not None:
        raise PaperOfAnotherHouse(
            f"paper {stranger.place} is of another set than paper {papers[0].place}"
        )


def _refuse_doubled(papers: Sequence[Paper]) -> None:
    seen: dict[int, int] = {}
    for paper in papers:
        earlier = seen.setdefault(paper.share.index, paper.place)
        if earlier != paper.place:
            raise PaperDoubled(f"paper {earlier} and paper {paper.place} are the same one")
