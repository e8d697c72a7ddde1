"""A call as the pure dialogue leads it: written and read back between two steps, as it is between two webhooks."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.dialogue.calls.document import Wait
from hotline.dialogue.calls.mine import Mine, Question, Whom, Wish, Yes
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.taking import take
from hotline.dialogue.calls.turns import Back, Effect, Event, Found, Heard, Setting, Turn

CODE = "429762208517541098487"
GUARDED = "517541098487429762208"
NUMBER = "24680"
REPORT = "5" * 32
UNTIL = date(2026, 3, 30)
MINE = Mine(
    yeses=(
        Yes(Whom.INVESTIGATORS, UNTIL, is_told=True, is_still=True),
        Yes(Whom.PLACE, date(2026, 3, 3), "Bayt al-Amal", is_told=False),
    ),
    question=Question("9" * 32, Whom.INVESTIGATORS, ("country", "summary"), UNTIL),
)
"""What somebody who gave code and number allowed, and is asked."""


def setting(**changes) -> Setting:
    """Return a setting in which everything is there: three languages, a person on call, speech."""
    usual = Setting(
        at=datetime(2026, 3, 2, 12, tzinfo=UTC),
        locale="en",
        languages=("en", "es", "fr"),
        offered=("en", "es", "fr"),
        page=lambda _locales: 2,
        country="DE",
        number_is_known=True,
        has_person=True,
        has_code=False,
        has_word=False,
        hears=lambda locale: locale != "fr",
        reads=lambda locale: locale != "fr",
        zones=lambda country: ("Europe/Berlin",) if country in ("", "DE") else ("Europe/Lisbon", "Atlantic/Azores"),
        dialled=lambda code: {"351": "PT"}.get(code, ""),
        find=lambda code: {CODE: Found(False, {2: "Come at six."}), GUARDED: Found(True)}.get(code),
        open=lambda code, word: Found(False, {2: "Come at six."}, REPORT) if (code, word) == (GUARDED, NUMBER) else None,
        mine=lambda report_id: MINE if report_id == REPORT else Mine(),
        new_code=lambda: "0" * 21,
        is_word=lambda word: word == NUMBER,
        cover={"": ("Your parcel is at the shop.", "We are open until six.")},
    )  # fmt: skip
    return replace(usual, **changes)


@dataclass
class Played:
    """One call; *turns* are what came of each step."""

    setting: Setting
    state: CallState | None = None
    turns: list[Turn] = field(default_factory=list)

    def hears(self, heard: Heard) -> "Played":
        self.setting = replace(self.setting, at=self.setting.at + timedelta(seconds=5))
        turn = take(self.state, heard, self.setting)
        assert CallState.from_json(turn.state.to_json()) == turn.state
        self.state = turn.state
        self.turns.append(turn)
        return self

    def presses(self, *keys: str) -> "Played":
        for key in keys:
            self.hears(Heard(digits=key))
        return self

    def says(self, words: str) -> "Played":
        return self.hears(Heard(speech=words))

    def is_silent(self, times: int = 1) -> "Played":
        for _ in range(times):
            self.hears(Heard())
        return self

    def meets(self, event: Event) -> "Played":
        return self.hears(Heard(event=event))

    @property
    def step(self) -> str:
        return self.state.step

    @property
    def last(self) -> Turn:
        return self.turns[-1]

    @property
    def prompts(self) -> list[str]:
        return [line.prompt for line in self.last.lines if line.prompt]

    @property
    def words(self) -> list[str]:
        return [line.words for line in self.last.lines if line.words]

    @property
    def effects(self) -> set[Effect]:
        return {effect for turn in self.turns for effect in turn.effects}

    @property
    def answers(self) -> dict:
        return {name: code for turn in self.turns for name, code in turn.answers.items()}

    @property
    def contact(self) -> dict:
        return {name: value for turn in self.turns for name, value in turn.contact.items()}

    @property
    def wishes(self) -> list[Wish]:
        return [turn.wish for turn in self.turns if turn.wish]

    @property
    def is_over(self) -> bool:
        return self.last.then.wait is Wait.END


def begun(**changes) -> Played:
    """A call that was just taken."""
    return Played(setting(**changes)).hears(Heard())


def called_back(*, has_word: bool = True, **changes) -> Played:
    """A call of ours that somebody took."""
    return begun(back=Back("es", has_word), **changes)


@pytest.fixture
def call() -> Played:
    """A call in English, greeted."""
    return begun().presses("1")
