"""The work of the house: is it done, and does anything wait for too long?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from hotline.operate.doctor.findings import Finding, warning, well, wrong
from hotline.operate.doctor.visit import House
from hotline.operate.pulse import People, Work
from hotline.operate.spans import spoken

STOPPED = timedelta(minutes=5)
_OFTEN = 5
"""Tries after which a job is in trouble: by then minutes passed."""
_MUCH = 0.8


def check_work(house: House) -> Iterator[Finding]:
    """Look at the jobs: while none is done, nothing is sent and nobody is paged."""
    pulse = house.pulse
    if pulse is None:
        yield wrong(
            "database-silent",
            "The database does not answer, has no tables, or is of another version.",
            "Look at the database and its disk; a new house needs `hotline init`, an older one `hotline upgrade`.",
        )
        return
    found = [*_rounds(pulse.work, house), *_jobs(pulse.work), *_provider(pulse.work)]
    yield from found or [well("work", "Jobs are done in time.")]


def check_people(house: House) -> Iterator[Finding]:
    """Look at what waits for people."""
    if house.pulse is None:
        return
    people = house.pulse.people
    found = [*_queue(people, house), *_spending(people, house)]
    if people.pages:
        found.append(
            warning(
                "pages-unanswered",
                f"Nobody acknowledged pages to staff ({people.pages}).",
                "Call them; see in the console, Rota, whether those on duty have a pager.",
            )
        )
    yield from found or [well("people", "Nothing waits for too long.")]


def _rounds(work: Work, house: House) -> Iterator[Finding]:
    last = work.last_round
    if last is None or house.clock() - last > STOPPED:
        yield wrong(
            "work-stopped",
            f"No job was done {f'for {_since(last, house)}' if last else 'yet'}: nothing is sent, and nobody is paged.",
            "Start the server (with REDIS_URL: `hotline worker`); look at the disk, and at the log.",
        )


def _jobs(work: Work) -> Iterator[Finding]:
    if work.late:
        names = sorted(one.name for one in work.kinds if one.late)
        yield wrong(
            "jobs-late",
            f"What was due ten minutes ago is not done ({', '.join(names)}: {work.late} in all).",
            "Look in the log for lines with their names; start more workers where these are busy.",
        )
    troubled = sorted(one.name for one in work.kinds if one.tries >= _OFTEN)
    if troubled:
        yield warning(
            "jobs-failing",
            f"Jobs fail again and again: {', '.join(troubled)}.",
            "Look in the log for what they say. Nothing is given up; they are tried until they are done.",
        )


def _provider(work: Work) -> Iterator[Finding]:
    if work.stuck:
        yield warning(
            "provider-keeps",
            f"Something is not erased at the provider although it was asked again and again ({work.stuck} in all).",
            "Ask its support to delete them.",
        )


def _queue(people: People, house: House) -> Iterator[Finding]:
    limits = house.config.limits_of(house.config.desk)
    late = [
        urgency
        for urgency, since in people.oldest.items()
        if house.clock() - since > limits.of(urgency)
    ]
    if late:
        longest = min(people.oldest[urgency] for urgency in late)
        yield wrong(
            "reports-wait",
            f"Reports wait for an answer longer than they may ({', '.join(late)}), the first for {_since(longest, house)}.",
            "See that somebody signs in. `hotline status` says how many are on duty.",
        )


def _spending(people: People, house: House) -> Iterator[Finding]:
    cap = house.config.spend_parts_per_day
    if people.parts > _MUCH * cap:
        yield warning(
            "spending-high",
            f"{people.parts} of {cap} parts of SMS are sent today; beyond that, answers wait.",
            "See in the console, Health, to which countries; raise SPEND_PARTS_PER_DAY if you serve these people.",
        )


def _since(at: datetime, house: House) -> str:
    return spoken(house.clock() - at)
