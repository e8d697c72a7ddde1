"""One JSON line in, one out; what cannot be read is answered without its words."""

import io
import json

import pytest

from hotline.anonymize import Rule
from hotline.anonymize.lines import redact_lines
from hotline.cli import main


def test_a_line_comes_back_redacted_with_its_spans() -> None:
    text = "me llamo Ramiro y no puedo salir"
    (line,) = redact_lines([json.dumps({"text": text, "lang": "es"})])
    answer = json.loads(line)
    assert answer["lang"] == "es"
    assert answer["text"] == "me llamo [PERSON 1] y no puedo salir"
    assert [text[span["start"] : span["end"]] for span in answer["spans"]] == ["Ramiro"]
    assert answer["spans"][0]["label"] == "PERSON"


def test_without_being_asked_a_line_says_no_more_than_that() -> None:
    (line,) = redact_lines([json.dumps({"text": "me llamo Ramiro", "lang": "es"})])
    assert set(json.loads(line)) == {"text", "lang", "spans"}


def test_an_explained_line_says_why_and_proposes_roles() -> None:
    text = "me llamo Ramiro y el patrón me encierra"
    (line,) = redact_lines([json.dumps({"text": text, "lang": "es"})], explained=True)
    answer = json.loads(line)
    decided = {text[each["start"] : each["end"]]: each for each in answer["decisions"]}
    assert set(decided) == set(text.split())
    rule = decided["Ramiro"].pop("rule")
    assert rule in set(Rule)
    assert decided["Ramiro"] == {"start": 9, "end": 15, "masked": True, "label": "PERSON"}
    assert decided["patrón"]["masked"] is False
    assert decided["patrón"]["label"] is None
    (role,) = answer["roles"]
    assert (role["placeholder"], role["role"], role["rule"]) == (
        "[PERSON 1]",
        "victim",
        "names_self",
    )
    assert answer["text"][role["start"] : role["end"]] == "me llamo"


def test_an_explained_bad_line_gives_the_same_fixed_sentence() -> None:
    assert list(redact_lines(["Ramiro"], explained=True)) == list(redact_lines(["Ramiro"]))


def test_the_command_explains_only_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = json.dumps({"text": "me llamo Ramiro", "lang": "es"})
    for words, more in ((["redact"], set()), (["redact", "--explain"], {"decisions", "roles"})):
        monkeypatch.setattr("sys.stdin", io.StringIO(line))
        assert main(words) == 0
        assert set(json.loads(capsys.readouterr().out)) == {"text", "lang", "spans"} | more


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
