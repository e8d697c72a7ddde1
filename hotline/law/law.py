"""The law as a house knows it: its own jurisdiction, and that of every country of which there is a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hotline.errors import Misconfigured
from hotline.law.emergency import Dial, dial, emergency_numbers
from hotline.law.jurisdiction import ADULT, DEFAULT_FEEDBACK, Duty, Feedback, Jurisdiction
from hotline.law.reading import read_file

SHIPPED = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Law:
    """Jurisdictions by their code. *house* is the code of the house's own; empty where it has named none."""

    jurisdictions: Mapping[str, Jurisdiction] = field(default_factory=dict)
    house: str = ""

    @classmethod
    def load(cls, folder: Path | None = None, house: str = "") -> "Law":
        """Read the shipped examples, and over them the files of the operators' *folder*, by their codes.

        Raises:
            Misconfigured: a file is malformed, two have one code, or there is none for *house*.
        """
        found = _read_folder(SHIPPED) | (_read_folder(folder) if folder else {})
        if house and house not in found:
            raise Misconfigured(f"JURISDICTION: there is no file for {house}")
        return cls(found, house)

    def jurisdiction(self, code: str) -> Jurisdiction | None:
        return self.jurisdictions.get(code)

    def of_country(self, country: str) -> Jurisdiction | None:
        """Return the jurisdiction of a report's country, or else the house's own; None where there is no file."""
        return self.jurisdictions.get(country) or self.jurisdictions.get(self.house)

    def duties(self, country: str, on: date) -> Iterator[tuple[Jurisdiction, Duty]]:
        """Yield the duties in force for a report of *country*: those of the house, then those of that country."""
        for code in dict.fromkeys((self.house, country)):
            its = self.jurisdictions.get(code)
            for duty in its.duties_on(on) if its else ():
                yield its, duty  # type: ignore[misc]

    def must_tell_of_children(self, on: date) -> bool:
        """Tell whether any duty is in force: then a person hears "must" in place of "may" before they are asked.

        It depends on the files alone. Where only another country's is in force, the stronger word is still the true one,
        because a report may come from there.
        """
        return any(its.duties_on(on) for its in self.jurisdictions.values())

    def consent_age(self, country: str, on: date) -> int:
        """Return from which age somebody agrees alone; 18, unless a file in force says otherwise."""
        its = self.of_country(country)
        if its is None or its.consent_age is None or not its.counsel.has_read(on):
            return ADULT
        return its.consent_age.alone

    def feedback(self, desk: str) -> Feedback:
        """Return the clocks for a desk of this house."""
        its = self.jurisdictions.get(self.house)
        return its.feedback_of(desk) if its else DEFAULT_FEEDBACK

    def emergency_numbers(self, country: str) -> tuple[str, ...]:
        """Return whom to dial in *country*, as its file says or else as everybody knows."""
        its = self.jurisdictions.get(country)
        return (its.emergency_numbers if its else ()) or emergency_numbers(country)

    def dial(self, country: str) -> Dial | None:
        """Return whom somebody may dial in *country*, as its file says or else as we are sure of; None where unknown."""
        its = self.jurisdictions.get(country)
        if its and its.emergency_numbers:
            return Dial(country, its.emergency_numbers)
        return dial(country)


NO_LAW = Law()


def _read_folder(folder: Path) -> dict[str, Jurisdiction]:
    found: dict[str, Jurisdiction] = {}
    for path in sorted(folder.glob("*.toml")):
        one = read_file(path)
        if one.code in found:
            raise Misconfigured(f"{path.name}: code: another file is for {one.code} too")
        found[one.code] = one
    return found
