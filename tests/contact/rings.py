"""People on call at Noor's desk, and the phones that ring for a caller."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from hotline.contact import dialing, legs, ringing
from hotline.contact.tables import ring_calls, rings
from hotline.domain.urgency import Urgency
from hotline.jobs import Priority, claim, done, failed
from hotline.triage.on_call import go_on_call
from tests.contact.conftest import LINE, Desk, signs_in

PHONES = {"noor": "+15005550021", "omar": "+15005550022", "ines": "+15005550023"}


@dataclass
class Rings:
    """What happens at the desk while a caller waits."""

    desk: Desk
    troubles: list[tuple[str, str]] = field(default_factory=list)

    @property
    def clock(self):
        return self.desk.house.clock

    @property
    def calls(self):
        return self.desk.carrier.calls

    def on_call(self, *names: str, languages=(), hours: float = 2, locale: str = "en") -> None:
        for name in names:
            keyholder = self.signs_in(name)
            at = self.clock()
            self.desk.store.write(
                lambda session, who=keyholder, name=name, at=at: go_on_call(
                    session,
                    who,
                    self.desk.hotline.relay_public,
                    number=PHONES[name],
                    until=at + timedelta(hours=hours),
                    locale=locale,
                    languages=languages,
                    at=at,
                )
            )

    def signs_in(self, name: str):
        """Let someone sign in with a code that was not used yet."""
        self.clock.passes(seconds=30)
        return signs_in(self.desk.house, name)

    def asks(
        self, *, locale: str = "es", only: str = "", urgency=Urgency.HIGH, is_known: bool = False
    ) -> str:
        """Let a caller want a person."""
        at = self.clock()
        return self.desk.store.write(
            lambda session: ringing.ask_person(
                session,
                self.desk.hotline.relay_public,
                desk="main",
                report_id=self.desk.report_id,
                urgency=urgency,
                locale=locale,
                line=LINE,
                at=at,
                only=only,
                is_known=is_known,
            )
        )

    def works(self) -> None:
        """Do what is due of ringing, as the worker does."""
        hotline, at = self.desk.hotline, self.clock()
        for job in self.desk.store.write(lambda session: claim(session, Priority.PEOPLE, at=at)):
            try:
                self._do(hotline, job)
            except Exception:
                self.desk.store.write(lambda session, job=job: failed(session, job, at=at))
                continue
            self.desk.store.write(lambda session, job=job: done(session, job))

    def _do(self, hotline, job) -> None:
        if job.name == "ring_people":
            dialing.ring_people(
                hotline.store,
                self.desk.carrier,
                hotline.relay,
                job.ref,
                roster=hotline.keyring.member,
                at=self.clock,
                tell=lambda _session, trouble, code: self.troubles.append((trouble, code)),
            )
        if job.name == "end_ring":
            dialing.end_ring(
                hotline.store, self.desk.carrier, hotline.relay, job.ref, at=self.clock()
            )

    def rung(self) -> list[str]:
        """Return whose phones were rung, in that order."""
        names = {number: name for name, number in PHONES.items()}
        return [names[call.to] for call in self.calls]

    def leg(self, place: int = -1) -> str:
        """Return the id of a call to somebody on call: the last one, or that of *place*."""
        return self.calls[place].path.rpartition("/")[2]

    def legs(self):
        return self.desk.rows(select(ring_calls))

    def row(self, ref: str):
        found = self.desk.rows(select(rings).where(rings.c.id == ref))
        return found[0] if found else None

    def state(self, ref: str) -> str:
        with self.desk.store.read() as session:
            return str(ringing.state(session, ref, at=self.clock()))

    def hears(self, leg: str, answered_by: str = "human"):
        at, relay = self.clock(), self.desk.hotline.relay
        return self.desk.store.write(
            lambda session: legs.hear(session, relay, leg, answered_by=answered_by, at=at)
        )

    def takes(self, leg: str):
        at, relay = self.clock(), self.desk.hotline.relay
        return self.desk.store.write(lambda session: legs.take(session, relay, leg, at=at))

    def declines(self, leg: str) -> None:
        at = self.clock()
        self.desk.store.write(lambda session: legs.decline(session, leg, at=at))

    def ends(self, leg: str, status: str) -> None:
        at = self.clock()
        self.desk.store.write(lambda session: legs.note_call(session, leg, status=status, at=at))

    def hangs_up(self, ref: str) -> None:
        """Let the caller hang up."""
        at = self.clock()
        self.desk.store.write(lambda session: ringing.stop(session, ref, at=at))
