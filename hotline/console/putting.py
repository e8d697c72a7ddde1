"""The exact words that would be put to a person, as each channel says them: consent is to these and to no others."""

from dataclasses import dataclass

from hotline.consent import INVESTIGATORS, Words
from hotline.console.terms import Terms
from hotline.domain.report import Channel
from hotline.i18n import SOURCE, Languages
from hotline.intake.putting import PAGE, page_words, text_question
from hotline.intake.saying import Speech
from hotline.messages import segments


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
    page = [_on_page(languages, terms, who, each).text for each in (theirs, ours)]
    texts = [_by_text(languages, terms, who, each).text for each in (theirs, ours)]
    # The question is one text, and what a yes to it is answered with before it counts is another.
    question = _by_text(languages, terms, who, theirs, sure=False).text
    parts = segments(question) + segments(texts[0].removeprefix(question).strip())
    return (
        _put(Channel.WEB, theirs, *page),
        _put(Channel.SMS, theirs, *texts, parts=parts),
    )


def ready_words(languages: Languages, terms: Terms, who: str, *, locale: str) -> Words:
    """Return the ready-made words, as they stand on the web page and on paper; no text where we have none in *locale*."""
    chosen = languages.best([locale])
    if chosen is None:
        return Words(PAGE, locale, "")
    return _on_page(languages, terms, who, chosen)


def _put(channel: Channel, locale: str, text: str, ours: str, *, parts: int = 0) -> Put:
    return Put(channel, locale, text, "" if ours == text else ours, parts)


def _on_page(languages: Languages, terms: Terms, who: str, locale: str) -> Words:
    return page_words(
        languages,
        purpose=terms.purpose,
        who=_name(terms, who),
        fields=terms.fields,
        until=terms.until,
        locale=locale,
    )


def _by_text(
    languages: Languages, terms: Terms, who: str, locale: str, *, sure: bool = True
) -> Words:
    """Return both texts as they are kept: the question, and where *sure* what a yes to it is answered with."""
    question = text_question(
        "", purpose=terms.purpose, who=_name(terms, who), fields=terms.fields, until=terms.until
    )
    return Speech(languages).put(question, locale, Channel.SMS, sure=sure)


def _name(terms: Terms, who: str) -> str:
    return "" if terms.recipient == INVESTIGATORS else who
