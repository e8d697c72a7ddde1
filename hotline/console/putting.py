"""The exact words that would be put to a person, as each channel says them: consent is to these and to no others."""

from dataclasses import dataclass

from hotline.consent import INVESTIGATORS, Purpose, Words
from hotline.console.speech import written_day
from hotline.console.terms import Terms
from hotline.domain.report import Channel
from hotline.i18n import SOURCE, Languages
from hotline.messages import render, segments

NAME = "consent"
"""The message that asks for a yes, as the web page and paper show it."""

_BY_TEXT = {Purpose.LEAD: "ask_lead", Purpose.HANDOFF: "ask_handoff"}
_SURE = "ask_sure"


@dataclass(frozen=True, slots=True)
class Put:
    """The words on one channel. *ours* says them in the reader's language, empty where that is the person's own.

    *parts* is how many texts they take, 0 where nobody counts.
    """

    channel: Channel
    locale: str
    text: str
    ours: str
    parts: int = 0


def words_put(
    languages: Languages, terms: Terms, who: str, *, locale: str, reads: str
) -> tuple[Put, ...]:
    """Return what would be asked of a person who chose *locale*, on each channel, and in what the reader *reads*."""
    theirs, ours = (languages.best([each]) or SOURCE for each in (locale, reads))
    page = [_on_page(languages, terms, who, each) for each in (theirs, ours)]
    texts = [_by_text(languages, terms, who, each) for each in (theirs, ours)]
    parts = sum(segments(text) for text in texts[0])
    return (
        _put(Channel.WEB, theirs, *page),
        _put(Channel.SMS, theirs, *("\n\n".join(each) for each in texts), parts=parts),
    )


def ready_words(languages: Languages, terms: Terms, who: str, *, locale: str) -> Words:
    """Return the ready-made words, as they stand on the web page and on paper; no text where we have none in *locale*."""
    chosen = languages.best([locale])
    if chosen is None:
        return Words(NAME, locale, "")
    return Words(NAME, chosen, _on_page(languages, terms, who, chosen))


def _put(channel: Channel, locale: str, text: str, ours: str, *, parts: int = 0) -> Put:
    return Put(channel, locale, text, "" if ours == text else ours, parts)


def _on_page(languages: Languages, terms: Terms, who: str, locale: str) -> str:
    return render(
        languages,
        NAME,
        Channel.WEB,
        locale,
        kind=str(terms.purpose),
        who=_name(terms, who),
        fields=terms.fields,
        until=written_day(terms.until, "yMMMEd", locale),
    )


def _by_text(languages: Languages, terms: Terms, who: str, locale: str) -> list[str]:
    """Return both texts: the question, and what a yes to it is answered with before it counts."""
    last = written_day(terms.until, "MMMd", locale)
    question = render(
        languages, _BY_TEXT[terms.purpose], Channel.SMS, locale, who=_name(terms, who), day=last
    )
    return [question, render(languages, _SURE, Channel.SMS, locale)]


def _name(terms: Terms, who: str) -> str:
    return "" if terms.recipient == INVESTIGATORS else " ".join(who.split())
