"""The exchange: every call that is going on, what documents it is asked for, and who is told how it goes."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from hotline.demo.calling import documents, forms
from hotline.demo.calling.clockwork import Clockwork
from hotline.demo.calling.dialing import Queue
from hotline.demo.calling.documents import Verb
from hotline.demo.calling.handset import Handset
from hotline.demo.calling.happenings import Ended, Over, Parted, Redirected, Step
from hotline.demo.calling.heard import seconds_of_words
from hotline.demo.calling.leg import SORRY, Leg, Script, Told
from hotline.demo.calling.outgoing import Ask, Manners, calls
from hotline.demo.calling.sounds import Sound, Sounds
from hotline.demo.calling.verbs import VERBS
from hotline.demo.calls import Call, Recording
from hotline.demo.couriers import Couriers
from hotline.demo.shelf import Shelf
from hotline.demo.terms import Door
from hotline.demo.weather import Weather
from hotline.demo.webhooks import CONNECTION, RETRIEVAL, Answer, Webhooks

_APOLOGY = (Verb("Say", {"language": "en-US"}, SORRY), Verb("Hangup", {}))


class Exchange(Clockwork):
    """Calls that are going on or were; *legs* are all of them, by their ids."""

    def __init__(
        self,
        account_sid: str,
        *,
        calls: Shelf[Call],
        recordings: Shelf[Recording],
        webhooks: Webhooks,
        weather: Weather,
        couriers: Couriers,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(couriers)
        self.account_sid = account_sid
        self.calls = calls
        self.recordings = recordings
        self.webhooks = webhooks
        self.weather = weather
        self.clock = clock
        self.manners: dict[str, Manners] = {}
        self.usual_manners = Manners()
        self.sounds = Sounds(webhooks)
        self.takes: Callable[[str, str], float] = lambda words, language: seconds_of_words(words)
        self.fault_of: Callable[[Answer], int] = documents.fault_of
        self.legs: dict[str, Leg] = {}
        self._queues: dict[str, Queue] = {}
        self._watchers: list[Leg] = []
        self.verbs = VERBS

    # What tests and pages do.

    def dial(self, *, sender: str, line: str, door: Door, told: Told, phone: str) -> Handset:
        """Let *phone* call *line* as *sender*; its documents come from *door*."""
        with self._alone():
            call = Call(sender, line, "ringing", created=self.clock())
            leg = self.opens(call, fallback=door.fallback, told=told)
            leg.phone = phone
            self.starts(leg, leg.begins(Step(door.url)))
        return Handset(leg)

    def on_phone(self, number: str) -> list[Handset]:
        """Return the calls that the phone of *number* is in or that make it ring, newest first."""
        return [phone for phone in self.calls_of(number) if not phone.is_over]

    def calls_of(self, number: str) -> list[Handset]:
        """Return every call of the phone of *number*, newest first, those that are over among them."""
        legs = list(self.legs.values())
        return [Handset(leg) for leg in reversed(legs) if leg.phone == number]

    def ringing(self) -> list[Handset]:
        """Return the phones that ring now, each with who calls."""
        phones = [Handset(leg) for leg in list(self.legs.values())]
        return [phone for phone in phones if phone.is_ringing]

    def handset(self, sid: str) -> Handset | None:
        leg = self.legs.get(sid)
        return Handset(leg) if leg else None

    # What the interface does.

    def places(self, call: Call, ask: Ask, *, fallback: str, told: Told) -> None:
        """Call a phone, as soon as nothing else is being done."""
        leg = self.opens(call, fallback=fallback, told=told)
        self._asks(lambda: self.starts(leg, calls(leg, ask)))

    def ends(self, sid: str, status: str = "completed") -> bool:
        """Hang up the call *sid*; tell whether it was going on."""
        leg = self.legs.get(sid)
        if leg is None or leg.is_over:
            return False
        self._asks(lambda: self.throws(leg, Ended(status)))
        return True

    def redirects(self, sid: str, step: Step) -> bool:
        """Let the call *sid* go on with another document; tell whether it was going on."""
        leg = self.legs.get(sid)
        if leg is None or leg.is_over or leg.answered is None:
            return False
        self._asks(lambda: self.throws(leg, Redirected(step)))
        return True

    def ends_all(self) -> None:
        """Hang up every call."""
        for leg in list(self.legs.values()):
            self.ends(leg.call.sid)

    # What legs do.

    def opens(self, call: Call, *, fallback: str, told: Told | None = None) -> Leg:
        self.calls.keep(call)
        leg = Leg(call, self, fallback=fallback, told=told)
        self.legs[call.sid] = leg
        return leg

    def joins(self, one: Leg, other: Leg) -> None:
        one.partner, other.partner = other, one

    def queue(self, name: str) -> Queue:
        return self._queues.setdefault(name, Queue(name))

    def known_queue(self, name: str) -> Queue | None:
        return self._queues.get(name)

    def manners_of(self, number: str) -> Manners:
        return self.manners.get(number, self.usual_manners)

    def sound_at(self, base: str, address: str) -> Sound | None:
        return self.sounds.at(base, address)

    def fetch(self, leg: Leg, door: Door, step: Step) -> Sequence[Verb]:
        """Return the document at *door*, or say sorry and end the call where nobody has one."""
        fields = {**forms.about(leg.call, self.account_sid), **step.fields}
        word = self.weather.at("steps", leg.call.phone)
        bring = partial(
            self.webhooks.bring, door, fields, method=step.method, finds_fault=self.fault_of
        )
        answer = self._brings(bring, word)
        if word == "dropped":
            raise Ended
        leg.documents.append(answer.body)
        is_lost = answer.failure or not door.url
        return _APOLOGY if is_lost else documents.read(answer)

    def tells(self, leg: Leg, event: str) -> None:
        """Call back about *event*, as the weather allows."""
        if not leg.told.url or event not in leg.told.events:
            return
        status = event if event == "initiated" else leg.call.status
        fields = forms.progress(
            leg.call, self.account_sid, status=status, number=leg.news, at=self.clock()
        )
        leg.news += 1
        self._calls_back(leg, leg.told.url, fields)

    def tells_detection(self, leg: Leg, url: str, who: str, *, after: float) -> None:
        """Tell who picked up, once that is known, if the call still goes on then."""

        def script() -> Script:
            yield from watcher.until(self.now + after)
            if not leg.is_over:
                leg.call.answered_by = who
                fields = {
                    "CallSid": leg.call.sid,
                    "AccountSid": self.account_sid,
                    "AnsweredBy": who,
                }
                self._calls_back(
                    leg, url, {**fields, "MachineDetectionDuration": str(int(after * 1000))}
                )
            return None

        watcher = Leg(leg.call, self)
        self._watchers.append(watcher)
        self.starts(watcher, script())

    # How it is done.

    def _calls_back(self, leg: Leg, url: str, fields: dict[str, str]) -> None:
        word = self.weather.at("news", leg.call.phone)
        if word == "lost":
            return
        late = self.weather.lateness if word == "late" else 0.0
        for _ in range(2 if word == "twice" else 1):
            self.sends_after(partial(self.webhooks.tell, url, fields), late)

    def _brings(self, bring: Callable[..., Answer], word: str) -> Answer:
        """Ask for a document as *word* of the weather wants it; what it means stands in ``faults.toml``."""
        if word == "slow":
            bring()
            return bring(fault=RETRIEVAL)
        if word == "twice":
            bring()
        if word == "at once":
            other = threading.Thread(target=bring)
            other.start()
            answer = bring()
            other.join()
            return answer
        return bring(fault={"fails": RETRIEVAL, "unreachable": CONNECTION}.get(word, 0))

    def _waiting(self) -> list[Leg]:
        return [leg for leg in (*self.legs.values(), *self._watchers) if not leg.is_over]

    def _closes(self, leg: Leg, status: str) -> None:
        leg.is_over, leg.due, leg.listens = True, None, ""
        if leg in self._watchers:
            self._watchers.remove(leg)
            return
        seconds = 0 if leg.answered is None else round(self.now - leg.answered)
        leg.call.ends(self.clock(), seconds=seconds, status=status)
        if leg.partner and not leg.partner.is_over:
            self.happens(leg.partner, Parted())
        if leg.parent:
            self.happens(leg.parent, Over(leg))
        self.tells(leg, "completed")
