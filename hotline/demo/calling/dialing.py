"""Bring other people into a call: dial their phones, or wait in a queue until somebody takes the call out of it."""

import math
from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from hotline.demo.calling.documents import Verb
from hotline.demo.calling.happenings import (
    Ended,
    Happening,
    Joined,
    Over,
    Parted,
    Queued,
    Ready,
    Step,
    Taken,
)
from hotline.demo.calling.leg import Leg, Script
from hotline.demo.calling.outgoing import Ask, Detecting, calls
from hotline.demo.calls import DIALED, Call
from hotline.demo.shelf import new_sid

_USUAL = 30.0
_MOST_IN_QUEUE = 1000


@dataclass
class Queue:
    """Calls that wait for somebody, in the order in which they came, and those who wait for a call."""

    name: str
    sid: str = field(default_factory=lambda: new_sid("QU"))
    waiting: deque[Leg] = field(default_factory=deque)
    takers: deque[Leg] = field(default_factory=deque)


@dataclass
class _Talk:
    """How dialing somebody ended."""

    status: str
    sid: str = ""
    since: float | None = None

    def fields(self, now: float) -> dict[str, str]:
        seconds = 0 if self.since is None else math.ceil(now - self.since)
        return {
            "DialCallStatus": self.status,
            "DialCallDuration": str(seconds),
            "DialBridged": str(self.since is not None).lower(),
            **({"DialCallSid": self.sid} if self.sid else {}),
        }


def dial(leg: Leg, verb: Verb) -> Script:
    """Dial, and go on with the action, or with what follows, once that is over."""
    if not verb.is_on("answerOnBridge", default=False):
        leg.answers()
    talk = _Talk("failed")
    try:
        if any(part.name == "Queue" for part in verb.parts):
            yield from _takes_from_queue(leg, verb, talk)
        else:
            yield from _rings(leg, verb, talk)
    except Ended:
        talk.status = "completed" if talk.since is not None else "canceled"
        if action := verb.asks.get("action"):
            leg.tells_last(leg.at(action, verb, **talk.fields(leg.now)))
        raise
    leg.partner, leg.listens = None, ""
    action = verb.asks.get("action")
    return leg.at(action, verb, **talk.fields(leg.now)) if action else None


def _rings(leg: Leg, verb: Verb, talk: _Talk) -> Script:
    """Let phones ring, all at once; the first that is ready is joined, the others stop."""
    numbers = verb.parts or [Verb("Number", {}, verb.words)]
    children = [_child(leg, verb, number) for number in numbers]
    end = leg.now + verb.number("timeout", _USUAL)
    leg.listens = "ring"
    try:
        ready = yield from _first_ready(children, end, talk)
        if ready is None:
            return None
        _stop(leg, (child for child in children if child is not ready))
        leg.answers()
        leg.exchange.joins(leg, ready)
        leg.exchange.happens(ready, Joined())
        talk.status, talk.sid, talk.since = "completed", ready.call.sid, leg.now
        yield from leg.talks(lambda event: isinstance(event, Over) and event.child is ready)
    finally:
        _stop(leg, children)
    return None


def _first_ready(
    children: list[Leg], end: float, talk: _Talk
) -> Generator[float | None, Happening | None, Leg | None]:
    """Wait for somebody who is ready until *end*; someone who hears the whisper is waited for beyond it."""
    open_ends = set(children)
    while open_ends:
        event = yield None if any(child.answered is not None for child in open_ends) else end
        if event is None:
            talk.status = "no-answer"
            return None
        if isinstance(event, Ready):
            return event.child
        if isinstance(event, Over):
            open_ends.discard(event.child)
            talk.status, talk.sid = event.child.call.status, event.child.call.sid
    return None


def _child(leg: Leg, verb: Verb, number: Verb) -> Leg:
    """Begin to call a number for *leg*."""
    exchange = leg.exchange
    sender = verb.asks.get("callerId") or (
        leg.call.sender if leg.call.direction == "inbound" else leg.call.to
    )
    call = Call(sender, number.words, "queued", created=exchange.clock(), direction=DIALED)
    call.parent = leg.call.sid
    child = exchange.opens(call, fallback="")
    child.parent, child.url = leg, leg.url
    whisper = number.asks.get("url", "")
    ask = Ask(
        step=Step(urljoin(leg.url, whisper), number.asks.get("method", "POST"))
        if whisper
        else None,
        timeout=verb.number("timeout", _USUAL),
        detecting=Detecting(bool(number.asks.get("machineDetection"))),
    )
    exchange.starts(child, _whispered(child, ask))
    return child


def _whispered(child: Leg, ask: Ask) -> Script:
    """Ring, whisper, and be joined; whoever hangs up before that was never in the call."""
    yield from calls(child, ask)
    if child.parent is None:
        return None
    child.exchange.happens(child.parent, Ready(child))
    while not isinstance((yield None), Joined):
        pass
    yield from child.talks(lambda event: isinstance(event, Parted))
    return None


