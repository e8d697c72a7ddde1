"""What a jurisdiction file says. None of its duties counts before local counsel stands in it by name and day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

AT_ONCE = 0
ADULT = 18
"""From which age a person decides alone, where no file in force says otherwise (Convention on the Rights of the Child, 1)."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands: the *statute* as lawyers cite it, its official address, and the day somebody last looked."""

    statute: str
    address: str
    checked: date


@dataclass(frozen=True, slots=True)
class Counsel:
    """Who of the local bar read the file and answers for it, and on which day; both are empty at first."""

    name: str = ""
    day: date | None = None

    def has_read(self, on: date) -> bool:
        """Tell whether the file is in force *on* that day: a day in the future is nobody's word yet."""
        return bool(self.name) and self.day is not None and self.day <= on


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty to tell: who must tell whom of a child *under* which age, what, and within how many hours (0: at once).

    *to* is the kind of office, as `consent.disclosures` names it; *to_whom* the office itself.
    """

    id: str
    under: int
    who: str
    what: str
    within: int
    to: str
    to_whom: str
    how: str
    penalty: str
    source: Source


@dataclass(frozen=True, slots=True)
class ConsentAge:
    """From which age a person agrees *alone*; younger than that, who agrees with them."""

    alone: int
    others: str
    source: Source


@dataclass(frozen=True, slots=True)
class Feedback:
    """Within how many days a report is acknowledged, and within how many months it is answered; 0 means no clock."""

    acknowledge_days: int = 7
    answer_months: int = 3


DEFAULT_FEEDBACK = Feedback()
"""Of Directive (EU) 2019/1937, article 9(1)(b) and (f), which houses keep that it does not bind."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """One file. *code* is the country's, such as ``IE``; *reader* says whom the file is for.

    *desks* are clocks that a desk keeps otherwise than the house; *emergency_numbers* are empty where those that
    everybody knows are right.
    """

    code: str
    name: str
    reader: str
    counsel: Counsel = Counsel()
    duties: tuple[Duty, ...] = ()
    consent_age: ConsentAge | None = None
    feedback: Feedback = DEFAULT_FEEDBACK
    feedback_source: Source | None = None
    desks: Mapping[str, Feedback] = field(default_factory=dict)
    emergency_numbers: tuple[str, ...] = ()

    def duties_on(self, on: date) -> tuple[Duty, ...]:
        """Return the duties that are in force *on* that day."""
        return self.duties if self.counsel.has_read(on) else ()

    def feedback_of(self, desk: str) -> Feedback:
        return self.desks.get(desk, self.feedback)

    def duty(self, duty_id: str) -> Duty | None:
        """Return a duty by its id, in force or not; None where the file no longer has it."""
        return next((duty for duty in self.duties if duty.id == duty_id), None)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source that the file names."""
        found = [duty.source for duty in self.duties]
        if self.consent_age:
            found.append(self.consent_age.source)
        if self.feedback_source:
            found.append(self.feedback_source)
        return tuple(dict.fromkeys(found))
