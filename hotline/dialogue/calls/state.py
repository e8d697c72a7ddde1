"""Where a call stands: written sealed between two steps, and read back before the next."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from hotline.dialogue.calls.document import Line, Then, Wait


@dataclass(frozen=True, slots=True, repr=False)
class CallState:
    """Everything that the next step depends on, and what was said last, for whoever did not hear it.

    *back* names the call of ours that it is; empty for one that came in. *count* numbers the steps. *menu* are the languages that were offered last, *menu_before* those before them, *pages* how often we did.
    *goal* is what the caller came for, *asked* what is done with. *silences* and *wrongs* count in a row;
    *pressed_at* is when a key came last, *said_at* when we last spoke, in seconds.
    *is_unsafe*, *is_abroad*, *area* are what they answered as far as the next questions depend on it;
    *how*, *hours*, *zone* how they want to be reached. *word* is their secret number until the code is read to them,
    *code* the code that they get or typed, *tries* how often they were wrong about one. *has_code* and *has_word* say what their report has
    already. *reading* are the answers that are being read to them. *caller* is by what the caller is known, *beside* the report of the same
    number that this call may not touch, *is_known* that they proved who
    they are, *is_over* that they hung up,
    *rings* how often a person was rung for them. *cover* counts the lines of the cover story.
    *report_id* and *recorded_at* say where a recording of this call belongs. *ask* is the question about others that is put to them, *put* what was said of it.
    *answers* are all that were given so far: what they need
    follows from them together.
    """

    locale: str
    back: str = ""
    count: int = 0
    step: str = ""
    is_chosen: bool = False
    menu: tuple[str, ...] = ()
    menu_before: tuple[str, ...] = ()
    pages: int = 0
    goal: str = ""
    asked: tuple[str, ...] = ()
    silences: int = 0
    wrongs: int = 0
    pressed_at: float = 0
    said_at: float = 0
    is_silent: bool = False
    is_kept: bool = False
    is_unsafe: bool = False
    is_abroad: bool = False
    has_talked: bool = False
    area: str = ""
    country: str = ""
    how: str = ""
    hours: str = ""
    zone: str = ""
    word: str = ""
    code: str = ""
    has_code: bool = False
    has_word: bool = False
    reading: tuple[int, ...] = ()
    caller: str = ""
    beside: str = ""
    is_known: bool = False
    is_over: bool = False
    rings: int = 0
    tries: int = 0
    cover: int = 0
    report_id: str = ""
    recorded_at: int = 0
    ask: str = ""
    put: tuple[Line, ...] = ()
    answers: Mapping[str, str | list[str]] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    then: Then = field(default=Then(Wait.END))

    def to_json(self) -> bytes:
        """Return the state in as few bytes as tell it: what is as at the start is left out."""
        facts = {name: value for name, value in asdict(self).items() if value or name == "locale"}
        return json.dumps(facts, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "CallState":
        """Undo `to_json`. What a newer version wrote and this one does not know is left out."""
        told: dict[str, Any] = json.loads(plain)
        facts = {one.name: told[one.name] for one in fields(cls) if one.name in told}
        lists = {name: tuple(value) for name, value in facts.items() if isinstance(value, list)}
        said = {
            name: tuple(Line(**line) for line in told.get(name, ())) for name in ("lines", "put")
        }
        then = Then(**told["then"] | {"wait": Wait(told["then"]["wait"])})
        return cls(**facts | lists | said | {"then": then})

    def __repr__(self) -> str:
        return f"<CallState {self.step or 'new'}>"
