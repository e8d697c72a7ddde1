"""No count that is withheld can be worked out from all that is told, by somebody who knows how it is chosen."""

from collections import defaultdict
from functools import cache
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from hotline.triage.withholding import LEAST, publish, rounded, share, told, total

COUNTS = st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(0, 40), max_size=12)


def possible(codes: str, most: int) -> dict[object, list[dict[str, int]]]:
    """Return every way to count up to *most* of each of *codes*, by what somebody sees who knows more than we tell:
    the exact total, where it is told, and the exact counts that are told."""
    seen: dict[object, list[dict[str, int]]] = defaultdict(list)
    for numbers in product(range(most + 1), repeat=len(codes)):
        counts = dict(zip(codes, numbers, strict=True))
        exact = frozenset((code, counts[code]) for code in told(counts))
        whole = sum(numbers)
        seen[exact, publish(counts).withholds, whole if whole >= LEAST else None].append(counts)
    return seen


def test_what_is_withheld_may_always_be_another_number() -> None:
    # Three counts up to twelve, four up to seven: each way in which they may be, and all that look the same.
    for codes, most in (("ab", 15), ("abc", 12), ("abcd", 7), ("abcde", 5)):
        for alike in possible(codes, most).values():
            one = alike[0]
            for code in codes:
                is_open = publish(one).of(code) is None
                assert not is_open or len({counts[code] for counts in alike}) > 1, alike


@given(COUNTS)
def test_a_small_count_is_withheld_with_a_larger_one(counts: dict[str, int]) -> None:
    published = publish(counts)
    small = {code for code, count in counts.items() if 0 < count < LEAST}
    large = {code: count for code, count in counts.items() if count >= LEAST}
    assert not small & published.cells.keys()
    assert published.withholds == bool(small)
    if small and large:
        smallest = min(large.values())
        # The smallest of the others goes with it, and whatever equals it, so that no order of names tells which.
        left = {code for code, count in large.items() if count > smallest}
        assert published.cells.keys() == left
    elif not small:
        assert published.cells.keys() == large.keys()
    for code, count in published.cells.items():
        assert count == rounded(counts[code])
        assert abs(count - counts[code]) <= 2


@given(COUNTS, st.sampled_from("abcdefghijkl"))
def test_a_nought_is_told_only_where_nothing_is_withheld(counts: dict[str, int], code: str) -> None:
    counts[code] = 0
    published = publish(counts)
    assert published.of(code) == (None if published.withholds else 0)


def test_totals_are_rounded_and_small_ones_withheld() -> None:
    assert [total(count) for count in (0, 1, 4, 5, 7, 8, 12, 13)] == [
        0,
        None,
        None,
        5,
        5,
        10,
        10,
        15,
    ]


def test_a_share_leaves_both_its_numbers_open() -> None:
    for whole in range(1, 120):
        shares = [share(part, whole) for part in range(whole + 1)]
        if whole < 25:
            assert set(shares) == {None}, whole
            continue
        assert {value for value in shares if shares.count(value) < 2} == set(), whole
        for part, value in enumerate(shares):
            assert value is not None
            assert abs(value - 100 * part / whole) <= 5
            assert value % 5 == 0


def test_the_largest_comes_first() -> None:
    published = publish({"sms": 12, "web": 31, "voice": 31, "paper": 5, "call": 1})
    assert list(published.in_order) == ["voice", "web", "sms"]


def test_row_and_column_totals_of_the_same_reports_do_not_tell_it_either() -> None:
    # Reports stand in a grid, such as channels by urgencies. What is told are the sums of its rows, of its columns, and
    # of all: somebody who knows the exact ones that are told still finds more than one number for each that is not.
    for rows, columns, most in ((2, 2, 7), (2, 3, 5)):
        alike: dict[object, set[tuple[tuple[int, ...], ...]]] = defaultdict(set)
        inner: set[object] = set()
        for numbers in product(range(most + 1), repeat=rows * columns):
            grid = [numbers[row * columns : (row + 1) * columns] for row in range(rows)]
            margins = tuple(map(sum, grid)), tuple(map(sum, zip(*grid, strict=True)))
            seen = (*map(exactly, margins), total(sum(numbers)))
            alike[seen].add(margins)
            # Where a number is as large as we try, those beyond it would look the same.
            if max(numbers) < most:
                inner.add(seen)
        for seen in inner:
            for which, its_margin in enumerate(next(iter(alike[seen]))):
                for place in withheld(its_margin):
                    assert len({both[which][place] for both in alike[seen]}) > 1, alike[seen]


@cache
def exactly(numbers: tuple[int, ...]) -> object:
    """Return what is told of *numbers*, as if it were not rounded."""
    counts = {str(place): number for place, number in enumerate(numbers)}
    return frozenset((code, counts[code]) for code in told(counts)), publish(counts).withholds


@cache
def withheld(numbers: tuple[int, ...]) -> tuple[int, ...]:
    published = publish({str(place): number for place, number in enumerate(numbers)})
    return tuple(place for place in range(len(numbers)) if published.of(str(place)) is None)
