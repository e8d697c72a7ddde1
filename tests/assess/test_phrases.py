"""The small language in which lexicons say what people say."""

import pytest

from hotline.assess import assess
from hotline.assess.lexicon import Lexicon
from hotline.assess.words import read


def states(phrase: str, text: str, **source: object) -> bool:
    lexicon = Lexicon({"sets": {}, "phrases": {"child": phrase}, **source})
    return "child" in lexicon.find(read(text, lexicon.reading))


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("took passport", "he took passport", True),
        ("took passport", "he took my passport", False),
        ("took .. passport", "he took all of our passport", True),
        ("took .. passport", "he took me to the far away passport", False),
        ("took ..5 passport", "he took me to the far passport", True),
        ("took .. passport", "he took it. The passport is here", False),
        ("took <> passport", "the passport was took", True),
        ("took|kept passport*", "she KEPT passports", True),
        ("*piga*", "ananipigana", True),
        ("lock_up|shut_in", "they lock up", True),
        ("lock_up|shut_in", "they lock", False),
        ("my? boss", "boss", True),
        ("^ stop $", "Hello. Stop!", True),
        ("^ stop $", "please stop", False),
        ("she is #12-17", "she is 14", True),
        ("she is #12-17", "she is 24", False),
        ("owes #", "owes 3,000", True),
        ("is 14 !street", "is 14 street", False),
        ("is 14 !street", "is 14 and", True),
        ("help $|me", "help.", True),
    ],
)
def test_a_phrase_matches_what_it_says(phrase: str, text: str, expected: bool):
    assert states(phrase, text) is expected


def test_numbers_may_be_words():
    numbers = {"15": "fifteen quinze"}
    assert states("is #12-17", "she is fifteen", numbers=numbers)


def test_a_negation_before_the_words_takes_them_back():
    negation = {"before": "not never", "after": "nahi", "window": 2}
    assert states("beats me", "he beats me", negation=negation)
    assert not states("beats me", "he never really beats me", negation=negation)
    assert not states("beats me", "beats me nahi", negation=negation)
    assert states("beats me", "never. He beats me", negation=negation)
    assert states("~never pays", "not never pays", negation=negation)


def test_a_negation_between_the_words_breaks_them():
    negation = {"before": "not"}
    assert not states("took .. passport", "took but not passport", negation=negation)


def test_a_rule_may_say_what_it_does_not_follow():
    source = {"not_after": {"child": "will"}}
    assert not states("beat me", "he will surely beat me", **source)
    assert states("beat me", "he beat me", **source)


def test_particles_glued_to_the_front_do_not_hide_a_word():
    reading = {"proclitics": "و ال وال"}
    assert states("باب", "والباب", reading=reading)
    assert not states("باب", "قباب", reading=reading)


def test_letters_without_spaces_are_read_too():
    reading = {"unsegmented": True}
    assert states("护照 .. 没收", "我的护照被没收了", reading=reading)
    assert not states("护照 .. 没收", "我的护照。没收", reading=reading)
    assert states("#15-16 岁", "今年16岁", reading=reading)


def test_comments_and_empty_lines_say_nothing():
    assert states("// a comment\n\n   \nboss", "boss")


def test_a_number_inside_a_number_is_not_heard_where_words_are_not_separated():
    assert assess("妹妹17岁", language="zh").minor
    assert not assess("我28岁", language="zh").minor
