"""What a call says of consent: what we promise, what somebody said yes to, and the question that waits for them.

A language that no voice speaks has its prompts and the digits alone: there the days that are left are counted, because
a month is no number that everybody counts alike, and a question with a name in it is left to a person.
"""

from datetime import date

from babel.dates import format_skeleton

from hotline.dialogue.calls.document import Line
from hotline.dialogue.calls.mine import Question, Whom, Yes
from hotline.dialogue.calls.script import script
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Setting

PROMISES = ("promise", "promise_more", "exceptions", "who_reads", "what_next")
PROMISES_KEY = "4"
PROMISED_AT = frozenset(["way", "cut", "safe", "done"])
"""Where that key tells what we promise; it means nothing else there."""

_MOST = 5
"""So many yeses are told, the newest first: nobody remembers more."""
_PAUSE = 1


def said(state: CallState, *names: str) -> tuple[Line, ...]:
    """Return prompts in the language of the call."""
    return tuple(Line(state.locale, prompt=name) for name in names)


def besides(state: CallState, setting: Setting) -> tuple[Line, ...]:
    """Return the keys that may be pressed at the step of *state* besides those that its question names."""
    if state.step == "way":
        return said(state, *(["way_mine"] if state.has_word else []), "hear_promise")
    if state.step == "mine":
        asked = setting.mine(state.report_id).question
        if asked is None:
            return ()
        return said(
            state, "question_here" if question(state, asked, setting) else "question_person"
        )
    # Who only presses keys hears of it once before they tell anything.
    is_first = state.is_silent and not state.asked and state.step in PROMISED_AT
    return said(state, "hear_promise") if is_first or state.step == "done" else ()


def yeses(state: CallState, setting: Setting) -> tuple[Line, ...]:
    """Return how often they said yes, and for each to whom, until when, and what came of it."""
    given = setting.mine(state.report_id).yeses[:_MOST]
    if not given:
        return said(state, "yes_none")
    count = (*said(state, "yes_count"), Line(state.locale, digits=str(len(given)), pause=_PAUSE))
    return (*count, *(line for yes in given for line in _yes(state, yes, setting)))


def question(state: CallState, asked: Question, setting: Setting) -> tuple[Line, ...]:
    """Return the whole question; nothing where it cannot be said in this language."""
    facts = script().facts
    names = [facts.get(f"{asked.whom}.{name}", facts.get(name, "")) for name in asked.fields]
    is_named = asked.name or asked.whom is Whom.PLACE
    if not all(names) or (is_named and not (asked.name and setting.reads(state.locale))):
        return ()
    return (
        *said(state, f"question_{asked.whom}"),
        *_named(state, asked.name, setting),
        *said(state, "they_learn", *names),
        *_until(state, asked.until, setting),
        *said(state, "question_keys"),
    )


def _yes(state: CallState, yes: Yes, setting: Setting) -> tuple[Line, ...]:
    told = {True: ["were_told"], False: ["not_told"], None: []}[yes.is_told]
    return (
        *said(state, f"to_{yes.whom}"),
        *_named(state, yes.name, setting),
        *_until(state, yes.until, setting),
        *said(state, *told, *(["stands_still"] if yes.is_still else [])),
        Line(state.locale, pause=_PAUSE),
    )


def _named(state: CallState, name: str, setting: Setting) -> tuple[Line, ...]:
    if not name or not setting.reads(state.locale):
        return ()
    return (*said(state, "name_is"), Line(state.locale, words=name, pause=_PAUSE))


def _until(state: CallState, until: date, setting: Setting) -> tuple[Line, ...]:
    if setting.reads(state.locale):
        told = format_skeleton("MMMMd", until, locale=state.locale.replace("-", "_"))
        return (*said(state, "yes_until"), Line(state.locale, words=told))
    left = max((until - setting.at.date()).days, 0)
    return (*said(state, "yes_days"), Line(state.locale, digits=str(left)))
