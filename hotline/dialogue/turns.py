"""What goes into a step of the conversation, and what comes out of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hotline.dialogue.picking import word_in
from hotline.dialogue.state import State
from hotline.dialogue.tongues import Tongues, fold

_WORDS = 4
_GUESSES, _SHORT_TEXTS = 20, 60


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


Fact = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that a caseworker has for them, whether we may tell something: its opaque *id*, and in which words."""

    id: str
    name: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """What they answered to *ask*."""

    ask: Ask
    yes: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in. *suggested* are locales that its words and script suggest; *opted* is the network's word for it."""

    text: str = field(repr=False)
    suggested: tuple[str, ...] = ()
    opted: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a step depends on besides the state and what was heard.

    *zones* returns the time zones in which the phone may be, likeliest first. *read_from* says when a person reads
    this, where that is not now. *is_awaited* says that something waits here for them, *is_asked* that our question
    whether now is a good time went out, *is_doubted* that someone else may hold the phone: they are not asked that out of
    nowhere. *has_code* says that they have a return code already, *gives_code* that they may get one. *cover* maps locales to
    the lines of the cover story. *mark* turns a code word into what may be kept of it. *is_cry* tells whether words
    are of somebody in danger: such words are an account, whatever we asked. *is_open* says that they are there still.

    *asks* are the questions that wait for their yes or no; *is_texted* says that one waits here until they are there;
    *exact* returns what tells the very words of a question in a locale. *wishes* are our words for what may be asked
    for, and *allowed* what we say of what they allowed.

    *offers* tells whether numbers to call may be offered for the codes of a need: nobody of us is awake, and nothing
    speaks against it. *numbers* says them, for such codes and for where they say that it is.
    """

    tongues: Tongues
    at: datetime
    mark: Callable[[str], str]
    zones: Callable[[], Sequence[str]] = tuple
    read_from: str = ""
    is_awaited: bool = False
    is_asked: bool = False
    is_doubted: bool = False
    has_code: bool = False
    gives_code: bool = True
    is_cry: Callable[[str], bool] = lambda _text: False
    cover: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_open: bool = False
    asks: Sequence[Ask] = ()
    is_texted: bool = False
    exact: Callable[[Ask, str], str] = lambda _ask, locale: locale
    wishes: Mapping[str, str] = field(default_factory=dict)
    allowed: Callable[[], tuple["Saying", ...]] = tuple
    offers: Callable[[Sequence[str]], bool] = lambda _needs: False
    numbers: Callable[[Sequence[str], str], tuple["Saying", ...]] = lambda _needs, _where: (
        Saying("near_none"),
    )

    def is_word(self, state: State, text: str) -> bool:
        """Tell whether *text* is the code word that was agreed."""
        return self.beside_word(state, text) == ""

    def beside_word(self, state: State, text: str) -> str | None:
        """Return what stands beside the code word that was agreed, where *text* is or begins or ends with it.

        None where it is not the word. After so many wrong ones none is right: whoever guesses has all day.
        """
        if not state.word or state.wrong > _GUESSES or state.tried > _SHORT_TEXTS:
            return None
        if self.marked(text) == state.word:
            return ""
        first, *rest = text.split() or [""]
        if not 0 < len(rest) < _WORDS:
            return None
        if self.marked(first) == state.word:
            return " ".join(rest)
        return " ".join([first, *rest[:-1]]) if self.marked(rest[-1]) == state.word else None

    def marked(self, text: str) -> str:
        """Return what may be kept of *text* as a code word. On the web it may be of several words, or of one letter."""
        return self.mark(word_in(text) or fold(text))


@dataclass(frozen=True, slots=True)
class Saying:
    """A message template of ours with its facts, or (*verbatim*) words that are said as they stand.

    What *is_apart* is a text of its own, which can be deleted alone.
    """

    name: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    verbatim: str = field(default="", repr=False)
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes of a step.

    *answers* are codes that the desk may read; *contact* is how the person is reached: identity. *is_key* says that
    what came in was a choice and no account; *is_secret* that it was a code word, which nobody reads; *rest* is what stood beside it. *word* is the code word that goes with
    a code they asked for. *put* is the id of a question for their yes or no that we put now, *decided* their answer to
    one; *wish* is what they asked for.
    """

    state: State
    says: tuple[Saying, ...] = ()
    answers: Mapping[str, str | list[str]] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict, repr=False)
    effects: frozenset[Effect] = frozenset()
    is_key: bool = False
    is_secret: bool = False
    rest: str = field(default="", repr=False)
    word: str = field(default="", repr=False)
    put: str = ""
    decided: Decided | None = None
    wish: str = ""
