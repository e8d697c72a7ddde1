"""The caseworker in the storm: finds whose report it is by opening it, answers, and remembers what was decided."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select, update

from hotline import contact
from hotline.contact.fate import State
from hotline.contact.tables import conversations, sends
from hotline.domain.report import Direction
from hotline.errors import HotlineError
from hotline.operate.bench.chaos.house import House
from hotline.operate.bench.chaos.people import STRANGER, WORD, Person
from hotline.operate.bench.chaos.provider import Provider
from hotline.reports.tables import messages, reports
from hotline.store import new_id

_MOST = 2


@dataclass(frozen=True)
class Decision:
    """An answer that was decided on: *token* stands in it and nowhere else. It needs *their_word* on the phone
    after the *shut*-th thing there, or else that it is safe.
    """

    person: Person
    report_id: str
    seq: int
    token: str
    shut: int
    their_word: str


@dataclass
class Desk:
    """Ines at her desk, with the reports that she knows, by phone; *refused* counts answers that could not be."""

    house: House
    provider: Provider
    decisions: list[Decision] = field(default_factory=list)
    refused: int = 0
    _known: set[str] = field(default_factory=set)
    _of: dict[str, str] = field(default_factory=dict)

    def looks_around(self) -> None:
        """Open the reports that are new, so that it is known whose they are."""
        store = self.house.hotline.store
        with store.read() as session:
            fresh = set(session.execute(select(reports.c.id)).scalars()) - self._known
            for report_id in fresh:
                sender = self.house.ines.open_identity(session, report_id, 1).sender
                self._of[sender] = report_id
        self._known |= fresh

    def settled(self) -> int:
        """Return of how many answers the end is known by now."""
        with self.house.hotline.store.read() as session:
            known = messages.c.state.in_([State.DELIVERED, State.FAILED, State.CLOSED, State.SENT])
            return int(session.execute(select(func.count()).where(known)).scalar_one())

    def unsent(self) -> int:
        """Return how many texts might go out now, and did not yet."""
        with self.house.hotline.store.read() as session:
            might = sends.c.sealed.is_not(None) & sends.c.held.is_(False)
            return int(session.execute(select(func.count()).where(might)).scalar_one())

    def report_of(self, person: Person) -> str:
        """Return the report that *person* is known to have made; empty before it was looked at."""
        return self._of.get(person.phone, "")

    def waits_for(self, person: Person) -> bool:
        """Tell whether an answer waits for *person* to say that it is safe."""
        its = (sends.c.report_id == self.report_of(person), sends.c.held)
        with self.house.hotline.store.read() as session:
            return session.execute(select(sends.c.id).where(*its).limit(1)).first() is not None

    def answers(self, person: Person) -> None:
        """Write to *person*, if they want that and their report is here."""
        report_id = self._of.get(person.phone)
        if not person.wants or report_id is None:
            return
        if person.is_away and not person.shut and self._has_everything(person):
            self._lets_time_pass(person, report_id)
        try:
            for _ in range(1 + (person.chance.random() < 0.3)):
                self._writes(person, report_id)
        except HotlineError:
            self.refused += 1
            person.answers += 1
        person.wants = person.answers < 1

    def _writes(self, person: Person, report_id: str) -> None:
        house, token = self.house, new_id()[:16]
        seq = contact.reply(
            house.hotline.store,
            house.ines,
            house.hotline.keyring,
            house.hotline.relay_public,
            languages=house.hotline.languages,
            house_public=house.house_public,
            report_id=report_id,
            text=f"We can meet you on Sunday. {token}",
            at=house.clock(),
            minds_hours=True,
        )
        word = person.word if person.agreed else ""
        self.decisions.append(Decision(person, report_id, seq, token, person.shut, word))
        person.answers += 1

    def _has_everything(self, person: Person) -> bool:
        """Tell whether all that *person* said is here: what is still under way would be news of a time that passed."""
        mine = messages.c.direction == Direction.FROM_REPORTER
        its = mine & (messages.c.report_id == self._of[person.phone])
        with self.house.hotline.store.read() as session:
            kept = session.execute(select(func.count()).where(its)).scalar_one()
        return bool(kept == len(person.said))

    def _lets_time_pass(self, person: Person, report_id: str) -> None:
        """Do as if half an hour went by: nobody is taken to be there any more."""
        store = self.house.hotline.store
        with store.read() as session:
            _, ways = self.house.ines.open_contact(session, report_id)
        if person.kind in (WORD, STRANGER):
            person.agreed = bool(person.word) and ways.get("word") == person.word
            if not person.agreed:
                return
        before = self.house.clock() - timedelta(minutes=1)
        was_open = (conversations.c.report_id == report_id) & conversations.c.open_until.is_not(
            None
        )
        person.shut = len(self.provider.shows(person.phone, person.line))
        store.write(
            lambda session: session.execute(
                update(conversations).where(was_open).values(open_until=before)
            )
        )
