"""The people who text in the storm: each has a phone, looks at it, and does what somebody in their place would do."""

import base64
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.demo.terms import neutral_template
from hotline.domain.report import Channel
from hotline.i18n import Languages
from hotline.messages import render
from hotline.operate.bench.chaos.provider import Bubble, Provider

OPEN, WAITS, WORD, STRANGER, SILENT, STOPPER, LATER = (
    "open", "waits", "word", "stranger", "silent", "stopper", "later",
)  # fmt: skip
"""What people do: say at once that it is safe; say so when they are asked; agree on a code word and know it later,
or do not; never say that it is safe; write STOP and perhaps START; want to be written to later."""

_SHARES = {OPEN: 5, WAITS: 4, WORD: 3, STRANGER: 2, SILENT: 2, STOPPER: 2, LATER: 1}
_LETTERS = "bcdfghjklmnpqrstvwxz"
_ACCOUNTS = (
    "They keep my papers and do not pay me {}",
    "I have not been outside for a week, the door is locked {}",
    "{}",
    "My cousin came with me and she is only fifteen {}",
    "please help we are four in one room and they watch us day and night, we must work off what we owe them {}",
)
_KEYS = ("0", "0", "0", "1", "2", "3")
_PICTURE = (
    "image/png",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
)
_IDLE = 3
"""For so many looks somebody waits for an answer; then they take it for lost."""
_UNHEARD = 200
"""For so many more they look at a phone on which no answer was ever shown."""


@dataclass(frozen=True)
class Words:
    """What the line says, by the name of the template, so that people know it again."""

    said: Mapping[str, str]

    @classmethod
    def of(cls, languages: Languages, locale: str = "en") -> "Words":
        names = ("knock", "received", "ask_word", "ask_for_word", "ask_code", "keys", "no_more")
        return cls({name: render(languages, name, Channel.SMS, locale) for name in names})

    def is_asked(self, shown: str, name: str) -> bool:
        """Tell whether *shown*, one text of ours, ends with the question *name*."""
        forms = [self.said[name], neutral_template()] if name == "knock" else [self.said[name]]
        return any(shown.endswith(form) for form in forms)


