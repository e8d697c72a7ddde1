"""What never leaves is refused in any disguise; ordinary sentences of leads are not."""

import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.consent.fields import NEVER
from hotline.consent.never import Kind, NeverLeaves, found, refuse
from hotline.consent.never.build import compile_lists, languages, phrases_of
from hotline.consent.never.lines import MalformedLine, spelled
from hotline.consent.never.lists import COMPILED, PHRASES, REST, Counts
from hotline.consent.never.squeezing import squeeze
from hotline.leads.codes import CODES

WORDS = Path(__file__).parent / "words"
ORDINARY = [line.split("\t") for line in (WORDS / "ordinary.tsv").read_text("utf-8").splitlines()]
TELLING = [line.split("\t") for line in (WORDS / "telling.tsv").read_text("utf-8").splitlines()]
TWINS = dict(zip("aceopxyiTMHBK", "асеорхуіТМНВК", strict=True))
UNSEEN = "\u200b\u2060\u00ad\ufeff"


@cache
def always() -> list[tuple[str, str, str]]:
    """Return every phrase that counts alone."""
    return [
        (language, kind, phrase)
        for language in languages()
        for kind, counts, phrase in phrases_of(language)
        if counts is Counts.ALWAYS and len(squeeze(phrase).letters) > 3
    ]


def told(text: str, *, staff: tuple[str, ...] = (), helping: tuple[str, ...] = ()) -> set[str]:
    return {one.kind for one in found({"summary": text}, staff=staff, organizations=helping)}


@pytest.mark.parametrize(("language", "text"), ORDINARY)
def test_ordinary_sentences_of_leads_may_leave(language: str, text: str) -> None:
    assert told(text) == set()


@pytest.mark.parametrize(("language", "kind", "text"), TELLING)
def test_what_never_leaves_is_found_in_its_language(language: str, kind: str, text: str) -> None:
    assert kind in told(text)


def test_what_is_compiled_is_what_the_lists_say(tmp_path: Path) -> None:
    # Where this fails: python -m hotline.consent.never.build
    compile_lists(tmp_path)
    for name in (PHRASES, REST):
        assert (COMPILED / name).read_bytes() == (tmp_path / name).read_bytes()


def test_every_list_is_tried() -> None:
    assert {language for language, _, _ in TELLING} == set(languages())
    assert {kind for _, kind, _ in TELLING} | {Kind.STAFF} == NEVER == set(Kind)


@pytest.mark.parametrize(
    "text",
    [
        "UNDOCUMENTED",
        "un-documented",
        "undocum\u200bented",
        "u n d o c u m e n t e d",
        "und\u00f6cumented",
        "undосumеntеd",
        "ｕｎｄｏｃｕｍｅｎｔｅｄ",
        "und0cumented",
        "illegal\n   immigrants",
        "illegal, immigrants",
        "ille-\ngal immigrants",
        "iIlegal immigrants",
        "بِدُونِ إِقَامَة",
        "ΝЕLЕGАLNY imigrant — nielegalny imigrant",
    ],
)
def test_a_disguise_hides_nothing(text: str) -> None:
    assert Kind.IMMIGRATION in told(f"They say: {text} here.")


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """A phrase of a list, written as somebody writes who does not want it found."""
    _, kind, phrase = draw(st.sampled_from(always()))
    between = st.sampled_from([" ", "  ", "\n", "\r\n ", " - ", ", ", " \u200b"])
    written = draw(between).join(phrase.split())
    hidden = "".join(
        draw(
            st.sampled_from(
                [
                    char,
                    char,
                    char.upper() if len(char.upper()) == 1 else char,
                    TWINS.get(char, char),
                ]
            )
        )
        + (draw(st.sampled_from(["", "", "", *UNSEEN])) if char.isascii() else "")
        for char in written
    )
    return kind, hidden


@given(disguised(), st.sampled_from(ORDINARY), st.sampled_from(ORDINARY))
@settings(max_examples=100, deadline=None)
def test_a_phrase_in_any_disguise_is_refused_among_other_words(phrase, before, after) -> None:
    kind, hidden = phrase
    text = f"{before[1]} {hidden} {after[1]}"
    assert kind in told(text)
    with pytest.raises(NeverLeaves) as refused:
        refuse({"account": text}, staff=(), organizations=())
    assert kind in {one.kind for one in refused.value.problems}


@given(st.text(max_size=300))
@settings(deadline=None)
def test_places_stand_in_the_text_whatever_it_is(text: str) -> None:
    for one in found({"summary": text}, staff=["Noor"], organizations=["Harbor House"]):
        assert 0 <= one.start < one.end <= len(text)


def test_the_words_are_shown_where_they_stand() -> None:
    text = "The women are undocum\u200bented, they say."
    (one,) = found({"summary": text}, staff=(), organizations=())
    assert text[one.start : one.end] == "undocum\u200bented"


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("He sold drugs.", False),
        ("The recruiter uses false papers.", False),
        ("They took her passport.", False),
        ("The women say that he sold drugs.", False),
        ("They force the women to sell drugs.", False),
        ("The alleged man sold drugs.", False),
        ("She sold drugs.", True),
        ("The boss says that she stole money.", True),
        ("A worker is kept in a shed. He sold drugs.", True),
        ("Selling drugs in the bar.", True),
    ],
)
def test_what_the_alleged_did_may_be_told_and_in_doubt_it_is_not(text: str, is_told: bool) -> None:
    assert (Kind.OFFENCES in told(text)) is is_told


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Noor says so.", True),
        ("noor says so.", True),
        ("We asked Grace about it.", True),
        ("By the grace of the owner they may go out.", False),
        ("Grace was shown to nobody.", False),
        ("It was GRACE KIM.", True),
        ("grace  kim", True),
        ("They swim in the lake.", False),
        ("They met Lake at the gate.", True),
        ("A noorish house.", False),
        ("她见过李明。", True),
    ],
)
def test_staff_are_not_named_and_ordinary_words_are_no_names(text: str, is_named: bool) -> None:
    names = ("Noor", "Grace Kim", "Lake", "李明")
    assert (Kind.STAFF in told(text, staff=names)) is is_named


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Harbor House knows.", True),
        ("HARBOR\nHOUSE", True),
        ("A house by the harbor.", False),
        ("https://www.harborhouse.example/people", True),
        ("https://harbor-house.example/", True),
        ("https://ads.example.com/post", False),
        ("https://refuge.example.org/x", True),
    ],
)
def test_organizations_that_help_are_not_named_nor_linked_to(text: str, is_named: bool) -> None:
    names = ("Harbor House", "https://example.org/")
    assert (Kind.HELPED in told(text, helping=names)) is is_named


def test_no_code_of_the_standards_tells_what_never_leaves() -> None:
    labels = {code.code: code.label for codes in CODES.values() for code in codes.values()}
    assert found(labels, staff=(), organizations=()) == []


def test_a_long_summary_is_read_in_a_moment() -> None:
    text = " ".join(row[1] for row in ORDINARY)[:2000]
    found({"summary": text}, staff=(), organizations=())
    times = []
    for _ in range(10):
        begun = time.process_time()
        found({"summary": text}, staff=(), organizations=())
        times.append(time.process_time() - begun)
    # Two milliseconds on a machine with nothing else to do.
    assert min(times) < 0.02


@pytest.mark.parametrize("line", ["(a", "a)", "<nothing>", "?"])
def test_a_line_that_cannot_be_read_is_no_list(line: str) -> None:
    with pytest.raises(MalformedLine):
        list(spelled(line, {}))
