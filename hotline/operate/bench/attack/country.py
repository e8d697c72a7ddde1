"""A made-up country: who lives there, what they speak, and where they work."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from hotline.leads.drafts import Disclosure
from hotline.leads.ladders import band_of, is_within, region_of

COUNTRY, AREAS = "RO", ("RO-CJ", "RO-AB", "RO-TM")
_LANGUAGES = {
    "ro": 50, "hu": 14, "uk": 10, "ne": 8, "vi": 6, "bn": 4, "ar": 3, "tl": 2, "ti": 1, "am": 1, "lo": 1,
}  # fmt: skip
_HOMES = {
    "ro": "RO", "hu": "HU", "uk": "UA", "ne": "NP", "vi": "VN", "bn": "BD", "ar": "SY", "tl": "PH", "ti": "ER", "am": "ET",
    "lo": "LA",
}  # fmt: skip
_GENDERS = {"Feminine": 60, "Masculine": 38, "NonConforming": 2}


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the country's people, as those know who look for the one that told."""

    number: int
    languages: tuple[str, ...]
    nationality: str
    age: int
    gender: str
    area: str
    town: str
    venue: str

    def is_told(self, told: Disclosure) -> bool:
        """Tell whether a lead could be of this one, by all that its fields say of a person and of the place."""
        theirs = {
            "person_language": self.languages,
            "nationality": (region_of(self.nationality),),
            "age_band": (band_of(self.age),),
            "gender": (self.gender,),
            "minor": ("yes" if self.age < 18 else "no",),
            "area": (self.area,),
            "town": (self.town,),
            "venue": (self.venue,),
        }
        said = {name: getattr(told, name) for name in theirs}
        return all(
            any(is_within(one, value) for one in theirs[name])
            for name, value in said.items()
            if value not in ("", "unknown")
        )


def people_of(rng: random.Random, *, venues: int) -> list[Somebody]:
    """Return the people of a country: venues of one to forty, many of which take workers of one origin."""
    numbers, people = count(), []
    for venue in range(venues):
        area = rng.choice(AREAS)
        origin = _one_of(rng, _LANGUAGES)
        for _ in range(rng.choice((1, 2, 3, 4, rng.randint(5, 12), rng.randint(13, 40)))):
            language = origin if rng.random() < 0.6 else _one_of(rng, _LANGUAGES)
            second = (_one_of(rng, _LANGUAGES),) if rng.random() < 0.2 else ()
            people.append(
                Somebody(
                    number=next(numbers),
                    languages=tuple(dict.fromkeys((language, *second))),
                    nationality=_HOMES[language],
                    age=min(70, max(12, round(rng.gauss(26, 8)))),
                    gender=_one_of(rng, _GENDERS),
                    area=area,
                    town=f"{area} town {venue % 7}",
                    venue=f"venue {venue}",
                )
            )
    return people


def _one_of(rng: random.Random, shares: Mapping[str, int]) -> str:
    return rng.choices(tuple(shares), tuple(shares.values()))[0]
