"""In which language a person writes, who at the desk reads it, and what can be said in it without an interpreter."""

from collections.abc import Collection
from dataclasses import dataclass, field

from hotline.console.speech import locale
from hotline.domain.staff import RIGHTS, Right
from hotline.messages import APPROVED, is_approved, phrase, phrases
from hotline.parts import here
from hotline.store import Session
from hotline.triage import ReportFacts
from hotline.triage.languages import readers

_UNKNOWN = ("und", "")
_OTHER_NAMES = {"tl": "fil", "no": "nb", "iw": "he", "in": "id"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """An approved phrase as the caseworker reads it, and as the person will."""

    name: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """The *language* of a report; *answered* is the locale of our answers to it.

    *readers* are the staff ids of those here who said that they read it. *phrases* stand in groups, by name of the group;
    *approved* are their texts.
    """

    language: str
    answered: str
    readers: tuple[str, ...]
    is_mine: bool
    phrases: tuple[tuple[str, tuple[Phrase, ...]], ...]
    approved: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def is_read(self) -> bool:
        """Tell whether somebody here reads what they write: whoever looks at this page in that language does."""
        return bool(self.readers or self.is_mine)

    def is_approved(self, text: str) -> bool:
        """Tell whether *text* is made of approved phrases alone, and needs no interpreter."""
        return is_approved(text, self.approved)


def tongue_of(session: Session, facts: ReportFacts) -> Tongue:
    """Return in which language the person behind a report writes, and what the desk makes of it."""
    language = facts.locale if facts.language in _UNKNOWN else facts.language
    speaks = locale()
    groups = [(group, _group(names, speaks, facts.locale)) for group, names in APPROVED.items()]
    offered = tuple((group, found) for group, found in groups if found)
    return Tongue(
        language,
        facts.locale,
        _readers(session, facts.desk, language),
        same_language(speaks, language),
        offered,
        frozenset(one.theirs for _, found in offered for one in found),
    )


def with_phrase(words: str, name: str, answered: str) -> str:
    """Return *words* with the approved phrase *name* behind them; as they are where it cannot be said in *answered*."""
    said = phrases(here().languages, answered).get(name, "")
    return " ".join(filter(None, (words.strip(), said)))


def same_language(one: str, other: str) -> bool:
    """Tell whether two codes mean one language, whatever the script or the region."""
    return _base(one) == _base(other)


def _group(names: Collection[str], speaks: str, answered: str) -> tuple[Phrase, ...]:
    languages = here().languages
    theirs = {name: phrase(languages, name, answered) for name in names}
    source = {name: phrase(languages, name, "en") for name in names}
    return tuple(
        Phrase(name, phrase(languages, name, speaks) or source[name], said)
        for name, said in theirs.items()
        if said
    )


def _readers(session: Session, desk: str, language: str) -> tuple[str, ...]:
    """Return who of *desk* reads *language*, of those who read reports at all."""
    said = readers(session, desk).items()
    ids = {staff_id for code, them in said if same_language(code, language) for staff_id in them}
    members = [member for member in here().keyring.members if member.id in ids]
    found = [m for m in members if m.desk == desk and Right.READ in RIGHTS[m.role]]
    return tuple(m.id for m in sorted(found, key=lambda m: m.name.casefold()))


def _base(code: str) -> str:
    language = code.replace("_", "-").split("-")[0].lower()
    return _OTHER_NAMES.get(language, language)
