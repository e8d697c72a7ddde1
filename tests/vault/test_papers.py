"""The recovery key on paper: enough papers give it back, fewer give nothing, and each fault is called by its name."""

import json
import re
from dataclasses import replace
from datetime import date
from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.errors import Malformed
from hotline.vault.keys import PrivateKey
from hotline.vault.papers import (
    WORDS,
    PaperDoubled,
    PaperMistyped,
    PaperOfAnotherHouse,
    PapersRefused,
    TooFewPapers,
    cut,
    join,
    read_papers,
    recovery_key,
)
from hotline.vault.papers_print import Cutting
from tests.examples import examples

KEY = bytes(range(32))
VECTORS = json.loads((Path(__file__).parent / "vectors" / "slip39.json").read_text())


@pytest.fixture(scope="module")
def papers() -> list[str]:
    return cut(KEY, threshold=3, papers=5)


def joined(*papers: str) -> bytes:
    return join(read_papers("\n\n".join(papers)))


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=["one of one", "two of three"])
def test_the_published_papers_give_their_secret(vector: dict[str, list[str]]) -> None:
    papers = read_papers("\n\n".join(vector["papers"]))
    assert join(papers, passphrase=b"TREZOR").hex() == vector["secret"]


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=lambda vector: vector["why"])
def test_the_published_faults_are_refused(vector: dict[str, list[str]]) -> None:
    with pytest.raises(PapersRefused):
        joined(*vector["papers"])


def test_any_three_of_five_give_the_key(papers: list[str]) -> None:
    assert all(joined(*some) == KEY for some in combinations(papers, 3))
    assert all(joined(*some) == KEY for some in permutations(papers[:3]))
    assert joined(*papers) == KEY


@settings(max_examples=15, deadline=None)
@given(key=st.binary(min_size=32, max_size=32), threshold=st.integers(2, 6), more=st.integers(0, 4))
def test_every_threshold_works_and_one_less_does_not(key: bytes, threshold: int, more: int) -> None:
    papers = cut(key, threshold=threshold, papers=threshold + more)
    assert joined(*papers[more:]) == key
    with pytest.raises(TooFewPapers):
        joined(*papers[: threshold - 1])


@examples(60)
@given(place=st.integers(0, WORDS - 1), swap=st.integers(1, WORDS - 1), data=st.data())
def test_every_wrong_word_is_noticed(place: int, swap: int, data: st.DataObject) -> None:
    words = VECTORS["valid"][1]["papers"][0].split()
    other = data.draw(st.sampled_from([w for w in words if w != words[place]] + ["zero", "kite"]))
    with pytest.raises(PaperMistyped):
        read_papers(" ".join([*words[:place], other, *words[place + 1 :]]))


def test_papers_may_be_typed_loosely(papers: list[str]) -> None:
    numbered = "\n".join(f"{n}. {word}" for n, word in enumerate(papers[0].split(), start=1))
    first_letters = "  ".join(word[:4].upper() for word in papers[1].split())
    over_lines = re.sub(r"((?:\w+ ){7})", r"\1\n", papers[4])
    for between in ("\n\n", "\n \t\n", "\n\n\n"):
        assert join(read_papers(between.join([numbered, first_letters, over_lines]))) == KEY
    # A scanner writes one paper a line.
    assert join(read_papers("\n".join(papers))) == KEY


def test_a_mistyped_paper_is_told_by_its_place(papers: list[str]) -> None:
    words = papers[1].split()
    unknown = " ".join([*words[:6], "kiteful", *words[7:]])
    with pytest.raises(PaperMistyped, match="paper 2: word 7"):
        joined(papers[0], unknown, papers[2])
    swapped = " ".join([words[0], words[1], words[3], words[2], *words[4:]])
    with pytest.raises(PaperMistyped, match="paper 2: a word"):
        joined(papers[0], swapped, papers[2])
    with pytest.raises(PaperMistyped, match="paper 3 has 32 words"):
        joined(papers[0], papers[1], " ".join(words[:-1]))
    for nonsense in ("ا", "x" * 10_000, "\ud800abandon", "academic"):
        with pytest.raises(PaperMistyped, match="paper 1"):
            joined(nonsense)


def test_too_few_papers_are_told_with_how_many_are_needed(papers: list[str]) -> None:
    with pytest.raises(TooFewPapers, match="3 papers are needed, and 2 were given"):
        joined(*papers[:2])
    for nothing in ("", "\n\n \n", "1 2 3"):
        with pytest.raises(TooFewPapers, match="no paper"):
            joined(nothing)


def test_a_doubled_paper_counts_once_and_is_told(papers: list[str]) -> None:
    with pytest.raises(PaperDoubled, match="paper 1 and paper 3 are the same"):
        joined(papers[0], papers[1], papers[0])


def test_papers_of_another_house_are_told(papers: list[str]) -> None:
    others = cut(KEY[::-1], threshold=3, papers=5)
    with pytest.raises(PaperOfAnotherHouse, match="paper 3 is of another set than paper 1"):
        joined(papers[0], papers[1], others[2])
    public = PrivateKey(KEY).public.raw
    assert recovery_key(read_papers("\n".join(papers)), public=public).seed == KEY
    with pytest.raises(PaperOfAnotherHouse, match="those of another house"):
        recovery_key(read_papers("\n".join(others)), public=public)


def test_a_paper_that_was_made_up_is_noticed_beside_good_ones(papers: list[str]) -> None:
    """Its words and its checksum are right, and it is of the right set; what it carries is not."""
    good = read_papers("\n".join(papers))
    made_up = replace(good[3], share=replace(good[3].share, value=bytes(32)))
    for some in ([*good[:2], made_up], [*good[:3], made_up]):
        with pytest.raises(PapersRefused, match="do not give the recovery key"):
            join(some)


def test_a_short_secret_is_no_recovery_key() -> None:
    from shamir_mnemonic import generate_mnemonics

    short = generate_mnemonics(1, [(2, 2)], bytes(16))[0]
    with pytest.raises(PaperMistyped, match="20 words"):
        joined(*short)


def test_only_a_sensible_cutting_is_made() -> None:
    for threshold, count in ((1, 3), (4, 3), (2, 17)):
        with pytest.raises(Malformed):
            cut(KEY, threshold=threshold, papers=count)
    with pytest.raises(Malformed):
        cut(bytes(31), threshold=2, papers=3)


def test_a_page_holds_one_paper_and_fetches_nothing(papers: list[str]) -> None:
    cutting = Cutting("House <of> Harbor", date(2026, 11, 25), 3, "ab12", papers)
    pages = cutting.pages()
    assert len(pages) == 5
    for number, page in enumerate(pages, start=1):
        assert f"Recovery paper {number} of 5" in page
        assert "3 of 5" in page
        assert "2026-11-25" in page
        assert "House &lt;of&gt; Harbor" in page
        # The words stand in order, and none of another paper's beside them.
        listed = re.findall(r"<li><span>\d+</span>(\w+)</li>", page)
        assert " ".join(listed) == papers[number - 1]
        assert "<svg" in page
        outside = page.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//|\bsrc=|\bhref=|url\(|@import|<script", outside)
    assert papers[0] not in repr(cutting)
