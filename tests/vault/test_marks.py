"""What people mask by hand: ranges in any script, overlapping, repeated, taken back; and what is left of the account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.identity import Label
from hotline.domain.report import Reason
from hotline.vault.contents import Account
from hotline.vault.graphemes import is_boundary
from hotline.vault.marks import (
    MOST,
    PLACEHOLDER,
    SETTLED,
    Act,
    Mark,
    Marks,
    RangeRefused,
    Supplement,
    checked,
    covers,
    found,
)
from hotline.vault.masking import as_machine_left_it, masked, names_in, put_back, relabelled

SAID = "My boss [PERSON 1] keeps Zelda and zelda in [PLACE 1]."
FAMILY = "👩‍👩‍👧"
FLAG = "🇪🇷🇺🇸"


def act(start: int, end: int, label: str = "PERSON", tag: str = "t", n: int = 1) -> Act:
    return Act(n, start=start, end=end, label=label, tag=tag)


def text_of(marks: Marks, text: str = SAID) -> str:
    return masked(Account(text), marks.ranges).account.text


def test_a_mask_has_the_width_of_its_name_and_numbers_go_on() -> None:
    where = SAID.index("Zelda")
    short, long = act(where, where + 1), act(where, where + len("Zelda and zelda"))
    assert text_of(Marks((short,))).startswith("My boss [PERSON 1] keeps [PERSON 2]elda")
    assert text_of(Marks((long,))) == "My boss [PERSON 1] keeps [PERSON 2] in [PLACE 1]."


def test_what_overlaps_is_one_mark_and_what_was_said_last_counts() -> None:
    marks = Marks((act(0, 4, tag="a"), act(2, 7, "PLACE", "b", 2), act(2, 7, "PLACE", "b", 3)))
    (mark,) = marks.ranges
    assert (mark.start, mark.end, mark.label, mark.tag) == (0, 7, Label.PLACE, "b")
    assert text_of(marks) == "[PLACE 2] " + SAID[8:]


def test_ranges_that_only_touch_stay_two() -> None:
    assert len(Marks((act(0, 3), act(3, 7))).ranges) == 2


def test_each_act_is_taken_back_by_its_number() -> None:
    marks = Marks().plus(act(0, 2)).plus(act(3, 7, n=2), act(19, 24, n=2))
    assert marks.last == 2
    assert len(marks.without(2).ranges) == 1
    assert marks.without(2).without(1).ranges == ()


def test_a_mark_that_was_taken_off_is_no_more() -> None:
    marks = Marks((act(0, 7), Act(2, start=0, end=7)))
    assert text_of(marks) == SAID
    assert text_of(marks.without(2)) != SAID


def test_a_record_reads_as_it_was_written_and_never_grows_for_ever() -> None:
    marks = Marks((Act(1, "PERSON 1", "accepted"), act(0, 7, n=2), Act(3, start=0, end=7)))
    assert Marks.from_json(marks.to_json()) == marks
    many = Marks()
    for n in range(MOST + 50):
        many = many.plus(Act(n + 1, "PERSON 1", "rejected"), act(19, 24, n=n + 1))
    assert len(many.acts) <= MOST
    assert many.decisions == {"PERSON 1": "rejected"}
    assert [(one.start, one.end) for one in many.ranges] == [(19, 24)]


def test_no_undo_lays_open_what_many_acts_ago_was_masked() -> None:
    each = [act(3 * one, 3 * one + 2, n=3) for one in range(10, MOST + 50)]
    marks = Marks().plus(act(0, 5, n=1)).plus(Act(2, "PERSON 1", "rejected")).plus(*each)
    undone = marks.without(marks.last)
    assert [(one.start, one.end) for one in undone.ranges] == [(0, 5)]
    # What is settled stays, whatever is taken back; what was done since goes one by one, the last first.
    for n in range(4, 2 * MOST):
        marks = marks.plus(act(0, 5, n=n))
    while marks.last:
        assert marks.ranges[0].end == 5
        marks = marks.without(marks.last)
    assert {one.n for one in marks.acts} == {SETTLED}
    assert marks.without(SETTLED) == marks


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(["PERSON", "PLACE", ""])),
        max_size=40,
    )
)
def test_marks_are_what_was_done_one_after_the_other(done: list[tuple[int, int, str]]) -> None:
    plain: list[Mark] = []
    for start, length, label in done:
        met = [one for one in plain if one.meets(start, start + length)]
        plain = [one for one in plain if one not in met]
        if label:
            first = min([start, *(one.start for one in met)])
            last = max([start + length, *(one.end for one in met)])
            plain.append(Mark(first, last, Label(label), "t"))
    marks = Marks(tuple(act(start, start + length, label) for start, length, label in done))
    assert marks.ranges == tuple(sorted(plain, key=lambda one: one.start))


def test_more_is_masked_where_anything_is_that_was_not() -> None:
    marks = Marks((act(0, 4), act(6, 9))).ranges
    assert covers(marks, marks)
    assert covers(marks, Marks((act(1, 3), act(6, 9))).ranges)
    for one in (act(0, 5), act(5, 9), act(4, 6), act(10, 12), act(0, 9)):
        assert not covers(marks, Marks((one,)).ranges)


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 3), (3, 3), (5, 3), (0, 1000), (8, 18), (9, 12), (7, 8)]
)
def test_what_cannot_be_masked_is_refused(start: int, end: int) -> None:
    # Outside of the text, empty, turned round, inside a placeholder, or blank.
    with pytest.raises(RangeRefused):
        checked(SAID, start, end)


def test_a_range_that_cuts_a_placeholder_is_widened_to_it() -> None:
    inside = SAID.index("PERSON")
    assert checked(SAID, 3, inside) == (3, SAID.index("]") + 1)
    assert checked(SAID, inside + 2, SAID.index("keeps") + 5)[0] == SAID.index("[")


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("e\u0301", 1),
        (FAMILY, 1),
        (FAMILY, 2),
        ("👍🏽", 1),
        (FLAG, 1),
        (FLAG, 3),
        ("नि", 1),
        ("กำ", 1),
        ("\u1100\u1161\u11a8", 1),
        ("\u1100\u1161\u11a8", 2),
        ("مَ", 1),
        ("\r\n", 1),
        ("❤\ufe0f", 1),
    ],
)
def test_no_character_comes_apart(text: str, index: int) -> None:
    assert not is_boundary(text, index)
    with pytest.raises(RangeRefused):
        checked(f"{text} Zelda", 0, index)


def test_between_characters_a_text_may_be_cut() -> None:
    assert is_boundary(FLAG, 2)
    assert all(is_boundary("가각", index) for index in range(3))
    assert all(is_boundary("abc", index) for index in range(-1, 5))
    assert is_boundary(f"{FAMILY}👍", len(FAMILY))


@pytest.mark.parametrize(
    ("text", "words", "parts"),
    [
        (SAID, "ZELDA", ["Zelda", "zelda"]),
        (SAID, "boss", ["boss"]),
        (SAID, "PERSON", []),
        (SAID, "nobody", []),
        (SAID, "  ", []),
        ("Straße und STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("مريم قالت إن مريم هنا", "مريم", ["مريم", "مريم"]),
        ("ผมชื่อสมชายครับ", "สมชาย", ["สมชาย"]),
        ("man and an ant", "an", ["an"]),
        ("nana", "na", ["na", "na"]),
        (f"{FAMILY} Zelda", "Zelda", ["Zelda"]),
    ],
)
def test_words_are_found_in_whatever_case_and_whole(
    text: str, words: str, parts: list[str]
) -> None:
    assert [text[start:end] for start, end in found(text, words)] == parts


def test_right_to_left_text_keeps_its_order() -> None:
    text = "اسمي مريم وهاتفي [PHONE 1]"
    (spot,) = found(text, "مريم")
    assert text_of(Marks((act(*spot),)), text) == "اسمي [PERSON 1] وهاتفي [PHONE 1]"


def test_reasons_and_positions_go_along() -> None:
    where = SAID.index("Zelda")
    reasons = (
        Reason("a", SAID.index("keeps"), where + 2),
        Reason("b", where + 1, where + 9),
        Reason("c", SAID.index("in ["), len(SAID)),
        Reason("d", 0, 0),
    )
    one = masked(Account(SAID, reasons=reasons), Marks((act(where, where + 5),)).ranges)
    new = one.account
    assert [new.text[r.start : r.end] for r in new.reasons] == [
        "keeps [PERSON 2]",
        "[PERSON 2] and",
        "in [PLACE 1].",
        "",
    ]
    for position, char in enumerate(new.text):
        at = one.stored(position)
        inside = new.text.index("[PERSON 2]") < position < new.text.index(" and")
        assert inside or SAID[at] == char or at == where


def test_equal_words_share_a_tag_and_each_spelling_its_name() -> None:
    first, second = found(SAID, "zelda")
    one = masked(Account(SAID), Marks((act(*first), act(*second))).ranges)
    assert one.words == (("[PERSON 2]", "Zelda"), ("[PERSON 3]", "zelda"))
    assert one.account.tags == {"[PERSON 2]": "t", "[PERSON 3]": "t"}
    assert as_machine_left_it(one.account, dict(one.words)) == SAID


def test_another_label_keeps_what_stands_behind() -> None:
    account = Account(
        SAID,
        tags={"[PERSON 1]": "t"},
        reasons=(Reason("a", 8, 24),),
        details={"quasi": {"[PLACE 1]": "Asmara"}},
    )
    new, renamed = relabelled(account, {"PERSON 1": "VENUE", "PLACE 1": "PERSON"})
    assert renamed == {"[PERSON 1]": "[VENUE 1]", "[PLACE 1]": "[PERSON 2]"}
    assert new.text == "My boss [VENUE 1] keeps Zelda and zelda in [PERSON 2]."
    assert new.tags == {"[VENUE 1]": "t"}
    assert new.text[new.reasons[0].start : new.reasons[0].end] == "[VENUE 1] keeps"
    # What is a name now may not be read by the desk any more.
    assert new.details["quasi"] == {}
    again, renamed_again = relabelled(new, {"VENUE 1": "PLACE"})
    added = Supplement(renamed=renamed).added_to([("[PERSON 1]", "Ramon"), ("[PLACE 1]", "Asmara")])
    both = Supplement(renamed=renamed_again).added_to(added)
    assert both == (("[PLACE 2]", "Ramon"), ("[PERSON 2]", "Asmara"))
    assert as_machine_left_it(again, dict(both)) == SAID
    assert relabelled(new, {"NOBODY 1": "PLACE", "VENUE 1": "VENUE"})[1] == {}


def test_a_placeholder_that_was_masked_with_its_neighbour_is_shown_whole() -> None:
    end = SAID.index(" Zelda")
    one = masked(Account(SAID), Marks((act(8, end),)).ranges)
    shown = Supplement(one.words).added_to([("[PERSON 1]", "Ramon")])
    assert ("[PERSON 2]", "Ramon keeps") in shown


def test_a_word_is_put_back_wherever_it_stood() -> None:
    account = Account(
        "[PERSON 1] and [PERSON 1]", tags={"[PERSON 1]": "t"}, reasons=(Reason("a", 15, 25),)
    )
    new, places = put_back(account, "[PERSON 1]", "room")
    assert new.text == "room and room"
    assert new.tags == {}
    assert new.text[new.reasons[0].start : new.reasons[0].end] == "room"
    assert [place[2:] for place in places] == [(0, 4), (9, 13)]


texts = st.text(
    st.sampled_from("ab Źé👩‍🏽🇪🇷नि각مر\n[]") | st.characters(exclude_categories=("Cs",)),
    max_size=30,
).map(lambda text: f"{text}[PERSON 1]{text[::-1]}")


@given(texts, st.lists(st.tuples(st.integers(-3, 80), st.integers(-3, 80)), max_size=6))
def test_no_range_reveals_or_breaks_anything(text: str, ranges: list[tuple[int, int]]) -> None:
    acts = []
    for n, (start, end) in enumerate(ranges, 1):
        try:
            start, end = checked(text, start, end)
        except RangeRefused:
            continue
        assert 0 <= start < end <= len(text)
        acts.append(act(start, end, n=n, tag=str(n)))
    marks = Marks(tuple(acts))
    hidden = {index for one in acts for index in range(one.start, one.end)}
    one = masked(Account(text, reasons=(Reason("r", 0, len(text)),)), marks.ranges)
    covered = {index for start, end, *_ in one.places for index in range(start, end)}
    assert covered == hidden
    # Nothing but what was not marked is left beside whole placeholders.
    rest = "".join(char for index, char in enumerate(text) if index not in hidden)
    left, done = "", 0
    for _, _, start, end in one.places:
        assert PLACEHOLDER.fullmatch(one.account.text[start:end])
        left += one.account.text[done:start]
        done = end
    assert left + one.account.text[done:] == rest
    assert one.account.reasons[0].end == len(one.account.text)
    assert names_in(one.account.text)
