"""Every page that a reporter can come to, in any language, made of its template and sample facts: to be looked at.

No house is needed for it, and nothing here is anybody's: names, codes and numbers are made up. Facts that depend on the
language are made as the web's own views make them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hotline.channels.web.asking import Question
from hotline.channels.web.body import Sent
from hotline.channels.web.grants import Disclosed, Grant
from hotline.channels.web.nearby import Numbers
from hotline.channels.web.pages import Language, day_in
from hotline.channels.web.puzzle import Puzzle
from hotline.channels.web.theme import Theme
from hotline.channels.web.typed_code import Fault
from hotline.i18n import REPORTER, Languages, autonym, direction
from hotline.intake.nearby import Near
from hotline.law import dial

ANSWERED = "2026-11-25"
LATER = "2026-12-30"
DIGITS = "482 719 036 158 274 609 331"
WORDS = "harbour lantern violin meadow copper window"
STORY = "They keep my papers. +15005550142"
PLACE = "Bayt al-Amal Women's Centre"
TYPED: Mapping[str, tuple[str, ...]] = {
    "account": (STORY,),
    "safe": ("no",),
    "go": ("sometimes",),
    "who": ("known",),
    "young": ("yes",),
    "need": ("place", "papers", "talk"),
    "place": ("Near the harbour",),
    "how": ("text",),
    "number": ("+15005550142",),
    "hours": ("21:00",),
    "word": ("lantern",),
    "not_to": ("Not the office at the harbour",),
}
FAULTS = ("busy", "group", "digits", "check", "words", "word", "mixed", "empty", "whole")
DONE = (
    *("later", "reach_empty", "reach_how", "reach_number", "not_to_empty", "not_to_full"),
    *(
        "taken",
        "untold",
        "all_known",
        "yes",
        "no",
        "over",
        "not_to",
        "copy",
        "reach",
        "reach_stopped",
    ),
)
FIELDS = ("need", "language", "contact", "hours", "with_children", "accessibility", "do_not")

_EVERYWHERE: Mapping[str, Any] = {
    "leave_to": "/",
    "megabytes": 25,
    "theme": Theme(),
    "sheet": "",
    "script": "",
}
Facts = dict[str, Any]
Sample = tuple[str, str, Facts]


@dataclass(frozen=True)
class Sheet:
    """The pages of *languages*, which nobody else uses: what a house shares with its templates is made up here."""

    languages: Languages

    def __post_init__(self) -> None:
        self.languages.share(
            url_for=lambda _endpoint, **_values: "/", static=lambda _name: "/", is_demo=True
        )

    def pages(self, locale: str) -> Iterator[tuple[str, str]]:
        """Yield the name of each page and what it says in *locale*; names are the same in every language."""
        for name, template, facts in self.samples(locale):
            yield name, self._page(template, locale, facts)

    def _page(self, template: str, locale: str, facts: Facts) -> str:
        return self.languages.render(
            f"web/{template}.html",
            locale,
            REPORTER,
            **_EVERYWHERE,
            **facts,
        )

    def samples(self, locale: str) -> Iterator[Sample]:
        yield from self._first(locale)
        yield from _written()
        yield from _kept(locale)
        yield from _returning()
        yield from self._conversing(locale)
        yield from self._asked_once_more(locale)
        yield from _others()

    def _first(self, locale: str) -> Iterator[Sample]:
        every = [
            Language(tag, autonym(tag), direction(tag))
            for tag in dict.fromkeys([locale, *self.languages.complete(REPORTER)])
        ]
        yield "first page", "landing", {"few": every[:24], "has_more": True}
        yield "languages", "languages", {"likely": every[:2], "others": every[2:]}
        promised = ("who_reads", "what_next", "promise", "exceptions")
        said = {name: self._message(name, locale).splitlines() for name in promised}
        yield "what happens next", "how", {"said": said, **_danger(locale), "read_from": ""}

    def _message(self, name: str, locale: str, **facts: Any) -> str:
        return self.languages.render(f"messages/{name}/web.txt", locale, REPORTER, **facts).strip()

    def _question(self, locale: str) -> Question:
        """Return the question that asks for most, as `channels.web.asking` cuts its words."""
        until = day_in(LATER, locale, with_year=True)
        text = self._message(
            "consent", locale, kind="handoff", who=PLACE, fields=FIELDS, until=until
        )
        lines = text.splitlines()
        listed = [place for place, line in enumerate(lines) if line.startswith("·")]
        return Question(
            "",
            lines[0],
            tuple(lines[1 : listed[0]]),
            tuple(lines[place].removeprefix("· ") for place in listed),
            tuple(lines[listed[-1] + 1 :]),
            "",
            day_in(LATER, locale),
        )

    def _conversing(self, locale: str) -> Iterator[Sample]:
        bare = _conversation(locale)
        keyword = self.languages.render("messages/erase_word/sms.txt", locale).strip()
        whole = bare | {
            "is_whole": True,
            "word": "lantern",
            "keyword": keyword,
            "grants": _grants(locale),
            "disclosures": _disclosures(locale),
            "question": self._question(locale),
            "has_come": True,
            "has_new": True,
            "copy_day": day_in(ANSWERED, locale),
            "not_to_day": day_in(ANSWERED, locale),
            "is_unread": True,
            "numbers": Numbers(Sent(TYPED), _near(locale)),
        }
        yield "no answer", "again", bare | {"said": []}
        yield "an answer", "again", bare | {"has_new": True, "problem": "word"}
        yield "a question", "again", whole
        yield "all that was written", "again", whole | {"is_later": True, "has_new": False}
        full = {"problem": "full", "had_files": True, "more": STORY, "is_cut": True}
        yield "more, not kept", "again", bare | full
        yield "more, kept", "again", bare | {"is_kept": True}
        yield "more, kept for later", "again", bare | {"is_kept": True, "read_from": "09:00"}
        for done in DONE:
            form = Sent({"ask": ("reach",)}) if done.startswith("reach_") else Sent()
            its = {"is_whole": bool(form.values), "done": done, "form": form, "is_new_word": True}
            yield f"done, {done}", "again", bare | its
        for name, erasure in _erasures(locale):
            yield name, "again", bare | {"is_whole": True, "erasure": erasure}
        yield "not erased", "again", bare | {"is_whole": True, "is_saved": True}

    def _asked_once_more(self, locale: str) -> Iterator[Sample]:
        its = {"code": DIGITS, "word": "lantern"}
        grants = _grants(locale)
        question = {"question": self._question(locale), "has_changed": True}
        yield "say yes", "say_yes", {**its, **question}
        yield "take a yes back", "grant", {**its, "grant": grants[0]}
        yield "take all back", "grant_all", {**its, "grants": grants, "sees": True}
        yield "erase", "erase", its


def _danger(locale: str) -> Facts:
    known = (dial("AE"), dial("FR"), dial("IE"))
    return {"dials": known, "read_from": f"{day_in(LATER, locale)} 09:00"}


def _written() -> Iterator[Sample]:
    blank = {"form": Sent(), "slip": "", "code": "", "locked": "", "problem": ""}
    its = {**blank, "had_files": True, "must_tell": True, "form": Sent(TYPED)}
    yield "form", "new", {**blank, "had_files": False, "must_tell": False}
    yield "form, nothing written", "new", {**its, "problem": "empty"}
    yield "form, not kept", "new", {**its, "problem": "full"}
    yield "form, saved before", "new", {**its, "code": DIGITS}
    checked = {"form": Sent(TYPED), "slip": "", "had_files": True, "lacks_number": True}
    yield "look it over", "check", checked


def _kept(locale: str) -> Iterator[Sample]:
    left_out = frozenset(("large", "many", "broken", "no_room"))
    its: Facts = {
        **_no("is_saved", "lacks_number", "is_in_danger", "is_cut", "has_no_room"),
        **_blank("word", "sooner", "worded", "read_from"),
        **dict.fromkeys(("had_files", "has_files"), True),
        **dict.fromkeys(("proof", "shown"), "x"),
        **dict.fromkeys(("dials", "files_left_out"), ()),
        "digits": DIGITS.split(),
        "words": WORDS.split(),
        "code": DIGITS,
        "numbers": Numbers(Sent()),
        "puzzle": Puzzle(7, 8, "", 0.0),
    }
    yield "code", "code", its
    trouble = {"lacks_number": True, "files_left_out": left_out, "is_cut": True, "sooner": "again"}
    yield "code, in danger", "code", {**its, **trouble, **_danger(locale), "is_in_danger": True}
    found = Numbers(Sent(TYPED), _near(locale))
    yield "code, numbers to call", "code", {**its, "numbers": found, "sooner": "offered"}
    nothing = Numbers(Sent(), ())
    yield "code, nobody to call", "code", {**its, "numbers": nothing, "sooner": "done"}
    yield "code, busy", "code", {**its, "numbers": None, "sooner": "busy"}
    for worded in ("set", "late", "later", "empty"):
        yield f"code, word {worded}", "code", {**its, "worded": worded}
    for word in ("", "lantern"):
        yield "saved", "code", {**its, "is_saved": True, "word": word}


def _returning() -> Iterator[Sample]:
    its: Facts = {"typed": "", "fault": None, "sent": Sent(), "slip": "", "carried": {}}
    yield "code asked", "again_code", its
    for name in FAULTS:
        asked = {**its, "typed": DIGITS, "fault": Fault(name, 4), "sent": Sent({"more": (STORY,)})}
        yield f"code asked, {name}", "again_code", asked
    for problem in ("", "busy", "word"):
        yield f"draft, {problem or 'asked'}", "draft_word", {"code": DIGITS, "problem": problem}


def _conversation(locale: str) -> Facts:
    day = day_in(ANSWERED, locale)
    ours = {"is_ours": True, "is_new": True, "by": "Noor", "day": day, "paragraphs": [STORY]}
    return {
        **_no("has_new", "is_whole", "is_kept", "is_cut", "had_files", "is_new_word", "is_later"),
        **_no("has_come", "is_unread", "is_saved"),
        **_blank("problem", "read_from", "more", "slip", "done", "copy_day", "not_to_day"),
        **dict.fromkeys(("files_left_out", "grants", "disclosures"), ()),
        **dict.fromkeys(("question", "numbers", "erasure"), None),
        "said": [{**ours, "is_ours": False, "is_new": False}, ours],
        "code": DIGITS,
        "word": "lantern",
        "keyword": "ERASE",
        "form": Sent(),
        "minutes": 20,
    }


def _no(*names: str) -> Facts:
    return dict.fromkeys(names, False)


def _blank(*names: str) -> Facts:
    return dict.fromkeys(names, "")


def _near(locale: str) -> tuple[Near, ...]:
    hours = f"{day_in(LATER, locale)} 09:00-17:00"
    return Near(PLACE, "+15005550190", hours), Near("", "+15005550191", "24/7")


def _grants(locale: str) -> tuple[Grant, ...]:
    until, told = day_in(LATER, locale, with_year=True), day_in(ANSWERED, locale)
    return (
        Grant("1", "lead", "Unit 7", ("country", "selectors"), "yes", until, told, told, (), True),
        Grant("2", "lead", "", ("*",), "ended", until, "", "", (), False),
        Grant("3", "handoff", PLACE, FIELDS, "yes", until, "", "", FIELDS[:3], False),
        Grant("4", "handoff", "", ("*",), "back", until, told, "", (), False),
    )


def _disclosures(locale: str) -> tuple[Disclosed, ...]:
    day = day_in(ANSWERED, locale)
    return (
        Disclosed("emergency", "police", ("place", "number"), day),
        Disclosed("emergency", "ambulance", (), day),
        Disclosed("emergency", "fire", (), day),
        Disclosed("law", "child_protection", ("account",), day),
        Disclosed("decided", "", ("need",), day, stands=True),
    )


def _erasures(locale: str) -> Iterator[tuple[str, Facts]]:
    ahead = {"is_held": False, "day": day_in(ANSWERED, locale), "last": day_in(LATER, locale)}
    yield "erased on a day", ahead
    yield "erased soon", {"is_held": False, "day": "", "last": ""}
    yield "erased when we may", {"is_held": True, "day": "", "last": ""}


def _others() -> Iterator[Sample]:
    note = "hotline.example/log\n4815\nqY0m5Cd2W9b1Jf7u3n8Xk6s4t2v0w9y7z5A3B1C2D3E=\n"
    for checkpoint in ("", note):
        key = f"hotline.example+{'f' * 8}+AZ7qBx0mA8y9x0Jk3p"
        yield "log", "log", {"checkpoint": checkpoint, "key": key, "minutes": 5}
    for what in ("missing", "large", "fault"):
        yield f"error, {what}", "bare", {"what": what}
