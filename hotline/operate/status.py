"""`hotline status`: how the house is, on one screen, for whoever keeps it running.

It reads beside the server, writes nothing and starts nothing; the provider is asked whether the account is open. What
needs a person is decided as `hotline doctor` decides it. No line names anybody.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import requests

from hotline.channels.twilio.account import TwilioAccount
from hotline.channels.twilio.round_trip import is_this_machine
from hotline.channels.twilio.standing import Unreadable, Why
from hotline.config import Config
from hotline.domain.urgency import Urgency
from hotline.errors import Misconfigured
from hotline.operate import stamps
from hotline.operate.doctor import machine, origin, work
from hotline.operate.doctor.findings import Finding, Severity, wrong
from hotline.operate.doctor.telling import COULD_NOT_LOOK, told
from hotline.operate.doctor.visit import House
from hotline.operate.machine import Disk
from hotline.operate.pulse import People, Pulse, Work
from hotline.operate.spans import spoken

FINE, NEEDS_SOMEBODY = 0, 1

_TIMEOUT = 5
_OUT_OF_REACH = {
    Why.UNREACHABLE: "does not answer",
    Why.REFUSED: "does not let our token in",
}
_GIB = 1 << 30
_CHECKS = (
    machine.check_room,
    machine.check_backups,
    work.check_work,
    work.check_people,
)


@dataclass(frozen=True, slots=True)
class Status:
    """What is told: *lines* by what each is about, and what needs a person."""

    lines: Mapping[str, str]
    needs: tuple[Finding, ...]
    is_seen: bool

    @property
    def exit(self) -> int:
        if not self.is_seen:
            return COULD_NOT_LOOK
        return NEEDS_SOMEBODY if self.needs else FINE


def run(env: Mapping[str, str], *, is_json: bool) -> int:
    """Look at the house that *env* describes, print how it is, and return the exit status."""
    try:
        house = House(Config.from_env(env), env, lambda: datetime.now(UTC))
    except Misconfigured as error:
        print(f"hotline: {error}", file=sys.stderr)
        return COULD_NOT_LOOK
    status = status_of(house)
    print(as_json(status) if is_json else as_text(status))
    return status.exit


def status_of(house: House) -> Status:
    """Return how *house* is now."""
    served = _served(house.config)
    shown = list(origin.check_certificate(house))
    found = [finding for check in _CHECKS for finding in check(house)] + shown
    needs = [finding for finding in found if finding.severity is Severity.WRONG]
    if served != "ok":
        needs.insert(0, _not_served(served))
    reach = _reach(house.config)
    if reach in _OUT_OF_REACH.values():
        needs.append(_provider_away(reach))
    lines = {"serving": _serving(served), "provider": reach, **dict(_of_the_machine(house))}
    lines |= {finding.code: finding.what for finding in shown}
    if house.pulse:
        lines |= dict(_of_the_house(house.pulse, house))
    return Status(lines, tuple(needs), house.pulse is not None)


def as_text(status: Status) -> str:
    """Return it in words; what needs a person stands last, where one looks first."""
    lines = [f"{about:<12} {line}" for about, line in status.lines.items()]
    if not status.is_seen:
        lines.append("\nThe database could not be looked at.")
    if status.needs:
        return "\n".join([*lines, "", "Needs somebody:", *map(told, status.needs)])
    return "\n".join([*lines, "", "Nothing needs anybody."] if status.is_seen else lines)


def as_json(status: Status) -> str:
    needs = [asdict(finding) for finding in status.needs]
    return json.dumps({"exit": status.exit, "lines": dict(status.lines), "needs": needs}, indent=1)


def _served(config: Config) -> str:
    """Return what the public address says of itself; nothing where it does not answer."""
    with requests.Session() as session:
        session.trust_env = not is_this_machine(config.public_url)
        try:
            answer = session.get(f"{config.public_url}/healthz", timeout=_TIMEOUT)
        except requests.RequestException:
            return ""
    return answer.text.strip()[:20] if answer.status_code == 200 else ""


def _serving(served: str) -> str:
    if served == "ok":
        return "answers at its public address"
    return "answers, and does not keep up" if served else "does not answer at its public address"


def _not_served(served: str) -> Finding:
    if served:
        return wrong(
            "degraded",
            "The server answers, and says that it does not keep up: its disk is full, or no job is done.",
            "Make room, or start it again; what people send meanwhile may have to come twice.",
        )
    return wrong(
        "not-serving",
        "Our public address does not answer.",
        "Start the server; look at DNS, the firewall and the proxy before it.",
    )


def _reach(config: Config) -> str:
    """Return whether the provider lets us in."""
    if config.twilio is None:
        return "none is set up"
    try:
        TwilioAccount(config.twilio).standing()
    except Unreadable as unreadable:
        return _OUT_OF_REACH.get(unreadable.why, _OUT_OF_REACH[Why.REFUSED])
    return "answers, and our token opens the account"


def _provider_away(reach: str) -> Finding:
    return wrong(
        "provider-away",
        f"The provider {reach}: texts to people wait, and what we missed is not found.",
        "Run `hotline doctor`; look at the way out of this machine and at https://status.twilio.com.",
    )


def _of_the_machine(house: House) -> Iterator[tuple[str, str]]:
    its, keys = house.machine, house.config.keys
    rooms = [(its.database, "for the database"), (its.keys, "for keys")]
    yield "disk", ", ".join(_room(disk, of) for disk, of in rooms if disk)
    for about, name in (("backup", stamps.BACKUP), ("drill", stamps.DRILL)):
        made = stamps.stamped(keys, name)
        yield about, _ago(made, house) if made else "none that is known here"


def _of_the_house(pulse: Pulse, house: House) -> Iterator[tuple[str, str]]:
    its, people = pulse.work, pulse.people
    yield "keeping", f"last wrote {_ago(its.last_round, house)}" if its.last_round else "not yet"
    yield "waiting", _waiting(people, house)
    yield "staff", _staff(people)
    yield "alerts", f"{people.alerts} open; {people.pages} pages that nobody acknowledged"
    yield "jobs", _jobs(its)
    yield "erasing", f"{its.unerased} things to erase at the provider, {its.stuck} that it keeps"
    yield "texts", f"{people.parts} of {house.config.spend_parts_per_day} parts sent today"
    yield "log", f"signed {_ago(its.checkpoint_at, house)}" if its.checkpoint_at else "not signed"


def _waiting(people: People, house: House) -> str:
    counts = [f"{count} {urgency}" for urgency, count in people.waiting.items() if count]
    if not counts:
        return "no open report"
    oldest = min(people.oldest.values(), default=None)
    since = (
        f"; the first waits for {spoken(house.clock() - oldest)}" if oldest else "; all answered"
    )
    return f"{', '.join(counts).replace(Urgency.NONE, 'without signs')}{since}"


def _staff(people: People) -> str:
    duty = f"{people.on_duty} on duty" if people.on_duty else "nobody on duty"
    return f"{duty}, {people.on_call or 'nobody'} taking calls"


def _jobs(its: Work) -> str:
    return f"{its.count} ahead, {its.late} late, {its.failing} failing"


def _room(disk: Disk, of: str) -> str:
    return f"{disk.free / _GIB:.1f} GiB free ({disk.share:.0%}) {of}"


def _ago(at: datetime, house: House) -> str:
    return f"{spoken(house.clock() - at)} ago"
