"""One JSON line in, one out; what cannot be read is answered without its words."""

import json

from hotline.anonymize.lines import redact_lines


def test_a_line_comes_back_redacted_with_its_spans() -> None:
    text = "me llamo Ramiro y no puedo salir"
    (line,) = redact_lines([json.dumps({"text": text, "lang": "es"})])
    answer = json.loads(line)
    assert answer["lang"] == "es"
    assert answer["text"] == "me llamo [PERSON 1] y no puedo salir"
    assert [text[span["start"] : span["end"]] for span in answer["spans"]] == ["Ramiro"]
    assert answer["spans"][0]["label"] == "PERSON"


def test_a_bad_line_gives_a_fixed_sentence() -> None:
    bad = [
        "Ramiro",
        "[1]",
        '{"txt": "Ramiro"}',
        '{"text": 7}',
        '{"text": "x", "lang": 7}',
        "null",
        '"Ramiro"',
    ]
    answers = [json.loads(line) for line in redact_lines(bad)]
    assert all(set(answer) == {"error"} for answer in answers)
    assert "Ramiro" not in str(answers)
