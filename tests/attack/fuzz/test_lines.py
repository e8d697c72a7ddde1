"""Lines of JSON for the anonymizer and the assessment: any line is answered by one, and nothing is ever raised."""

import json

from hypothesis import example
from hypothesis import strategies as st

from hotline.anonymize import redact
from hotline.anonymize.language import detect
from hotline.anonymize.lines import redact_lines
from hotline.assess import assess_lines
from tests.attack.fuzz.hostile import fuzz, json_values, texts

asked = st.fixed_dictionaries(
    {"text": texts()}, optional={"lang": st.one_of(st.sampled_from(["en", "ar", "zz"]), texts(20))}
).map(json.dumps)
lines = st.one_of(asked, json_values().map(json.dumps), texts(), st.just("[" * 100_000))


@fuzz(25, 5_000, lines)
@example('{"text": 7}')
@example('{"text": "a", "lang": 7}')
@example(json.dumps({"text": "a", "lang": "a" * 300}))
@example('{"text": "\\ud800 my name is \\u0000"}')
def test_every_line_is_answered_by_one_that_says_where_in_the_text(line: str) -> None:
    for answers in (
        redact_lines([line], explained=True),
        assess_lines([line], detect=detect),
    ):
        said = [json.loads(answer) for answer in answers]
        assert len(said) == (1 if line.strip() else 0)
        for found in said:
            length = 0 if "error" in found else len(json.loads(line)["text"])
            for span in (*found.get("spans", ()), *found.get("reasons", ())):
                assert 0 <= span["start"] <= span["end"] <= length


@fuzz(30, 5_000, texts())
def test_what_is_redacted_twice_keeps_every_mask(text: str) -> None:
    once = redact(text)
    again = redact(once.text)
    masks = {at for at, letter in enumerate(once.text) if letter == "["}
    assert len(masks) == len(once.spans)
    assert masks <= {at for span in again.spans for at in range(span.start, span.end)}
