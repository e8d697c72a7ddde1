"""Laws that hold for any text whatever."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.anonymize import entities, redact
from hotline.anonymize.lines import redact_lines
from hotline.domain.identity import Label

ANY_TEXT = st.text(st.characters(), max_size=120)
PIECES = st.sampled_from(
    ["María", "my name is", "tiene", "+34 600 000 111", "16", "años", "calle", "Mayor", "[PERSON 1]", "a@b.org", "имя",
     "اسمي", "ชื่อ", "我叫", "٣", "\u200d", "\ud800", "\x00", "\u202e", "İ", "ſ", "'", "@", ".", "-", "\n", "9/8", "AB12 CDE"]
)  # fmt: skip
REPORTLIKE = st.lists(PIECES, max_size=25).map(" ".join) | st.lists(PIECES, max_size=25).map(
    "".join
)


@settings(max_examples=120, deadline=None)
@given(ANY_TEXT | REPORTLIKE)
def test_spans_are_sorted_apart_and_inside_the_text(text: str) -> None:
    redaction = redact(text)
    end = 0
    for span in redaction.spans:
        assert end <= span.start < span.end <= len(text)
        end = span.end


@pytest.mark.parametrize("text", ["ـ", "سلام ـ سلام", "\u0640\u0640 a", "\u0651"])
def test_a_word_of_marks_alone_is_read_like_any_other(text: str) -> None:
    assert all(span.end <= len(text) for span in redact(text).spans)


@settings(max_examples=120, deadline=None)
@given(ANY_TEXT | REPORTLIKE)
def test_the_redacted_text_is_the_original_with_placeholders(text: str) -> None:
    redaction = redact(text)
    rest, position = redaction.text, 0
    for span in redaction.spans:
        visible = text[position : span.start].replace("[", "［").replace("]", "］")
        assert rest.startswith(visible)
        rest = rest[len(visible) :]
        placeholder, _, rest = rest.partition("]")
        assert placeholder.startswith(f"[{span.label} ")
        position = span.end
    assert rest == text[position:].replace("[", "［").replace("]", "］")


@settings(max_examples=60, deadline=None)
@given(ANY_TEXT | REPORTLIKE)
def test_every_span_is_an_entity_and_the_same_text_gives_the_same_result(text: str) -> None:
    redaction = redact(text)
    assert redact(text) == redaction
    named = entities(text, redaction)
    assert len({placeholder for placeholder, _ in named}) == len(named)
    assert all(placeholder in redaction.text for placeholder, _ in named)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([f"[{label} {n}]" for label in Label for n in (1, 12)]), min_size=1)
)
def test_no_placeholder_can_be_forged(placeholders: list[str]) -> None:
    redaction = redact(" ".join(placeholders))
    assert redaction.text.count("[") == len(redaction.spans) == redaction.text.count("]")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["one two", "the door", "está", "паспорт", "1234567", "x@y.zz"]), max_size=8
    )
)
def test_lines_answer_line_by_line(words: list[str]) -> None:
    line = json.dumps({"text": " ".join(words)})
    assert len(list(redact_lines([line, "", "no json", line]))) == 3


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "7 ", "a@", "กข", "a.", "a_", "-", "a at ", "你", "a1", "[PERSON 1]", "12/", ".com", " . ", "telegram ",
     "<", "zero ", "1.", "a'", "سلام ", "@ ", "AB12 ", "5 rue ", "\u0e48", "ab12", "a b ", "m-", "aа", "a\u200b", "e\u0301\u0302\u0303",
     "\u202ea", "passport 1 ", "plate ", "2 or 3 ", "gmail ", "a dot ", "hotel x ", "bar called ", '"hotel "', "room 5 ", "1 mai ", "41.123, ",
     "km 1 ", "1° ", "a[.]", "insta: ", "一", "หนึ่ง ", "5号", "twenty", "ol", "1\u0336", "A-1", "one year ", "🅼"],
)  # fmt: skip
def test_no_text_of_ten_thousand_characters_takes_long(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < 3.0


@pytest.mark.parametrize("piece", ["a.", "1-", "oh ", "a\u200b", "5 street ", "hotel bar "])
def test_a_text_of_a_hundred_thousand_characters_is_read_in_seconds(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < 8.0


@pytest.mark.parametrize("piece", ["1/1/20 ", "http://a ", "km 1 ", "a@b.co ", "@a "])
def test_many_identifiers_take_time_in_proportion_to_the_text(piece: str) -> None:
    redact(piece)
    began = time.process_time()
    redact((piece * 64_000)[:64_000])
    assert time.process_time() - began < 3.0
