"""Where a conversation stands: written sealed between two messages, and read back before the next."""

import json
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, repr=False)
class State:
    """Everything that the next step depends on. No words of the person, and their code word only as a mark.
    (*fresh_word* is the word itself, for as long as the question whether they want a code for it waits.)

    *step* is what we wait for: the name of a question, ``may_write`` (is it safe?), ``your_word``, ``consent`` (may we
    tell?), ``consent_sure`` or nothing. *ask* is the opaque id of what they were asked whether we may tell it, and what
    tells the very words in which.
    *asked* are the questions that are done with; *menu* is the list of languages that was shown last, *earlier*
    the language before the last switch. *again* says that the question was put a second time. *cover* counts
    the lines of the cover story that were told, from 1; 0 is no cover. *tried* counts short texts that were
    not the word, asked or not; *is_paused* says that they asked for later;
    *opened* is the minute in which they last said that it is safe. *span* and *answered* slow us down when
    a phone floods us: what answers in a span of ten minutes have cost. *wish* is what they asked for without the code
    word, until the next text. *needs* are the codes of what is needed first; *is_near* says that they asked for numbers
    to call and have not got them yet.
    """

    locale: str
    is_chosen: bool = False
    earlier: str = ""
    menu: tuple[str, ...] = ()
    step: str = ""
    asked: tuple[str, ...] = ()
    again: bool = False
    told: tuple[str, ...] = ()
    hours: str = ""
    zone: str = ""
    word: str = ""
    fresh_word: str = ""
    wrong: int = 0
    tried: int = 0
    cover: int = 0
    is_closed: bool = False
    is_paused: bool = False
    opened: int = 0
    ask: str = ""
    wish: str = ""
    needs: tuple[str, ...] = ()
    is_near: bool = False
    span: int = 0
    answered: int = 0

    def to_json(self) -> bytes:
        """Return the state in as few bytes as tell it: what is as at the start is left out."""
        told = ((name, getattr(self, name)) for name in _NAMES)
        facts = {name: value for name, value in told if value or name == "locale"}
        return json.dumps(facts, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "State":
        """Undo `to_json`. What a newer version wrote and this one does not know is left out."""
        facts = {name: value for name, value in json.loads(plain).items() if name in _NAMES}
        lists = {name: tuple(value) for name, value in facts.items() if isinstance(value, list)}
        return cls(**facts | lists)

    def __repr__(self) -> str:
        return f"<State {self.step or 'open'}>"


_NAMES = tuple(field.name for field in fields(State))
