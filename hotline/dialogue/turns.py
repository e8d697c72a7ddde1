"""What goes into a step of the conversation, and what comes out of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hotline.dialogue.picking import word_in
from hotline.dialogue.state import State
from hotline.dialogue.tongues import Tongues

_WORDS = 4
_GUESSES = 20


class Effect(StrEnum):
    """What must be done beside answering."""

    # They are there and said that it is safe, with their word where one is agreed.
    OPEN = "open"
    # What waits for them may be sent.
    RELEASE = "release"
    # They want to be written to later: nobody may take them for being there.
    LATER = "later"
    # They want no more texts; the case goes on.
    CLOSE = "close"
    REOPEN = "reopen"
    # Someone else may be answering.
    DURESS = "duress"
    # They asked for a return code.
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in. *suggested* are locales that its words and script suggest; *opted* is the network's word for it."""

    text: str = field(repr=False)
    suggested: tuple[str, ...] = ()
    opted: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a step depends on besides the state and what was heard.

    *zones* returns the time zones in which the phone may be, likeliest first. *read_from* says when a person reads this, where that is
    not now. *is_awaited* says that something waits here for them and that we asked whether to send it. *cover* maps
    locales to the lines of the cover story. *mark* turns a code word into what may be kept of it.
    """

    tongues: Tongues
    at: datetime
    mark: Callable[[str], str]
    zones: Callable[[], Sequence[str]] = tuple
    read_from: str = ""
    is_awaited: bool = False
    cover: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def is_word(self, state: State, text: str) -> bool:
        """Tell whether *text* is the code word that was agreed, perhaps beside a few others.

        After twenty wrong ones no word is right any more: whoever guesses has all day.
        """
        words = text.split()
        tries = [text, *words] if len(words) <= _WORDS and state.wrong <= _GUESSES else []
        return bool(state.word) and any(self.mark(word_in(one)) == state.word for one in tries)


@dataclass(frozen=True, slots=True)
class Saying:
    """A message template of ours with its facts, or (*verbatim*) words that are said as they stand."""

    name: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    verbatim: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes of a step.

    *answers* are codes that the desk may read; *contact* is how the person is reached: identity. *is_key* says that
    what came in was a choice and no account; *is_secret* that it was a code word, which nobody reads.
    """

    state: State
    says: tuple[Saying, ...] = ()
    answers: Mapping[str, str | list[str]] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict, repr=False)
    effects: frozenset[Effect] = frozenset()
    is_key: bool = False
    is_secret: bool = False
    word: str = field(default="", repr=False)
