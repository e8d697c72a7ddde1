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
    """The *language* of a report; *spoken* is the locale of the approved phrases for it.

    That is their own language where there are phrases in it, and else the language of our answers. *readers* are the staff ids of those here who said that they read it. *phrases* stand in groups, by name of the group;
    *approved* are their texts.
    """

    language: str
    spoken: str
    readers: tuple[str, ...]
    is_mine: bool
    phrases: tuple[tuple[str, tuple[Phrase, ...]], ...]
    approved: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def is_read(self) -> bool:
        """Tell whether somebody here reads what they write: whoever looks at this page in that language does."""
        return bool(self.readers or self.is_mine)

    @property
    def is_theirs(self) -> bool:
        """Tell whether the phrases are in the language that they write."""
        return bool(self.phrases) and same_language(self.spoken, self.language)

    def is_approved(self, text: str) -> bool:
        """Tell whether *text* is made of approved phrases alone, and needs no interpreter."""
        return is_approved(text, self.approved)


def tongue_of(session: Session, facts: ReportFacts) -> Tongue:
    """Return in which language the person behind a report writes, and what the desk makes of it."""
    speaks, spoken = locale(), phrases_in(facts)
    groups = [(group, _group(names, speaks, spoken)) for group, names in APPROVED.items()]
    offered = tuple((group, found) for group, found in groups if found)
    language = _language(facts)
    return Tongue(
        language,
        spoken,
        _readers(session, facts.desk, language),
        same_language(speaks, language),
        offered,
        frozenset(one.theirs for _, found in offered for one in found),
    )


def phrases_in(facts: ReportFacts) -> str:
    """Return the locale of the approved phrases for a report."""
    languages = here().languages
    theirs = languages.best([_language(facts)])
    return theirs if theirs and phrases(languages, theirs) else facts.locale


def with_phrase(words: str, name: str, spoken: str) -> str:
    """Return *words* with the approved phrase *name* behind them; as they are where it cannot be said in *spoken*."""
    said = phrases(here().languages, spoken).get(name, "")
    return " ".join(filter(None, (words.strip(), said)))


def same_language(one: str, other: str) -> bool:
    """Tell whether two codes mean one language, whatever the script or the region."""
    return _base(one) == _base(other)


def _group(names: Collection[str], speaks: str, spoken: str) -> tuple[Phrase, ...]:
    languages = here().languages
    theirs = {name: phrase(languages, name, spoken) for name in names}
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


def _language(facts: ReportFacts) -> str:
    return facts.locale if facts.language in _UNKNOWN else facts.language


def _base(code: str) -> str:
    language = code.replace("_", "-").split("-")[0].lower()
    return _OTHER_NAMES.get(language, language)