def _stop(leg: Leg, children: Iterable[Leg]) -> None:
    for child in children:
        if not child.is_over:
            status = (
                "completed"
                if child.partner
                else "no-answer"
                if child.answered is None
                else "completed"
            )
            leg.exchange.throws(child, Ended(status))


def enqueue(leg: Leg, verb: Verb) -> Script:
    """Wait in a queue, and hear the queue's documents over and over, until somebody takes the call."""
    leg.answers()
    queue, began = leg.exchange.queue(verb.words), leg.now
    result = "queue-full"
    if len(queue.waiting) < verb.number("maxQueueSize", _MOST_IN_QUEUE):
        queue.waiting.append(leg)
        for taker in queue.takers:
            leg.exchange.happens(taker, Queued())
        result = yield from _waits(leg, verb, queue, began)
    fields = {"QueueResult": result, "QueueSid": queue.sid, "QueueTime": str(int(leg.now - began))}
    action = verb.asks.get("action")
    return leg.at(action, verb, **fields) if action else None


def _waits(
    leg: Leg, verb: Verb, queue: Queue, began: float
) -> Generator[float | None, Happening | None, str]:
    """Wait, and return how that ended."""
    own = leg.url
    try:
        return (yield from _until_taken(leg, verb, queue, began))
    except Ended:
        result = "bridged" if leg.partner else "hangup"
        if action := verb.asks.get("action"):
            leg.url = own
            fields = {"QueueResult": result, "QueueSid": queue.sid}
            leg.tells_last(leg.at(action, verb, QueueTime=str(int(leg.now - began)), **fields))
        raise
    finally:
        leg.url, leg.listens, leg.is_queued = own, "", False
        if leg in queue.waiting:
            queue.waiting.remove(leg)


def _until_taken(
    leg: Leg, verb: Verb, queue: Queue, began: float
) -> Generator[float | None, Happening | None, str]:
    leg.is_queued = True
    try:
        yield from _hears_documents(leg, verb, queue, began)
        return "leave"
    except Taken as taken:
        leg.is_queued = False
        if taken.whisper:
            yield from leg.carries_out(leg.asks(taken.whisper))
        leg.exchange.happens(taken.by, Joined())
    yield from leg.talks(lambda event: isinstance(event, Parted))
    leg.partner = None
    return "bridged"


def _hears_documents(leg: Leg, verb: Verb, queue: Queue, began: float) -> Script:
    """Carry out the waiting documents again and again, until one of them says to leave; without one, hear music."""
    url = verb.asks.get("waitUrl")
    while not url:
        leg.hears(60, by="music")
        yield from leg.until(leg.now + 60)
    first = Step(urljoin(leg.url, url), verb.asks.get("waitUrlMethod", "POST"))
    step: Step | None = first
    while True:
        step = step or first
        before = leg.now
        verbs = leg.asks(
            Step(step.url, step.method, {**_queue_fields(leg, queue, began), **step.fields})
        )
        left = next((n for n, one in enumerate(verbs) if one.name == "Leave"), None)
        step = yield from leg.carries_out(verbs if left is None else verbs[:left])
        if left is not None and step is None:
            return None
        if step is None and leg.now == before:
            # A document of nothing would be asked for without end.
            yield from leg.until(leg.now + 1)


def _queue_fields(leg: Leg, queue: Queue, began: float) -> dict[str, str]:
    return {
        "QueueSid": queue.sid,
        "QueuePosition": str(queue.waiting.index(leg) + 1 if leg in queue.waiting else 1),
        "QueueTime": str(int(leg.now - began)),
        "AvgQueueTime": "0",
        "CurrentQueueSize": str(len(queue.waiting)),
    }


def _takes_from_queue(leg: Leg, verb: Verb, talk: _Talk) -> Script:
    """Take the first call out of a queue; wait for one where nobody is in it, and for no queue not at all."""
    (part,) = (part for part in verb.parts if part.name == "Queue")
    queue = leg.exchange.known_queue(part.words)
    if queue is None:
        return None
    leg.answers()
    leg.listens, end = "ring", leg.now + verb.number("timeout", _USUAL)
    queue.takers.append(leg)
    try:
        while not queue.waiting:
            if leg.now >= end:
                talk.status = "no-answer"
                return None
            yield end
    finally:
        queue.takers.remove(leg)
    waiting = queue.waiting.popleft()
    url = part.asks.get("url")
    whisper = Step(urljoin(leg.url, url), part.asks.get("method", "POST")) if url else None
    leg.exchange.joins(leg, waiting)
    leg.exchange.throws(waiting, Taken(leg, whisper))
    talk.status, talk.sid, talk.since = "completed", waiting.call.sid, leg.now
    yield from leg.talks(lambda event: isinstance(event, Parted))
    return None
