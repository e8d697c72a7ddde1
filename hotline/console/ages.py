"""From which age somebody may agree alone, as the law of the report's country says it: for whoever decides for a child."""

from dataclasses import dataclass

from flask import g

from hotline.parts import here


@dataclass(frozen=True, slots=True)
class Ages:
    """What counts now (*alone*), and what the file of the jurisdiction says, in force or not.

    *name* is empty where there is no file. *counsel* and *read_day* are empty while no lawyer has read it.
    """

    alone: int
    name: str = ""
    says: int = 0
    others: str = ""
    statute: str = ""
    counsel: str = ""
    read_day: str = ""

    @property
    def is_in_force(self) -> bool:
        return bool(self.read_day)


def ages_of(country: str) -> Ages:
    law, on = here().law, g.at.date()
    alone, its = law.consent_age(country, on), law.of_country(country)
    if its is None or its.consent_age is None:
        return Ages(alone, its.name if its else "")
    said, reader = its.consent_age, its.counsel
    is_read = reader.has_read(on)
    return Ages(
        alone,
        its.name,
        said.alone,
        said.others,
        said.source.statute,
        reader.name if is_read else "",
        reader.day.isoformat() if is_read and reader.day else "",
    )
