"""What goes into a step of a call, and what comes out of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hotline.dialogue.calls.document import Line, Then
from hotline.dialogue.calls.mine import NOTHING, Mine, Wish
from hotline.dialogue.calls.state import CallState


class Event(StrEnum):
    """What happened in a call besides keys and words."""

    RECORDED = "recorded"
    NO_RECORDING = "no_recording"
    # A person took the call, and the talk is over; or nobody did.
    TALKED = "talked"
    NOBODY = "nobody"


class Effect(StrEnum):
    """What must be done beside answering."""

    # A person is to take the call.
    PERSON = "person"
    # They have typed the code of a report: what follows belongs there.
    RETURN = "return"
    # They typed a code word that is not the one that was agreed.
    TRIED = "tried"
    # Someone else may be on the phone.
    DURESS = "duress"
    # Our call back came at the wrong time, or reached somebody else.
    LATER = "later"
    WRONG_PERSON = "wrong_person"
    # What is said from now on is recorded, with their consent.
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in: *digits* that were pressed, *speech* as the provider understood it, or what happened.

    *step* is the step that it answers, empty at the beginning of a call.
    """

    step: str = ""
    digits: str = field(default="", repr=False)
    speech: str = field(default="", repr=False)
    event: str = ""

    @property
    def is_silence(self) -> bool:
        return not (self.digits or self.speech or self.event)


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """The report whose code was typed: whether a code word guards it, and what was answered and not read yet.

    *answers* are the words of each answer by its number, oldest first; *report_id* is told where nothing guards it any more.
    """

    needs_word: bool
    answers: Mapping[int, str] = field(default_factory=dict)
    report_id: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Back:
    """A call of ours to somebody who asked for it. *has_word* says that a word was agreed which keys can write, *is_over*
    that nobody waits for the call any more.
    """

    locale: str
    has_word: bool
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What a step depends on besides the state and what was heard.

    *languages* are those that callers are offered, likeliest first, or none where the line has its own; *page* says
    how many of them fit into the time that one listens. *country* is that of the phone, where known. *number_is_known* tells whether the call shows a number, *has_person*
    whether somebody can take it, *has_code* and *has_word* whether the caller has a code and a number of their own already. *hears* tells whether speech is understood in a locale, *reads* whether any words can be said in it.
    *zones* returns the time zones of a country, or with an empty one of the phone; *dialled* the country of a telephone code.
    *find* looks a code up, *open* opens it with a code word; *is_word* weighs the word in a call of ours, *back*.
    *new_code* is a fresh code. *cover* maps locales to the lines of the cover story. *must_tell* says
    that the law leaves us no choice about a child; callers hear that before they are asked.
    """

    at: datetime
    locale: str
    languages: Sequence[str]
    offered: Sequence[str]
    page: Callable[[Sequence[str]], int]
    country: str
    number_is_known: bool
    has_person: bool
    has_code: bool
    has_word: bool
    hears: Callable[[str], bool]
    reads: Callable[[str], bool]
    zones: Callable[[str], Sequence[str]]
    dialled: Callable[[str], str]
    find: Callable[[str], Found | None]
    open: Callable[[str, str], Found | None]
    new_code: Callable[[], str]
    is_word: Callable[[str], bool] = lambda _digits: False
    mine: Callable[[str], Mine] = lambda _report_id: NOTHING
    back: Back | None = None
    cover: Mapping[str, Sequence[str]] = field(default_factory=dict)
    must_tell: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes of a step: where the call stands, what is said and waited for, and what is kept.

    *keeps* says that what was heard is kept; *words* are those that the caller spoke, *keys* those that they pressed and
    that everybody at the desk may read. *answers* are codes that the desk may read; *contact* is how
    the person is reached: identity. *read* are the numbers of the answers that were read to them, *new_code* is the code that opens the report from now on. *wish* is what they
    want done with what they told us.
    """

    state: CallState
    lines: tuple[Line, ...]
    then: Then
    keeps: bool = False
    keys: str = ""
    words: str = field(default="", repr=False)
    answers: Mapping[str, str | list[str]] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict, repr=False)
    effects: frozenset[Effect] = frozenset()
    read: tuple[int, ...] = ()
    new_code: str = field(default="", repr=False)
    word: str = field(default="", repr=False)
    wish: Wish | None = None
