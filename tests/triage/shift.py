"""A desk with people on duty and pagers in their pockets, and a worker that does what is due."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from hotline import worker
from hotline.domain.report import Channel
from hotline.errors import Unavailable
from hotline.parts import Hotline
from hotline.reports import reports
from hotline.triage.alerts import open_alerts
from hotline.triage.languages import speak
from hotline.triage.pagers import Pager, Way
from hotline.triage.rota import put_on
from hotline.triage.tables import paged, pagers, pages
from hotline.vault.relay import seal_for_relay
from tests.cast import MARIA, Texter
from tests.house import House
from tests.triage.conftest import file_report

PHONES = {"noor": "+15005550021", "omar": "+15005550022", "ines": "+15005550023"}
MAIL = "ines@home.example"
ASKS = "Please look at the desk."
ALL_DAY = (0, 24 * 60)


@dataclass
class Crier:
    """Remembers what it was to bring; *refuses* everything where it is told so."""

    told: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: bool = False

    def tell(self, place: str, *, subject: str, text: str) -> None:
        if self.refuses:
            raise Unavailable
        self.told.append((place, subject, text))


@dataclass
class Shift:
    house: House
    hotline: Hotline
    crier: Crier

    @classmethod
    def of(cls, house: House, **settings: object) -> "Shift":
        # What is asked for at once is due by the clock of the machine: here it is later than that.
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        house.clock.at = tomorrow.replace(hour=12, minute=0, second=0, microsecond=0)
        crier = Crier()
        config = replace(house.hotline.config, **settings)
        house.hotline = replace(house.hotline, config=config, herald=crier)
        return cls(house, house.hotline, crier)

    def id(self, who: str) -> str:
        return self.house.staff[who].member_id

    def wears(self, who: str, place: str = "", locale: str = "en") -> None:
        """Let somebody be paged at *place*, or by text."""
        way = Way.MAIL if "@" in place else Way.SMS
        sealed = Pager(way, place or PHONES[who], locale).to_json()
        desk = self.hotline.keyring.member(self.id(who)).desk
        row = {"staff_id": self.id(who), "desk": desk, "way": way, "own": b""}
        row["sealed"] = seal_for_relay(self.hotline.relay_public, sealed)
        self.hotline.store.write(lambda session: session.execute(insert(pagers).values(row)))

    def works(self, who: str, hours: tuple[int, int] = ALL_DAY) -> None:
        """Put somebody on duty every day."""
        self.hotline.store.write(
            lambda session: put_on(
                session,
                self.id(who),
                desk="main",
                weekdays=range(7),
                hours=hours,
                by=self.id(who),
                at=self.house.clock(),
            )
        )

    def reads(self, who: str, *codes: str) -> None:
        self.hotline.store.write(lambda session: speak(session, self.id(who), "main", codes))

    def files(self, **facts: object) -> str:
        """Keep a report that came now; it is as intake leaves it."""
        facts = {"desk": "main", "waiting_since": self.house.clock(), **facts}
        return self.hotline.store.write(lambda session: file_report(session, **facts))

    def says(self, report: str, **values: object) -> None:
        """Let the row of a report be so."""
        its = update(reports).where(reports.c.id == report).values(**values)
        self.hotline.store.write(lambda session: session.execute(its))

    def texts(self, words: str, number: str = MARIA) -> str:
        """Let somebody text us; return the report's id."""
        Texter(self.house, number).texts(words)
        with self.hotline.store.read() as session:
            found = select(reports.c.id).order_by(reports.c.waiting_since.desc())
            return session.execute(found.limit(1)).scalar_one()

    def runs(self, **span: float) -> None:
        """Let time pass and the worker do what is due then."""
        self.house.clock.passes(**span)
        worker.WORK["escalate"](self.hotline, "")
        while worker.work_off(self.hotline):
            pass

    def told(self) -> list[str]:
        """Return whom the provider was to text a page, in order."""
        ours = {number: who for who, number in PHONES.items()}
        texted = [one for one in self.house.carrier.sent if one[1] in ours]
        assert {(one[0], one[2]) for one in texted} <= {(Channel.SMS, ASKS)}
        return [ours[one[1]] for one in texted]

    def state(self) -> list[str]:
        with self.hotline.store.read() as session:
            return list(session.execute(select(pages.c.state)).scalars())

    def of_report(self, report: str) -> list[str]:
        with self.hotline.store.read() as session:
            its = select(pages.c.state).where(pages.c.report_id == report)
            return list(session.execute(its).scalars())

    def steps(self) -> list[str]:
        with self.hotline.store.read() as session:
            return list(session.execute(select(paged.c.state).order_by(paged.c.at)).scalars())

    def alerts(self) -> list[tuple[str, str]]:
        with self.hotline.store.read() as session:
            return [(one.kind, one.report_id) for one in open_alerts(session, "main")]
