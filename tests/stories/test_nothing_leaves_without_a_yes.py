"""María says yes and takes it back, names whom it must not reach, asks for erasure; somebody may hold her phone; Noor
lets leads out and hands over, in any order. Nothing leaves, and nothing stands, that was not allowed at that instant."""

import shutil
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import insert, select, update

from hotline import consent, handoff
from hotline.consent import ConsentRefused, GivenHow, Purpose, Words
from hotline.errors import Conflict
from hotline.handoff.tables import handoffs
from hotline.leads import agencies, publish, waiting
from hotline.leads.disclose import LeadRefused
from hotline.leads.tables import lead_releases, lead_sources, leads
from hotline.reports.tables import reports
from hotline.retention.asking import REPORTER
from hotline.store import Store
from hotline.triage import excluding, taking_back
from hotline.triage.ending import ask_erasure, cancel_erasure
from hotline.triage.reviews import is_reviewed
from tests.consent.conftest import NOW, report_row
from tests.consent.keys import keyring
from tests.leads.desk import NOOR, draft
from tests.sharing import every_table

LEAD = ("country", "month", "people", "exploitation", "indicators", "control", "sector", "summary")
PACKET = ("need", "language", "name")
HARBOR = "harbor-house"
LESS = {"people": None, "indicators": (), "sector": ""}

days = st.integers(0, 70)
some = st.sets(st.sampled_from(LEAD), min_size=1).map(sorted)


