"""Plays conversations: one state machine, its state written and read back between every two steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hotline import messages
from hotline.dialogue.state import State
from hotline.dialogue.taking import take
from hotline.dialogue.tongues import Tongues, fold
from hotline.dialogue.turns import Ask, Heard, Saying, Setting, Turn
from hotline.dialogue.wishing import HOW, WITH_WORD
from hotline.domain.report import Channel
from hotline.i18n import Languages

HERE = Path(__file__).parent
TRANSLATIONS = HERE.parents[1] / "translations"
EVERY_LANGUAGE = Languages(TRANSLATIONS)
"""All that are translated, whoever has read them."""

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ZONES = ("America/New_York", "America/Chicago", "America/Los_Angeles")
COVER = {"": ("Your parcel is at the shop.", "We are open until six.")}
ASKS = {
    "lead": Ask("a1", "ask_lead", {"who": "", "day": "30 Dec"}),
    "help": Ask("a2", "ask_handoff", {"who": "Harbor House", "day": "30 Dec", "more": ()}),
}
"""Questions that a caseworker has for a yes or no."""

CODE = "482 719 036 158 274 609 331"


def scripts() -> dict[str, list[dict[str, Any]]]:
    return yaml.safe_load((HERE / "scripts.yaml").read_text("utf-8"))


tongues_of = cache(Tongues.of)


@cache
def wishes_of(languages: Languages) -> Mapping[str, str]:
    """Return our words for what may be asked for, in every language."""
    return {
        fold(messages.render(languages, name, Channel.SMS, locale)): name
        for name in (*WITH_WORD, HOW)
        for locale in reversed(languages.offered)
    }


def mark(word: str) -> str:
    return f"mark of {word}" if word else ""


@dataclass
class Conversation:
    """One person's conversation in *locale*; *turns* are all that came of it so far."""

    languages: Languages
    locale: str
    zones: tuple[str, ...] = ZONES
    at: datetime = NOON
    kept: bytes | None = None
    turns: list[Turn] = field(default_factory=list)

    def hear(
        self, text: str, *, awaited: bool = False, suggest: tuple[str, ...] = (), **more: Any
    ) -> Turn:
        self.at += timedelta(minutes=more.get("later", 1))
        setting = Setting(
            tongues=tongues_of(self.languages.offered),
            at=self.at,
            mark=mark,
            zones=lambda: self.zones,
            read_from="09:00" if more.get("closed_hours") else "",
            is_awaited=awaited,
            is_asked=more.get("asked", awaited),
            is_doubted=bool(more.get("doubted")),
            has_code=bool(more.get("has_code")),
            gives_code=not more.get("has_code"),
            is_cry=lambda text: "help" in text.lower() or "hurt" in text.lower(),
            cover=COVER,
            is_open=bool(more.get("open")),
            asks=[ASKS[name] for name in more.get("asks", ())],
            is_texted=bool(more.get("texted")),
            exact=lambda ask, locale: f"{ask.name} in {locale}",
            wishes=wishes_of(self.languages),
            allowed=lambda: (Saying("allowed_none"),),
            offers=lambda needs: bool(more.get("asleep")) and bool(needs),
            numbers=_numbers,
        )
        state = State.from_json(self.kept) if self.kept else None
        heard = Heard(text, tuple(suggest), more.get("opted", ""))
        turn = take(state, heard, setting, locale=self.locale)
        self.kept = turn.state.to_json()
        assert State.from_json(self.kept) == turn.state
        self.turns.append(turn)
        return turn

    def said(self, turn: Turn) -> str:
        """What the person reads; form feeds part texts that go out one by one."""
        answer, was_apart = "", False
        for saying in turn.says:
            text = saying.verbatim or messages.render(
                self.languages, saying.name, Channel.SMS, turn.state.locale, **saying.facts
            )
            between = "\f" if saying.is_apart or was_apart else "\n"
            answer, was_apart = f"{answer}{between}{text}" if answer else text, saying.is_apart
        return answer


def _numbers(needs: Sequence[str], where: str) -> tuple[Saying, ...]:
    """Say whom they may call: somebody for everything but a doctor, and one more in Hill Town."""
    if "doctor" in needs:
        return (Saying("near_none"),)
    found = ["Harbor House\n+1-500-555-0101\n20:00-06:00"]
    found += ["Hill Kitchen\n+1-500-555-0102\n24/7"] if where == "Hill Town" else []
    return (*(Saying(verbatim=text, is_apart=True) for text in found), Saying("near_said"))


@cache
def transcript(languages: Languages, locale: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return every script as it goes in *locale*."""
    return {name: list(_played(languages, locale, script)) for name, script in scripts().items()}


def _played(languages: Languages, locale: str, script: list[dict[str, Any]]) -> Any:
    conversation = Conversation(languages, locale)
    for step in script:
        line = dict(step)
        turn = conversation.hear(line.pop("hear"), **line)
        shown: dict[str, Any] = {"hear": step["hear"], "say": conversation.said(turn)}
        if turn.answers:
            shown["answers"] = dict(turn.answers)
        if turn.contact:
            shown["contact"] = dict(turn.contact)
        if turn.effects:
            shown["effects"] = sorted(map(str, turn.effects))
        if turn.is_secret:
            shown["secret"] = True
        if turn.decided:
            shown["decided"] = f"{turn.decided.ask.name} {'yes' if turn.decided.yes else 'no'}"
        if turn.wish:
            shown["wish"] = turn.wish
        yield shown
