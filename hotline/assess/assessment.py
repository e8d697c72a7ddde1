"""Assess an account: facts from its words and from the form, then urgency, needs and reasons."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from hotline.assess.answers import Answers, facts_of
from hotline.assess.evidence import Evidence, Span
from hotline.assess.indicators import conclude_indicators
from hotline.assess.lexicon import Lexicon, lexicon_for
from hotline.assess.needs import needs_of
from hotline.assess.rules import CORRECTING, LOWERING
from hotline.assess.urgency import urgency_of
from hotline.assess.words import read
from hotline.domain.report import Assessment
from hotline.domain.urgency import Indicator, Urgency

_NOTHING: Mapping[str, str | list[str]] = MappingProxyType({})
_ENGLISH = "en"
_LATIN = re.compile("[a-zA-Z]")
# What a link spells out is not what its sender says.
_ADDRESS = re.compile(r"(?<=://)\S+")
_READABLE = re.compile(r"[^\W_]")
_PAPERS_HELD = Indicator.DOCUMENTS_HELD.value
_WAGES = Indicator.WAGES_WITHHELD.value
_DEBT = Indicator.DEBT_BONDAGE.value
_HASTE = ("hurry", "cry_for_help")
_PLEASANT = frozenset(
    {
        "homely",
        "moved_soon",
        "family",
        "laughs",
        "thanks",
        "figure_of_speech",
        "wrong_number",
        *_HASTE,
    }
)
_OF_A_PARCEL = frozenset(
    {"spam", "captive", "restriction_of_movement", "wrong_number", "price_question"}
)
_FIGURE = "figure_of_speech"
_MOST_FIGURES = 4
_RAISED_BY_ANSWER = (
    "answer_not_safe",
    "answer_goes_sometimes",
    "answer_recorded",
    "answer_no_voice",
)


def assess(text: str, *, language: str, answers: Answers = _NOTHING) -> Assessment:
    """Return what the account *text*, in the BCP 47 *language*, needs.

    *text* is the original: reasons carry code points of it. English is looked for beside every
    language, because people mix; there it may only raise. A language we have no lexicon for, and
    a text without words, are never lower than high. *answers* are codes of the web form.
    """
    evidence = facts_of(answers)
    answered = bool(evidence.spans)
    lexicon = lexicon_for(language)
    evidence.add(_facts_of_account(text, lexicon))
    conclude_indicators(evidence)
    urgency, decided_by = urgency_of(evidence)
    floor = _floor(text, lexicon, evidence, answered=answered)
    if floor and (urgency.rank < Urgency.HIGH.rank or decided_by == "unclear"):
        urgency, decided_by = Urgency.HIGH, floor
    return _concluded(evidence, urgency, decided_by)


def assess_answers(answers: Answers) -> Assessment:
    """Return what *answers* add to a report that is open already. What they leave unclear raises nothing."""
    evidence = facts_of(answers)
    conclude_indicators(evidence)
    urgency, decided_by = urgency_of(evidence)
    raised = next((fact for fact in _RAISED_BY_ANSWER if evidence.has(fact)), "")
    if decided_by == "unclear":
        urgency, decided_by = (Urgency.HIGH, raised) if raised else (Urgency.NONE, "")
    return _concluded(evidence, urgency, decided_by)


def _concluded(evidence: Evidence, urgency: Urgency, decided_by: str) -> Assessment:
    needs = needs_of(evidence, urgency)
    if decided_by:
        evidence.conclude(f"urgency_{decided_by}", because=decided_by)
    return Assessment(
        urgency=urgency,
        minor=evidence.has("minor"),
        bystander=evidence.any("bystander", "family"),
        indicators=frozenset() if urgency is Urgency.NONE else evidence.indicators,
        needs=needs,
        reasons=evidence.reasons(),
    )


def _facts_of_account(text: str, lexicon: Lexicon | None) -> dict[str, Span]:
    """Return what *text* states; whoever dies of laughter is not dying, so such words are read past."""
    text = _ADDRESS.sub(lambda address: " " * len(address[0]), text)
    figures: dict[str, Span] = {}
    for _ in range(_MOST_FIGURES):
        facts = _facts_of_words(text, lexicon)
        if _FIGURE not in facts:
            break
        figures[_FIGURE] = start, end = facts.pop(_FIGURE)
        text = text.replace(text[start:end], " " * (end - start))
    return facts | figures


def _facts_of_words(text: str, lexicon: Lexicon | None) -> dict[str, Span]:
    facts: dict[str, Span] = {}
    words = None
    if lexicon:
        words = read(text, lexicon.reading)
        facts = lexicon.find(words)
        _settle_what_is_owed(facts, text, lexicon)
        _settle(facts)
    english = lexicon_for(_ENGLISH)
    if english and english is not lexicon and _LATIN.search(text):
        if words is None or english.reading != words.reading:
            words = read(text, english.reading)
        for rule, span in english.find(words).items():
            if rule not in LOWERING and rule not in CORRECTING:
                facts.setdefault(rule, span)
    return facts


def _settle_what_is_owed(facts: dict[str, Span], text: str, lexicon: Lexicon) -> None:
    """Tell "they owe me", wages withheld, from "I owe them", a debt; the account may say both."""
    owed = facts.pop("owed_to_me", None)
    if owed is None:
        return
    facts.setdefault(_WAGES, owed)
    if _DEBT in facts and _overlap(facts[_DEBT], owed):
        start, end = owed
        rest = text[:start] + " " * (end - start) + text[end:]
        others = lexicon.find(read(rest, lexicon.reading))
        facts.pop(_DEBT)
        if _DEBT in others:
            facts[_DEBT] = others[_DEBT]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _settle(facts: dict[str, Span]) -> None:
    """Take back what the same account corrects.

    "My passport is with me" is no passport withheld, whoever was caught again is not free, who is
    fetched for a birthday or called to dinner and says nothing else is in no danger, a parcel that
    is held is nobody's freedom, and the year in which a child was born is no memory.
    """
    if "caught_again" in facts:
        facts.pop("free", None)
    own, held = facts.get("own_papers"), facts.get(_PAPERS_HELD)
    if own and held and _overlap(own, held):
        del facts[_PAPERS_HELD]
    if "homely" in facts and facts.keys() <= _PLEASANT:
        facts.pop("moved_soon", None)
        haste, cry = (facts.get(fact) for fact in _HASTE)
        if haste and cry and _overlap(haste, cry):
            del facts["cry_for_help"]
    if "spam" in facts and facts.keys() <= _OF_A_PARCEL:
        facts.pop("captive", None)
        facts.pop("restriction_of_movement", None)
    child, past = facts.get("child"), facts.get("long_ago")
    if child and past and child[0] < past[0] and past[1] <= child[1]:
        del facts["long_ago"]


def _floor(text: str, lexicon: Lexicon | None, evidence: Evidence, *, answered: bool) -> str:
    """Return why the account may not be lower than high, or nothing."""
    if not _READABLE.search(text):
        return "unreadable"
    if lexicon is None:
        return "unknown_language"
    for fact in _RAISED_BY_ANSWER:
        if evidence.has(fact):
            return fact
    return "answered" if answered and evidence.has("restriction_of_movement") else ""
