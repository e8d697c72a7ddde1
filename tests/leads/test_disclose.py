"""Exactly what leaves: coarse facts, approved words, and nothing that names a person."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.urgency import Indicator
from hotline.leads.codes import CODES, COUNTRIES, CodeList, suggested
from hotline.leads.disclose import FIELDS, LeadRefused, disclose, people_band, problems_in
from hotline.leads.wording import Fact, Problem, problems_of
from tests.leads.desk import draft

MONTHS = ("November", "May", "noiembrie")


def facts(**changes: Any) -> set[Fact]:
    return {problem.fact for problem in problems_in(draft(**changes))}


@pytest.mark.parametrize(
    ("people", "band"),
    [
        (None, "unknown"),
        (0, "unknown"),
        (1, "1"),
        (2, "2-5"),
        (5, "2-5"),
        (6, "6-10"),
        (10, "6-10"),
        (11, "11+"),
        (400, "11+"),
    ],
)
def test_a_number_of_people_leaves_as_a_band(people: int | None, band: str) -> None:
    assert people_band(people) == band


def test_a_day_leaves_as_its_month() -> None:
    told = disclose(draft(seen=date(2026, 11, 9)))
    assert told.month == "2026-11"
    assert "09" not in str(told.to_json())


def test_a_minor_is_told_and_the_absence_of_one_never() -> None:
    assert disclose(draft(minor=True)).minor == "yes"
    assert disclose(draft(minor=False)).minor == "unknown"


def test_the_language_of_the_person_stays_unless_chosen_and_leaves_without_its_region() -> None:
    assert disclose(draft()).person_language == ""
    assert "person_language" not in disclose(draft()).fields
    assert disclose(draft(person_language="pt-BR")).person_language == "pt"


def test_places_leave_as_a_country_or_a_large_area() -> None:
    assert disclose(draft(country="RO", area="RO-CT")).area == "RO-CT"
    assert facts(country="Romania") == {Fact.UNKNOWN_COUNTRY}
    assert facts(country="ZZ") == {Fact.UNKNOWN_COUNTRY}
    assert facts(country="RO", area="BG-02") == {Fact.AREA_ELSEWHERE}
    assert facts(country="RO", area="Constanta") == {Fact.AREA_ELSEWHERE}
    assert facts(country="RO", area="RO-12345") == {Fact.AREA_ELSEWHERE}
    assert facts(country="MT", area="MT-01") == {Fact.AREA_TOO_SMALL}


def test_codes_are_those_of_the_standards() -> None:
    assert facts(exploitation=()) == {Fact.MISSING}
    assert facts(exploitation=("Slavery",)) == {Fact.UNKNOWN_CODE}
    assert facts(indicators=("debt_bondage",)) == {Fact.UNKNOWN_CODE}
    assert facts(control=("PassportTaken",)) == {Fact.UNKNOWN_CODE}
    assert facts(sector="CarWash") == {Fact.UNKNOWN_CODE}
    assert len(COUNTRIES) == 249
    assert [len(CODES[name]) for name in CodeList] == [11, 11, 16, 21]


def test_every_indicator_of_ours_is_one_of_the_ilo() -> None:
    assert len(suggested(CodeList.INDICATOR, Indicator)) == len(Indicator)
    assert suggested(CodeList.CONTROL, [Indicator.DOCUMENTS_HELD]) == ("WithholdsDocuments",)
    assert suggested(CodeList.CONTROL, [Indicator.ISOLATION]) == ()


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://example.com/x",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://printer.local/x",
        "https://user:pass@example.com/",
        "https://example.com:8443/",
        "https://example.com/post?from=sms",
        "https://example.com/post#me",
        "https://example.com/a b",
        "https://example.com/\n",
        "https://example.com:x/",
        "example.com",
    ],
)
def test_only_plain_public_links_leave(link: str) -> None:
    assert facts(links=(link,)) == {Fact.PRIVATE_LINK}


def test_a_public_link_leaves() -> None:
    assert disclose(draft(links=("https://ads.example.com/post/1",))).links


@pytest.mark.parametrize(
    ("words", "fact", "at"),
    [
        ("They met [PERSON 1] there", Fact.PLACEHOLDER, "[PERSON 1]"),
        ("They met [person 12] there", Fact.PLACEHOLDER, "[person 12]"),
        ("They met ［PERSON 1］ there", Fact.PLACEHOLDER, "［PERSON 1］"),
        ("An [OTHER_ID 3] was taken", Fact.PLACEHOLDER, "[OTHER_ID 3]"),
        ("Call 0722 555 014", Fact.NUMBER, "0722 555 014"),
        ("Call (0722) 555-014 now", Fact.NUMBER, "0722) 555-014"),
        ("Call +40.722.555.014", Fact.NUMBER, "40.722.555.014"),
        ("رقم ٠٧٢٢٥٥٥٠١٤", Fact.NUMBER, "٠٧٢٢٥٥٥٠١٤"),
        ("फ़ोन ९८७६५", Fact.NUMBER, "९८७६५"),
        ("in room 1408", Fact.NUMBER, "1408"),
        ("seen 12.11.2026", Fact.NUMBER, "12.11.2026"),
        ("seen 9/11/26", Fact.NUMBER, "9/11/26"),
        ("passport AB123456", Fact.NUMBER, "AB123456"),
        ("a van, NC 40 ZZA", Fact.PLATE, "NC 40 ZZA"),
        ("a van, CT-12-ABC", Fact.PLATE, "CT-12-ABC"),
        ("they come at 21:40", Fact.CLOCK_TIME, "21:40"),
        ("ils viennent à 21h40", Fact.CLOCK_TIME, "21h40"),
        ("on 9 November", Fact.DAY, "9 November"),
        ("on November 9th", Fact.DAY, "November 9"),
        ("pe 9 noiembrie", Fact.DAY, "9 noiembrie"),
        ("write to boss@example.com", Fact.LINK, "boss@example.com"),
        ("see https://example.com/x", Fact.LINK, "https://example.com/x"),
        ("see example.com/x", Fact.LINK, "example.com/x"),
        ("he is @alleged", Fact.LINK, "@alleged"),
        ("names\u202eesrever", Fact.HIDDEN_CHARACTER, "\u202e"),
        ("Mar\u200eia", Fact.HIDDEN_CHARACTER, "\u200e"),
        ("Ок\u200dсана", Fact.HIDDEN_CHARACTER, "\u200d"),
        ("500\u200f555", Fact.HIDDEN_CHARACTER, "\u200f"),
        ("Mar\u061c\u200eia", Fact.HIDDEN_CHARACTER, "\u061c"),
        ("nul \x00", Fact.HIDDEN_CHARACTER, "\x00"),
        ("half \ud800", Fact.HIDDEN_CHARACTER, "\ud800"),
    ],
)
def test_words_that_may_identify_are_shown_where_they_stand(
    words: str, fact: Fact, at: str
) -> None:
    spots = {(p.fact, words[p.start : p.end]) for p in problems_of(words, "summary", months=MONTHS)}
    assert (fact, at) in spots


@pytest.mark.parametrize(
    "words",
    [
        "Between 10-15 women work 16 hours a day, 7 days a week, 24/7.",
        "It began in 2024 and goes on in November.",
        "They owe 5.000 euros and were promised 12 000.",
        "A child of the 4th family lives on the 3rd floor, 80km from the border.",
        "Six men, one woman; the alleged organizer comes twice a day.",
        "می‌گویند که مدارکشان گرفته شده است.",
        "工人的证件被扣押。",
        "Două femei și 3 bărbați.\r\n\tLocuiesc acolo.",
        "\u200fעובדים ישנים במכולה נעולה.\u200e",
    ],
)
def test_plain_words_pass(words: str) -> None:
    assert problems_of(words, "summary", months=MONTHS) == []


def test_the_months_are_those_of_the_language() -> None:
    assert facts(summary="Pe 9 noiembrie au plecat.", language="ro") == {Fact.DAY}
    assert facts(summary="9 ноября они уехали.", language="ru") == {Fact.DAY}
    assert facts(language="klingon-x") == {Fact.UNKNOWN_LANGUAGE}


def test_headline_and_translations_are_held_to_the_same() -> None:
    assert facts(headline="Call 0722 555 014") == {Fact.NUMBER}
    assert facts(translations={"ro": "Sunați la 0722 555 014"}) == {Fact.NUMBER}
    assert facts(translations={"ro": " "}) == {Fact.MISSING}
    assert facts(headline="x" * 121) == {Fact.TOO_LONG}
    assert facts(summary="x" * 4001) == {Fact.TOO_LONG}
    assert facts(summary="  ") == {Fact.MISSING}


def test_a_summary_that_repeats_the_account_is_refused() -> None:
    account = "Please help us, we sleep in a container behind the car wash and he keeps our papers."
    ours = "Workers say: We sleep in a container behind the car wash and fear the owner."
    with pytest.raises(LeadRefused) as refused:
        disclose(draft(summary=ours), account=account)
    (problem,) = refused.value.problems
    assert problem.fact == Fact.QUOTE
    assert "sleep in a container" in ours[problem.start : problem.end]
    assert disclose(draft(), account=account)


@pytest.mark.parametrize("field", ["headline", "venue", "town", "handles", "translations"])
def test_no_field_repeats_the_account(field: str) -> None:
    account = "They took my passport and locked me in the room behind the kitchen."
    said = "took my passport and locked me in the room"
    told = {"handles": (said.replace(" ", "_"),), "translations": {"ro": said}}
    found = problems_in(draft(**{field: told.get(field, said)}), account=account)
    assert [(one.field.partition(".")[0], one.fact) for one in found] == [(field, Fact.QUOTE)]


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("plates", ("B 123 XYZ", "1234 АВ-7", "一二 123"), ("Maria Gomez", "Maria Gomez, 23", "")),
        ("numbers", ("+40 (722) 555-014", "٠٧٢٢"), ("Maria 23", "500 ext 14", "500 and 5", "+")),
        ("handles", ("@boss", "boss@chat", "night.work_7"), ("Maria who told", "boss,maria", "a(b)")),
    ],
)  # fmt: skip
def test_each_field_of_the_alleged_has_a_shape(
    field: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    assert Fact.SHAPE not in facts(**{field: good})
    for one in bad:
        assert Fact.SHAPE in facts(**{field: (one,)})


def test_a_number_said_digit_by_digit_is_a_number() -> None:
    assert facts(summary="Call five zero zero five five five zero one.") == {Fact.NUMBER}
    assert facts(summary="One woman, two men and three children; six in all.") == set()
    for said in ("5OO 555 O142", "500 and 555 and 01 and 42", "500 ~ 555 ~ 01 ~ 42"):
        assert facts(summary=f"Call {said}.") == {Fact.NUMBER}
    for said in ("5 000 and 12 000 euros", "2021 and 2022 and 2023", "100 and 200 and 300 euros"):
        assert facts(summary=f"They owe, from {said}.") == set()


def test_line_ends_leave_as_one_kind() -> None:
    assert disclose(draft(summary=" One.\r\nTwo.\n")).summary == "One.\nTwo."


def test_everything_wrong_is_told_at_once() -> None:
    assert facts(country="XX", exploitation=(), summary="[PERSON 1] 0722 555 014") == {
        Fact.UNKNOWN_COUNTRY,
        Fact.MISSING,
        Fact.PLACEHOLDER,
        Fact.NUMBER,
    }


def test_the_fields_told_are_those_a_consent_can_list() -> None:
    told = disclose(draft(people=None, area="RO-CT", links=("https://ads.example.com/x",)))
    of_person = {"minor", "person_language", "nationality", "age_band", "gender"}
    assert set(told.fields) == set(FIELDS) - of_person - {
        "people",
        "town",
        "venue",
        "day",
        "selectors",
    }


@given(st.text(max_size=200))
def test_whatever_passes_has_no_placeholder_and_no_long_number(words: str) -> None:
    if problems_of(words, "summary"):
        return
    assert "[PERSON 1]" not in words
    runs = "".join(c if c.isdigit() else " " for c in words).split()
    assert all(len(run) <= 4 for run in runs)


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_words_break_it(words: str, account: str) -> None:
    problems_in(draft(summary=words, headline=words[:50]), account=account)


def test_what_is_drafted_stands_in_no_trace_of_an_error() -> None:
    lead = draft(nationality="MD", age=24, plates=("CT 12 ABC",), venue="Dana 7")
    for shown in (repr(lead), repr(disclose(lead)), repr(Problem("summary", Fact.NUMBER, 1, 2))):
        said = re.sub("0x[0-9a-f]+", "", shown)
        assert not any(word in said for word in ("MD", "24", "ABC", "Dana", "container"))
