"""An account is cut into pieces that together say what it said."""

from hypothesis import given
from hypothesis import strategies as st

from hotline.console.placeholders import Numbering, name_of, pieces, quote
from hotline.domain.report import Reason
from hotline.vault.contents import Account

WORDS = st.lists(
    st.sampled_from(
        ["he ", "took ", "[PERSON 1]", "[PERSON 2]", "[PHONE 1]", "[", "1]", "مرحبا ", "\n"]
    )
).map("".join)
REASONS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
        lambda ends: Reason("moved_soon", min(ends), max(ends))
    ),
    max_size=4,
)


@given(text=WORDS, reasons=REASONS)
def test_nothing_is_lost_or_said_twice(text: str, reasons: list[Reason]) -> None:
    account = Account(text, reasons=tuple(reasons))
    again = "".join(
        f"[{piece.label} {piece.number}]" if piece.label else piece.text
        for piece in pieces(account, Numbering(), seq=1)
    )
    # Numbers of a report may differ from those of a message; everything else is as it was.
    plain = str.maketrans("12", "00")
    assert again.translate(plain) == text.translate(plain)


def test_equal_tags_are_one_and_missing_tags_are_nobody_elses() -> None:
    numbering = Numbering()
    first = Account("[PERSON 1] and [PERSON 2]", tags={"[PERSON 1]": "a", "[PERSON 2]": "b"})
    second = Account("[PERSON 1] [PERSON 2]", tags={"[PERSON 1]": "b"})
    numbers = [
        piece.number
        for seq, account in ((1, first), (2, second))
        for piece in pieces(account, numbering, seq=seq)
        if piece.label
    ]
    assert numbers == [1, 2, 2, 3]


def test_a_reason_quotes_its_words_with_their_placeholders() -> None:
    account = Account(
        "say [AGE 1] years", tags={"[AGE 1]": "a"}, details={"quasi": {"[AGE 1]": "16"}}
    )
    found = quote(account, Reason("minor", 4, 99), Numbering(), seq=1)
    assert [(piece.label, piece.finer, piece.text) for piece in found] == [
        ("AGE", "16", ""),
        ("", "", " years"),
    ]


def test_a_name_that_is_no_placeholder_is_shown_as_it_is() -> None:
    assert name_of(Account(""), "[NOBODY]", Numbering(), seq=1).text == "[NOBODY]"
