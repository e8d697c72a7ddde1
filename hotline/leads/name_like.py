"""Words of a lead that may name somebody whom no identity keeps, such as an official: what we would mask in an account.

The anonymizer hides every word that it does not know to be ordinary, so it hides some that are. A caseworker looks at
them and says that none names a person. Pure.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hotline.anonymize import explain
from hotline.domain.identity import Label
from hotline.i18n import country_name
from hotline.leads.checking import PLACES
from hotline.leads.drafts import LeadDraft
from hotline.leads.likeness import plain
from hotline.leads.wording import Fact, Problem

_NAMES = {Label.PERSON, Label.PLACE, Label.VENUE}
_ASKED_FOR = frozenset({"alleged"})
"""What the page of a lead asks to be said, at the start of a sentence too."""


@dataclass(frozen=True, slots=True, repr=False)
class NameLike:
    """The words that may be names, each with where it stands."""

    found: tuple[tuple[str, Problem], ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for word, _ in self.found))

    def against(self, looked_at: Collection[str]) -> tuple[Problem, ...]:
        """Return what stands against the lead: the words of which nobody who *looked_at* others said that they name nobody."""
        return tuple(problem for word, problem in self.found if word not in looked_at)


def name_like(draft: LeadDraft, *, also: frozenset[str] = frozenset()) -> NameLike:
    """Return the words of *draft* that look like names, without those that a field of it tells as what it is.

    *also* are folded words that the house has found ordinary. Towns and venues are names of places: a word of theirs is
    found where it looks like a person's.
    """
    fields = [draft.town, draft.venue, *draft.handles, country_name(draft.country, draft.language)]
    told = {plain(word) for text in fields for word in text.split()}
    words = {"headline": draft.headline, "summary": draft.summary}
    each = [(name, draft.language, text, told) for name, text in words.items()]
    each += [
        (f"translations.{name}", name, text, told) for name, text in draft.translations.items()
    ]
    each += [(name, draft.language, getattr(draft, name), set()) for name in PLACES]
    also |= _ASKED_FOR
    return NameLike(tuple(found for one in each for found in _found(*one, also=also)))


def _found(
    name: str, language: str, text: str, told: set[str], *, also: frozenset[str]
) -> Iterator[tuple[str, Problem]]:
    labels = {Label.PERSON} if name in PLACES else _NAMES
    seen: set[str] = set()
    for one in explain(text, languages=(language,), also=also):
        word = text[one.start : one.end]
        if one.label in labels and not {plain(word), word} & (told | seen):
            seen.add(word)
            yield word, Problem(name, Fact.LOOKS_LIKE_NAME, one.start, one.end)
