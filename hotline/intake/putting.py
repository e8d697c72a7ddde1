"""The very words of a question for a yes: what staff see before they ask, what is put, and what is kept come from here."""

from collections.abc import Collection
from datetime import date

from babel.dates import format_skeleton

from hotline.consent import Purpose, Words
from hotline.consent.grant import tidy
from hotline.dialogue.turns import Ask, Fact
from hotline.domain.report import Channel
from hotline.i18n import Languages
from hotline.messages import render

PAGE = "consent"
"""The message that asks for a yes, as the web page and paper show it."""

_NAMED = {Purpose.LEAD: frozenset[str](), Purpose.HANDOFF: frozenset({"need"})}
"""Facts that the question by text names in its sentence; every other is listed in it."""


def text_question(
    ask_id: str, *, purpose: str, who: str, fields: Collection[str], until: date
) -> Ask:
    """Return the question as it is put by text: `Speech.put` says it. *who* is empty for the group of investigators."""
    its = Purpose(purpose)
    more = tuple(name for name in tidy(fields) if name not in _NAMED[its])
    facts: dict[str, Fact] = {"until": until.isoformat(), "who": _name(who), "more": more}
    return Ask(ask_id, f"ask_{its}", facts)


def page_words(
    languages: Languages,
    *,
    purpose: str,
    who: str,
    fields: Collection[str],
    until: date,
    locale: str,
) -> Words:
    """Return the question as the web page and paper put it."""
    text = render(
        languages,
        PAGE,
        Channel.WEB,
        locale,
        kind=str(purpose),
        who=_name(who),
        fields=tidy(fields),
        until=format_skeleton("yMMMEd", until, locale=locale.replace("-", "_")),
    )
    return Words(PAGE, locale, text)


def _name(who: str) -> str:
    return " ".join(who.split())