class House(RuleBasedStateMachine):
    """A house and, beside it, what must hold of it: written anew here, and simpler."""

    @initialize(bystander=st.booleans())
    def begin(self, bystander: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        file = shutil.copy(every_table(), Path(self.folder.name) / "hotline.db")
        self.store = Store(f"sqlite:///{file}")
        self.at: datetime = NOW
        row = report_row(bystander=bystander)
        self.report: str = row["id"]
        self.bystander, self.asked, self.doubted, self.erasing = bystander, False, False, False
        self.yes: list[dict[str, Any]] = []
        self.never_tell: set[str] = set()
        self.unread: list[str] = []
        self.waiting: dict[str, tuple[list[str], list[str]]] = {}

        def work(session: Any) -> None:
            session.execute(insert(reports), row)
            for name in ("Unit", "Police"):
                agencies.admit(session, name, ["RO"], at=self.at)

        self.store.write(work)
        with self.store.read() as session:
            self.agencies = [one.id for one in agencies.everyone(session)]
        service = {"id": "1" * 32, "report_id": self.report, "number": 1, "service_id": "s"}
        service |= {"service_name": "Harbor", "organization_id": HARBOR, "need": "shelter"}
        service |= {"status": "offered", "fields": [], "offered_by": NOOR, "day": "2026-11-25"}
        self.store.write(lambda session: session.execute(insert(handoffs), service))

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()

    @rule(to=st.sampled_from(["unit", "police", "all"]), fields=some, until=days)
    def says_yes(self, to: str, fields: list[str], until: int) -> None:
        self._says_yes(Purpose.LEAD, self._whom(to), fields, until)

    @rule(fields=st.sets(st.sampled_from(PACKET), min_size=1).map(sorted), until=days)
    def says_yes_to_help(self, fields: list[str], until: int) -> None:
        self._says_yes(Purpose.HANDOFF, HARBOR, fields, until)

    @rule(which=st.integers(0, 9), by=st.sampled_from([REPORTER, NOOR]))
    def takes_back(self, which: int, by: str) -> None:
        if not self.yes:
            return
        given = self.yes[which % len(self.yes)]
        self.store.write(
            lambda session: taking_back.take_back(
                session, self.report, given["id"], by=by, at=self.at
            )
        )
        given["back" if self.doubted and by == REPORTER else "revoked"] = True

    @rule(which=st.sampled_from(["unit", "police", HARBOR]))
    def excludes(self, which: str) -> None:
        ref = which if which == HARBOR else self._whom(which)
        kind = "organization" if which == HARBOR else "agency"
        self._excludes(kind=kind, ref=ref)
        self.never_tell.add(ref)

    @rule()
    def excludes_in_words(self) -> None:
        if len(self.unread) < 3:
            self.unread.append(self._excludes(kind="words", words="nobody in my town"))

    @rule(means=st.sampled_from(["unit", "police", "nobody"]))
    def reads_the_words(self, means: str) -> None:
        if not self.unread:
            return
        its_id = self.unread.pop()
        meant = [] if means == "nobody" else [("agency", self._whom(means))]
        terms: dict[str, Any] = {"report_id": self.report, "means": meant, "by": NOOR}
        self.store.write(lambda session: excluding.read_words(session, its_id, at=self.at, **terms))
        self.never_tell |= {ref for _, ref in meant}

    @rule(is_doubted=st.booleans())
    def doubts(self, is_doubted: bool) -> None:
        def work(session: Any) -> None:
            its = update(reports).where(reports.c.id == self.report)
            session.execute(its.values(duress=is_doubted))
            if not is_doubted and consent.granting.thaw(session, self.report, at=self.at):
                taking_back.review(session, self.report, by=REPORTER, at=self.at)

        self.store.write(work)
        self.doubted = is_doubted
        if not is_doubted:
            for given in self.yes:
                given["revoked"] = given["revoked"] or given["back"]

    @rule(wants=st.booleans())
    def asks_for_erasure(self, wants: bool) -> None:
        act = ask_erasure if wants else cancel_erasure
        self.store.write(lambda session: act(session, self.report, at=self.at))
        if wants and not self.erasing:
            for given in self.yes:
                given["back" if self.doubted else "revoked"] = True
        self.erasing = wants

    @rule(passed=st.integers(1, 25))
    def time_passes(self, passed: int) -> None:
        self.at += timedelta(days=passed)
        self.store.write(lambda session: excluding.sweep(session, at=self.at))

    @rule(to=st.sampled_from([None, "unit", "police"]), fewer=st.booleans())
    def lets_a_lead_out(self, to: str | None, fewer: bool) -> None:
        less = LESS if fewer else {}
        fields = [name for name in LEAD if name not in less]
        whom = self.agencies if to is None else [self._whom(to)]
        may = [one for one in whom if self._may(Purpose.LEAD, one, fields)]
        told = {"to": None if to is None else whom, "confirmed_by": NOOR, "by": NOOR}
        lead_id = ""
        with suppress(LeadRefused):
            lead_id = self.store.write(
                lambda session: publish.publish(
                    session, draft(**less), report_id=self.report, at=self.at, **told
                )
            )
        assert bool(lead_id) is bool(may)
        if lead_id:
            assert self._knows(lead_id) == set(may)

    @rule(to=st.sampled_from([None, "unit", "police"]), fewer=st.booleans())
    def lets_a_lead_wait(self, to: str | None, fewer: bool) -> None:
        less = LESS if fewer else {}
        fields = [name for name in LEAD if name not in less]
        whom = self.agencies if to is None else [self._whom(to)]
        told = {"to": None if to is None else whom, "confirmed_by": NOOR, "by": NOOR}
        lead_id = ""
        with suppress(LeadRefused):
            lead_id = self.store.write(
                lambda session: publish.publish(
                    session,
                    draft(**less),
                    report_id=self.report,
                    at=self.at,
                    wait=(6, 30),
                    **told,
                )
            )
        assert bool(lead_id) is any(self._may(Purpose.LEAD, one, fields) for one in whom)
        assert self._knows(lead_id) == set()
        self.waiting[lead_id] = (whom, fields)

    @rule()
    def what_waits_is_due(self) -> None:
        self.time_passes(2)
        with self.store.read() as session:
            waits = waiting.of_report(session, self.report)
        for one in waits:
            whom, fields = self.waiting[one.lead_id]
            may = {each for each in whom if self._may(Purpose.LEAD, each, fields)}
            self.store.write(
                lambda session, its=one: waiting.release(
                    session, its.id, k=5, is_reviewed=is_reviewed, at=self.at
                )
            )
            assert self._knows(one.lead_id) == may

    @rule(fewer=st.booleans())
    def revises_a_lead(self, fewer: bool) -> None:
        less = LESS if fewer else {}
        fields = [name for name in LEAD if name not in less]
        with self.store.read() as session:
            standing = select(leads.c.id).where(leads.c.recalled_day == "").limit(1)
            lead_id = session.execute(standing).scalar_one_or_none()
        if lead_id is None:
            return
        before = self._knows(lead_id)
        with suppress(LeadRefused):
            self.store.write(
                lambda session: publish.publish(
                    session,
                    draft(**less),
                    report_id=self.report,
                    at=self.at,
                    by=NOOR,
                    confirmed_by=NOOR,
                    replaces=lead_id,
                )
            )
            before = {one for one in self.agencies if self._may(Purpose.LEAD, one, fields)}
        assert self._knows(lead_id) <= before

    @rule(fields=st.sets(st.sampled_from(PACKET), min_size=1).map(sorted))
    def hands_over(self, fields: list[str]) -> None:
        is_open = self._handoff() in ("offered", "handed_over")
        may = is_open and self._may(Purpose.HANDOFF, HARBOR, fields)
        was_done = False
        with suppress(ConsentRefused, Conflict):
            self.store.write(
                lambda session: handoff.hand_over(session, "1" * 32, fields, by=NOOR, at=self.at)
            )
            was_done = True
        assert was_done is may

    @invariant()
    def nothing_stands_that_may_not(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.read() as session:
            standing = session.execute(
                select(lead_releases.c.agency_id, leads.c.told)
                .join(leads, leads.c.id == lead_releases.c.lead_id)
                .join(lead_sources, lead_sources.c.lead_id == leads.c.id)
                .where(lead_releases.c.recalled_day == "")
            ).all()
            offered = session.execute(select(handoffs)).one()
        for row in standing:
            told = [name for name in LEAD if row.told.get(name) not in ("", [], "unknown", None)]
            assert self._may_stand(Purpose.LEAD, row.agency_id, told)
        if offered.status == "handed_over":
            assert self._may_stand(Purpose.HANDOFF, HARBOR, offered.fields)
        if offered.status == "offered":
            assert HARBOR not in self.never_tell

    def _says_yes(self, purpose: Purpose, recipient: str, fields: list[str], until: int) -> None:
        last = (self.at + timedelta(days=until)).date()
        words = Words("ask", "ro", "May we?")
        grant_id = ""

        def work(session: Any) -> str:
            made = consent.record(
                session,
                keyring(),
                report_id=self.report,
                purpose=purpose,
                recipient=recipient,
                fields=fields,
                given_how=GivenHow.WEB,
                words=words,
                until=last,
                at=self.at,
            )
            taking_back.review(session, self.report, by=REPORTER, at=self.at)
            return made

        with suppress(ConsentRefused):
            grant_id = self.store.write(work)
        refused = self.doubted or self.erasing or recipient in self.never_tell
        assert bool(grant_id) is not refused
        if not grant_id:
            return
        self.asked = self.asked or purpose == Purpose.LEAD
        for given in self.yes:
            if (given["purpose"], given["to"]) == (purpose, recipient):
                given["replaced"] = True
        fresh = self.at + timedelta(days=30)
        self.yes.append(
            {"id": grant_id, "purpose": purpose, "to": recipient, "fields": set(fields)}
            | {"last": last, "fresh": fresh, "replaced": False, "revoked": False, "back": False}
        )

    def _excludes(self, **whom: str) -> str:
        return self.store.write(
            lambda session: excluding.exclude(session, keyring(), self.report, at=self.at, **whom)
        )

    def _whom(self, name: str) -> str:
        named = dict(zip(("unit", "police"), self.agencies, strict=True))
        return named.get(name, consent.INVESTIGATORS)

    def _may(self, purpose: Purpose, whom: str, fields: list[str]) -> bool:
        if self.doubted or self.unread:
            return False
        return self._may_stand(purpose, whom, fields, is_new=True)

    def _may_stand(
        self, purpose: Purpose, whom: str, fields: list[str], *, is_new: bool = False
    ) -> bool:
        if self.erasing or whom in self.never_tell:
            return False
        if self.bystander and not self.asked and purpose == Purpose.LEAD:
            return True
        is_in_group = purpose == Purpose.LEAD and not self._is_refused(whom)
        group = {whom, consent.INVESTIGATORS} if is_in_group else {whom}
        return any(
            given["purpose"] == purpose
            and given["to"] in group
            and set(fields) <= given["fields"]
            and self._stands(given)
            and (not is_new or self.at <= given["fresh"])
            for given in self.yes
        )

    def _stands(self, given: dict[str, Any]) -> bool:
        is_over = given["replaced"] or given["revoked"]
        return not is_over and given["last"] >= self.at.date()

    def _is_refused(self, whom: str) -> bool:
        """Tell whether a yes to *whom* alone was taken back, and none given since."""
        its = [given for given in self.yes if given["to"] == whom]
        return any(given["revoked"] for given in its) and not any(map(self._stands, its))

    def _knows(self, lead_id: str) -> set[str]:
        with self.store.read() as session:
            rows = lead_releases.c
            its = select(rows.agency_id).where(rows.lead_id == lead_id, rows.recalled_day == "")
            return set(session.scalars(its).all())

    def _handoff(self) -> str:
        with self.store.read() as session:
            return str(session.execute(select(handoffs.c.status)).scalar_one())


TestNothingLeaves = House.TestCase
TestNothingLeaves.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
