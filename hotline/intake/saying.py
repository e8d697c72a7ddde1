"""What somebody reads of what the dialogue says: whole sentences in their language, and our own words that they may send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel.dates import format_date

from hotline.consent import Words
from hotline.dialogue.tongues import fold
from hotline.dialogue.turns import Ask, Decided, Fact, Saying
from hotline.dialogue.wishing import HOW, WITH_WORD
from hotline.domain.report import Channel
from hotline.i18n import SOURCE, Languages
from hotline.messages import own_word, render

APART = "\f"
"""Parts the texts of an answer: see `Receipt.texts`."""


@dataclass(frozen=True)
class Speech:
    """Says it in any language that is offered."""

    languages: Languages

    @property
    def our_words(self) -> Mapping[str, str]:
        """What may be asked for with the code word, by our words for it in every language that we ever answered in."""
        return _our_words(self.languages)

    def may_wish(self, text: str) -> bool:
        """Tell whether a text may ask for something beside the code word; most do not."""
        first, *rest = text.split() or [""]
        return any(self.our_words.get(fold(one)) in WITH_WORD for one in (first, *rest[-1:]))

    def said(self, says: Sequence[Saying], locale: str, channel: Channel) -> str:
        """Return what is read of *says*, in the words of *locale*; a form feed parts texts that go out one by one."""
        speaks = self.languages.best([locale]) or SOURCE
        answer, was_apart = "", False
        for saying in says:
            text = saying.verbatim or _rendered(
                self.languages, saying.name, channel, speaks, **_facts(saying, locale)
            )
            between = APART if saying.is_apart or was_apart else "\n"
            answer, was_apart = f"{answer}{between}{text}" if answer else text, saying.is_apart
        return answer

    def put(self, ask: Ask, locale: str, channel: Channel, *, sure: bool = True) -> Words:
        """Return the very words in which *ask* is put, with those of the second step where *sure*."""
        says = (Saying(ask.name, ask.facts), *([Saying("ask_sure")] if sure else []))
        return Words(ask.name, locale, self.said(says, locale, channel))

    def led_to(self, decided: Decided | None, locale: str, channel: Channel) -> Words | None:
        """Return the words that led to what was *decided*: to a no, those of the first step."""
        if decided is None:
            return None
        return self.put(decided.ask, locale, channel, sure=decided.yes)


@lru_cache(maxsize=32)
def _our_words(languages: Languages) -> Mapping[str, str]:
    return {
        fold(own_word(languages, name, locale)): name
        for name in (*WITH_WORD, HOW)
        for locale in reversed(languages.whole())
    }


def _facts(saying: Saying, locale: str) -> dict[str, Fact]:
    """Return the facts of *saying* as they are read: a day as people write it in *locale*."""
    until = saying.facts.get("until")
    if not isinstance(until, str):
        return dict(saying.facts)
    day = format_date(date.fromisoformat(until), "d MMM", locale=locale.replace("-", "_"))
    return {**saying.facts, "day": day.rstrip(".")}


@lru_cache(maxsize=1024)
def _rendered(languages: Languages, name: str, channel: Channel, locale: str, **facts: Fact) -> str:
    """Render an automatic answer: it depends on the step and the locale, never on what was said."""
    return render(languages, name, channel, locale, **facts)
