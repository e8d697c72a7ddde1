"""What must hold after the storm, found by opening what was kept, and by looking at every phone."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import func, select

from hotline.contact.fate import State
from hotline.contact.tables import pictures, sends
from hotline.domain.report import Direction
from hotline.operate.bench.chaos.desk import Decision, Desk
from hotline.operate.bench.chaos.draining import left_over, stuck
from hotline.operate.bench.chaos.house import House
from hotline.operate.bench.chaos.people import Person, may_read
from hotline.operate.bench.chaos.provider import Bubble, Provider
from hotline.reports.tables import messages
from hotline.vault.tables import attachments

_REACHED = {State.DELIVERED, State.SENT}
_UNREACHED = {State.FAILED, State.EXPIRED, State.CLOSED, State.HERE}
_TOLD = 12


@dataclass
class Verdict:
    """Counts of what happened, and *broken*: each promise that was not kept, with tokens of our own."""

    figures: dict[str, float] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def counts(self, what: str, wrong: list[str]) -> None:
        """Enter what must be nothing; *wrong* names each case."""
        self.figures[what] = len(wrong)
        if wrong:
            self.broken.append(f"{what}: {len(wrong)} ({', '.join(wrong[:_TOLD])})")


@dataclass(frozen=True)
class Judge:
    """Looks at everything once; jobs may still wait where they are due after *until*."""

    house: House
    provider: Provider
    people: list[Person]
    desk: Desk
    until: datetime | None = None

    def judges(self) -> Verdict:
        verdict = Verdict()
        self._texts(verdict)
        self._answers(verdict)
        self._left(verdict)
        return verdict

    def _texts(self, verdict: Verdict) -> None:
        kept = self._kept()
        lost, doubled = [], []
        for person in self.people:
            mine = Counter(kept.get(person.phone, ()))
            for body, times in Counter(person.said).items():
                found = sum(mine.pop(form, 0) for form in may_read(person, body))
                lost += [_named(person, body)] * max(times - found, 0)
                doubled += [_named(person, body)] * max(found - times, 0)
            doubled += [_named(person, body) for body in mine]
        verdict.figures["texts sent by phones"] = sum(len(one.said) for one in self.people)
        verdict.figures["pictures sent by phones"] = sum(one.pictures for one in self.people)
        verdict.counts("texts that were not kept", lost)
        verdict.counts("texts that were kept twice, or that nobody sent", doubled)

    def _kept(self) -> dict[str, list[str]]:
        """Return what was kept of each phone: the words as they came, opened one by one."""
        kept: dict[str, list[str]] = {}
        incoming = messages.c.direction == Direction.FROM_REPORTER
        with self.house.hotline.store.read() as session:
            rows = session.execute(
                select(messages.c.report_id, messages.c.seq).where(incoming)
            ).all()
            for report_id, seq in rows:
                identity = self.house.ines.open_identity(session, report_id, seq)
                kept.setdefault(identity.sender, []).append(identity.original)
        return kept

    def _answers(self, verdict: Verdict) -> None:
        states, wrong, early, unclear = Counter[str](), [], [], []
        for decision in self.desk.decisions:
            state, shown = self._state(decision), self._shown(decision.person)
            places = [place for place, one in enumerate(shown) if _is_of(one, decision)]
            states[state] += 1
            if not _fits(state, len(places)):
                wrong.append(f"{decision.token} {state} shown {len(places)} times")
            if state not in _REACHED | _UNREACHED | self._doubtful:
                unclear.append(f"{decision.token} {state}")
            if places and not _was_let_in(decision, shown[: places[0]]):
                early.append(f"{decision.token} {decision.person.kind}")
            if state == State.SENT and not places:
                states["sent on, and not shown: the news of its end was lost"] += 1
        verdict.figures["answers that caseworkers decided on"] = len(self.desk.decisions)
        verdict.figures["answers that could not be given (no code, line closed)"] = (
            self.desk.refused
        )
        verdict.figures |= {f"  {state}": count for state, count in sorted(states.items())}
        verdict.counts("answers shown twice, or not as their state says", wrong)
        verdict.counts("answers on a phone before somebody let them in", early)
        verdict.counts("answers of which nobody knows what they wait for", unclear)

    @cached_property
    def _all_shown(self) -> dict[str, list[Bubble]]:
        return {one.phone: self.provider.shows(one.phone, one.line) for one in self.people}

    @property
    def _doubtful(self) -> set[State]:
        """Of what was handed over and then not heard of, nobody knows; that is said once its days are over."""
        return {State.UNSURE, State.WAITING} if self.until else {State.UNSURE}

    def _shown(self, person: Person) -> list[Bubble]:
        return self._all_shown[person.phone]

    @cached_property
    def _states(self) -> dict[tuple[str, int], str]:
        with self.house.hotline.store.read() as session:
            rows = session.execute(select(messages.c.report_id, messages.c.seq, messages.c.state))
            return {(report_id, seq): state for report_id, seq, state in rows}

    def _state(self, decision: Decision) -> str:
        return self._states[decision.report_id, decision.seq]

    def _left(self, verdict: Verdict) -> None:
        there = self.provider.messages(self.house.hotline.config.twilio)
        # The network says that these are under way for ever; no word of ours is left in them.
        unfinished = {one["sid"] for one in there if one["status"] == "sent" and not one["body"]}
        held = [
            f"{one['direction']} {one['status']}" for one in there if one["sid"] not in unfinished
        ]
        others = sum(self.provider.holds().values()) - len(there)
        left = left_over(self.house, until=self.until)
        waits = stuck(self.house) - unfinished
        jobs = {name: count for name, count in left.items() if name != "erase" or waits}
        with self.house.hotline.store.read() as session:
            rows = {
                "texts that the worker still has": sends.c.sealed,
                "texts whose pictures were not fetched": pictures.c.id,
            }
            sealed = {
                what: int(session.execute(select(func.count(column))).scalar_one())
                for what, column in rows.items()
            }
            files = session.execute(select(func.count(attachments.c.id))).scalar_one()
        verdict.figures["files kept: each picture, and its copy without what cameras write"] = files
        verdict.figures["texts that the network never finished, emptied there"] = len(unfinished)
        verdict.counts("things left at the provider", held + ["no text"] * others)
        verdict.counts(
            "jobs that wait for nothing", [f"{count} {one}" for one, count in jobs.items()]
        )
        for what, count in sealed.items():
            verdict.counts(what, ["row"] * count)
        sent = sum(one.pictures for one in self.people)
        verdict.counts("pictures that were not kept", ["picture"] * max(sent - files, 0))


def _named(person: Person, body: str) -> str:
    return f"{person.kind} {body[-20:]}"


def _is_of(bubble: Bubble, decision: Decision) -> bool:
    return not bubble.is_mine and decision.token in bubble.text


def _fits(state: str, times: int) -> bool:
    if state == State.DELIVERED:
        return times == 1
    return times == 0 if state in _UNREACHED else times <= 1


def _was_let_in(decision: Decision, before: list[Bubble]) -> bool:
    """Tell whether the phone's owner said that it is safe, after the last time that nobody had."""
    said = [one.text for one in before[decision.shut :] if one.is_mine]
    if decision.their_word:
        return decision.their_word in said
    return "1" in said
