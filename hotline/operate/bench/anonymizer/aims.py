"""What redaction aims at, in shares: the most that may leak, the least that must stay readable."""

from dataclasses import dataclass

CONTACTS = ("PHONE", "EMAIL", "URL", "ID", "HANDLE")
# In an account also a vehicle points at somebody.
IDENTIFIERS = ("PERSON", *CONTACTS, "VEHICLE")
CIRCUMSTANCES = ("PLACE", "VENUE", "AGE", "DATE")

SPEED, SPEED_OF_RUNS = 2000, 500
MEMORY_MB, START_MS = 200, 300
HEARD, HEARD_ROMANIZED = 0.95, 0.70


@dataclass(frozen=True, slots=True)
class Aim:
    """Of a group of sets: spans of persons that leak or are wholly visible, places finer than a country, words kept."""

    person: float
    person_in_one_set: float
    kept: float
    visible: float = 1.0
    place: float = 1.0


CASED = Aim(person=0.005, person_in_one_set=0.015, kept=0.85, place=0.03)
LOWER = Aim(person=0.02, person_in_one_set=0.02, kept=0.80)
CASELESS = Aim(person=0.03, person_in_one_set=0.03, kept=0.65, visible=0.005, place=0.10)


@dataclass(frozen=True, slots=True)
class AccountAim:
    """Of a corpus of accounts."""

    identifiers: float = 0.005
    address: float = 0.02
    circumstances: float = 0.05
    kept: float = 0.85


ACCOUNTS = AccountAim()
