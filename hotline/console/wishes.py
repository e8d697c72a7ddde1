"""What is asked for when services are matched: read from a form, sealed to the desk with the offer that came of it.

A wish says where somebody is and of whom they are afraid: it is sent, and never stands in an address or in the clear.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from werkzeug.datastructures import MultiDict

from hotline.domain.urgency import Need
from hotline.store import Session
from hotline.triage import ReportFacts
from hotline.vault.desk_words import keep_words, open_words_of
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from referral.candidate import OLDEST, Person

PERSONS: Mapping[str, Person] = MappingProxyType(
    {
        "anyone": Person(),
        "woman": Person(minor=False, gender="woman"),
        "man": Person(minor=False, gender="man"),
        "woman_with_children": Person(minor=False, gender="woman", with_children=True),
        "man_with_children": Person(minor=False, gender="man", with_children=True),
        "child": Person(minor=True),
        "girl": Person(minor=True, gender="woman"),
        "boy": Person(minor=True, gender="man"),
    }
)
AGES: Mapping[str, tuple[int, int] | None] = MappingProxyType(
    {
        "": None,
        "0-11": (0, 11),
        "12-15": (12, 15),
        "16-17": (16, 17),
        "18-25": (18, 25),
        "26-64": (26, 64),
        "65+": (65, OLDEST),
    }
)
"""Ages in the bands in which a provider may be told of them."""

WAITS: Mapping[str, timedelta | None] = MappingProxyType(
    {"any": None, "now": timedelta(), "today": timedelta(hours=12), "week": timedelta(days=7)}
)
WITHIN = (2, 5, 10, 25, 50, 100)
"""Kilometres that somebody may be ready to travel."""

AROUND = (1, 2, 5, 10, 25)
"""Kilometres to keep away from a place."""

MARKS = ("no_documents", "free", "step_free", "fetch", "no_faith", "our_interpreter")
MOST_AVOIDED = 5
_LONGEST = 255


@dataclass(frozen=True, slots=True, repr=False)
class Avoided:
    """A place of the directory where the person must not come; *around* are kilometres, 0 for the area itself."""

    place: str
    around: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Wishes:
    """What is asked for, in codes of the form; places and languages by their names and codes, distances in kilometres.

    *keep_away* counts from *where* they are, which nobody must see them near; 0 is no distance.
    """

    need: str
    where: str = ""
    within: int = 0
    keep_away: int = 0
    languages: tuple[str, ...] = ()
    whom: str = "anyone"
    age: str = ""
    wait: str = "any"
    marks: frozenset[str] = frozenset()
    avoided: tuple[Avoided, ...] = ()

    @property
    def person(self) -> Person:
        person, age = PERSONS[self.whom], AGES[self.age]
        return person if age is None else replace(person, age=age, minor=None)

    @property
    def two_languages(self) -> tuple[str, str]:
        """Return the language that is wanted most and the next; empty where there is none."""
        first, second = (*self.languages, "", "")[:2]
        return first, second

    @property
    def rows(self) -> tuple[Avoided, ...]:
        """Return what is kept away from, and a row for one place more."""
        return (*self.avoided, Avoided(""))[:MOST_AVOIDED]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the fields of the form that says this."""
        its = [(name, getattr(self, name)) for name in ("need", "where", "whom", "age", "wait")]
        its += [(name, str(getattr(self, name))) for name in ("within", "keep_away")]
        its += [("language", code) for code in self.languages]
        its += [(mark, "1") for mark in MARKS if mark in self.marks]
        for one in self.avoided:
            its += [("avoid", one.place), ("around", str(one.around))]
        return its


def suggested(facts: ReportFacts) -> Wishes:
    """Return what is asked for before anybody chose: what the report is known to need."""
    return Wishes(
        need=facts.needs[0] if facts.needs else Need.SHELTER,
        languages=() if facts.language in ("", "und") else (facts.language,),
        whom="child" if facts.minor else "anyone",
    )


def wishes_of(form: MultiDict[str, str]) -> Wishes:
    """Return what *form* asks for; what it does not say, or says in no known code, is not asked for."""
    codes = dict.fromkeys(code for code in form.getlist("language") if code not in ("", "und"))
    return Wishes(
        need=_one_of(Need, form.get("need", ""), Need.SHELTER),
        where=form.get("where", "")[:_LONGEST],
        within=_number(form.get("within", ""), WITHIN),
        keep_away=_number(form.get("keep_away", ""), AROUND),
        languages=tuple(code[:16] for code in codes)[:2],
        whom=_one_of(PERSONS, form.get("whom", ""), "anyone"),
        age=_one_of(AGES, form.get("age", ""), ""),
        wait=_one_of(WAITS, form.get("wait", ""), "any"),
        marks=frozenset(mark for mark in MARKS if mark in form),
        avoided=tuple(_avoided(form))[:MOST_AVOIDED],
    )


def keep_wishes(
    session: Session,
    keyring: Keyring,
    offer_id: str,
    wishes: Wishes,
    *,
    desk: str,
    report_id: str,
) -> None:
    """Seal to *desk* what an offer was matched by, under the random id of the offer."""
    text = json.dumps(wishes.pairs, ensure_ascii=False)
    keep_words(session, keyring, offer_id, text, desk=desk, report_id=report_id)


def wishes_by_offer(
    session: Session, keyholder: Keyholder, offer_ids: Iterable[str]
) -> dict[str, Wishes]:
    """Return what each offer was matched by; what is missing or does not open is left out."""
    opened = open_words_of(session, keyholder, list(offer_ids))
    return {key: wishes_of(MultiDict(json.loads(text))) for key, text in opened.items()}


def _avoided(form: MultiDict[str, str]) -> Iterator[Avoided]:
    """Yield each place once; its distance stands beside it in the form."""
    around = form.getlist("around")
    found: dict[str, int] = {}
    for row, place in enumerate(form.getlist("avoid")):
        if place:
            text = around[row] if row < len(around) else ""
            found[place[:_LONGEST]] = _number(text, AROUND)
    yield from (Avoided(place, kilometres) for place, kilometres in found.items())


def _number(text: str, known: Iterable[int]) -> int:
    return next((one for one in known if str(one) == text), 0)


def _one_of(known: Iterable[str], code: str, otherwise: str) -> str:
    return code if code in [str(one) for one in known] else otherwise