@dataclass
class Person:
    """One phone and its owner. *said* are all bodies that they sent; *word* is what they agree on, *agreed* where
    the hotline has it; from the *shut*-th thing that their phone showed on, nobody there has said that it is safe.
    *wants* says that it is a caseworker's turn; *pictures* how many they sent.
    """

    phone: str
    line: str
    kind: str
    chance: random.Random
    patience: int
    to_tell: int
    said: list[str] = field(default_factory=list)
    pictures: int = 0
    word: str = ""
    agreed: bool = False
    shut: int = 0
    wants: bool = False
    answers: int = 0
    _idle: int = 0
    _unheard: int = 0
    _stopped: bool = False

    def looks(self, provider: Provider, words: Words) -> bool:
        """Look at the phone once, and do one thing at most; tell whether there may be more to do."""
        if not self.said:
            self._tells(provider)
            return True
        shown = provider.shows(self.phone, self.line)
        # Whoever has heard nothing yet waits on: a busy machine, or one that is just killed, answers late.
        if any(not bubble.is_mine for bubble in shown) or self._unheard == _UNHEARD:
            self.patience -= 1
        else:
            self._unheard += 1
        if self.wants:
            return self.patience > 0
        heard = _news(shown)
        self._idle = 0 if heard else self._idle + 1
        self._reacts(provider, words, heard)
        return self.patience > 0

    def answers_knock(self, provider: Provider, words: Words) -> None:
        """Say that it is safe, where that was asked last and they would."""
        heard = _news(provider.shows(self.phone, self.line))
        asked = words.is_asked(heard, "knock") or words.is_asked(heard, "ask_for_word")
        if asked and self.kind != SILENT:
            self._reacts(provider, words, heard)

    def says_safe(self, provider: Provider) -> None:
        self._texts(provider, "1")

    @property
    def is_away(self) -> bool:
        """Whether half an hour shall pass before the next answer."""
        return self.kind in (WORD, STRANGER) or self.chance.random() < 0.3

    def _reacts(self, provider: Provider, words: Words, heard: str) -> None:
        if words.is_asked(heard, "ask_for_word"):
            self._texts(provider, self.word if self._knows_word else self._token())
        elif words.is_asked(heard, "ask_word") and self.kind in (WORD, STRANGER):
            self.word = self.word or self._token()
            self._texts(provider, self.word)
        elif words.is_asked(heard, "knock") or words.is_asked(heard, "received"):
            self._hears_if_safe(provider, words, heard)
        elif self.shut and self._idle == _IDLE and self.kind == WORD:
            # Whoever wrote much is not asked any more; they know what comes now.
            self._texts(provider, self.word)
        elif heard or self._idle > _IDLE:
            self._goes_on(provider, words, heard)

    def _hears_if_safe(self, provider: Provider, words: Words, heard: str) -> None:
        is_knock = words.is_asked(heard, "knock")
        if self.kind == SILENT:
            self._tells(provider)
        elif self.kind == LATER and not is_knock:
            self._texts(provider, "8")
            self.wants = True
        elif self.kind == WAITS and not is_knock:
            self._tells(provider)
            self.wants = True
        else:
            self._texts(provider, "1")

    def _goes_on(self, provider: Provider, words: Words, heard: str) -> None:
        """Answer a question, tell more, or leave it to a caseworker."""
        has_agreed = self.word and not words.is_asked(heard, "ask_word")
        if self.kind in (WORD, STRANGER) and not has_agreed and "?" in heard:
            self._texts(provider, "2" if words.is_asked(heard, "ask_code") else "0")
        elif self.kind == STOPPER and self.answers and not self._stopped:
            self._stopped = True
            self._texts(provider, "STOP")
        elif self._stopped and self.chance.random() < 0.5:
            self._texts(provider, "START")
            self._stopped = False
        elif self.to_tell and self.chance.random() < 0.5:
            self._tells(provider)
        elif "?" in heard and self.chance.random() < 0.6:
            self._texts(provider, "2" if words.is_asked(heard, "ask_code") else self._key())
        else:
            self.wants = True

    @property
    def _knows_word(self) -> bool:
        return bool(self.word) and self.kind != STRANGER

    def _key(self) -> str:
        return self.chance.choice(_KEYS)

    def _token(self) -> str:
        """Return letters that nobody else writes."""
        return "".join(self.chance.choices(_LETTERS, k=14))

    def _tells(self, provider: Provider) -> None:
        self.to_tell = max(self.to_tell - 1, 0)
        pictures = [_PICTURE] * (self.chance.random() < 0.12)
        self.pictures += len(pictures)
        self._texts(provider, self.chance.choice(_ACCOUNTS).format(self._token()), pictures)

    def _texts(
        self, provider: Provider, body: str, pictures: list[tuple[str, str]] | None = None
    ) -> None:
        self.said.append(body)
        provider.texts(self.phone, self.line, body, pictures or [])


def crowd(chance: random.Random, count: int, *, line: str, whatsapp: str) -> list[Person]:
    """Return *count* people, a sixth of them on WhatsApp; each does everything by a chance of their own."""
    kinds = chance.choices(list(_SHARES), list(_SHARES.values()), k=count)
    return [
        Person(
            phone=f"whatsapp:{phone}" if is_whatsapp else phone,
            line=f"whatsapp:{whatsapp}" if is_whatsapp else line,
            kind=kind,
            chance=random.Random(chance.random()),
            patience=40,
            to_tell=chance.randrange(2, 6),
        )
        for number, kind in enumerate(kinds)
        for phone in [f"+1415{2_000_000 + number}"]
        for is_whatsapp in [number % 6 == 5]
    ]


def may_read(person: Person, body: str) -> list[str]:
    """Return the forms in which *body* may be kept: short ones that came as base64 are not decoded."""
    return [body, base64.b64encode(body.encode()).decode()]


def _news(shown: list[Bubble]) -> str:
    """Return the newest text of ours, if nothing was written after it."""
    return shown[-1].text if shown and not shown[-1].is_mine else ""
