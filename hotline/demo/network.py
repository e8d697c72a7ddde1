"""The network between phones and the hotline: takes, keeps, signs and delivers as the real provider does.

Everything is in memory and gone when the process ends. What is wrong with the network is its `weather`;
what the account agreed on are its `terms`.
"""

import base64
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

from hotline.config import Config, TwilioSettings
from hotline.demo import forms
from hotline.demo.delivery import Delivery
from hotline.demo.orders import WHATSAPP, Counter, Order
from hotline.demo.phones import Bubble, Phones
from hotline.demo.shelf import Shelf
from hotline.demo.terms import ADVANCED, START, STOP, Door, Terms
from hotline.demo.texts import Picture, Text, pictures_of
from hotline.demo.voice import RETRIES, Voice
from hotline.demo.weather import Weather
from hotline.demo.webhooks import CONNECTION, RETRIEVAL, signature
from hotline.errors import Misconfigured

__all__ = ["Bubble", "Network", "Weather", "signature"]

_SEEN = "image/png"
_NO_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


class Network(Voice):
    """The loopback provider: an account, what it holds, and the phones that it reaches."""

    def __init__(
        self,
        settings: TwilioSettings,
        *,
        public_url: str,
        lines: Iterable[str] = (),
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(settings, public_url, clock or partial(datetime.now, UTC))
        self.terms = Terms(service=settings.messaging_service_sid)
        own = (settings.sms_number, settings.voice_number, settings.whatsapp_number)
        self.lines |= {number.removeprefix(WHATSAPP) for number in (*own, *lines) if number}
        self.doors: dict[str, Door] = {}
        self.finds_door: Callable[[str], Door | None] = lambda _: None
        self.phones = Phones()
        self.may_text: Callable[[str], bool] = lambda _: True
        self.counter = Counter(
            settings, self.terms, self.phones, self.lines, lambda country: self.may_text(country)
        )
        self._texts: Shelf[Text] = Shelf()
        self._delivery = Delivery(
            settings.account_sid,
            self.weather,
            self.terms,
            self.phones,
            self._couriers,
            self.webhooks,
            self.clock,
        )
        self._held: dict[tuple[str, str], list[Text]] = {}
        self._guard = threading.Lock()

    @classmethod
    def of(cls, config: Config) -> "Network":
        """Return the network that a demo's *config* describes."""
        if config.twilio is None:
            raise Misconfigured("a demo needs a provider")
        return cls(config.twilio, public_url=config.public_url, lines=config.lines)

    # What phones do.

    def text_us(
        self,
        *,
        sender: str,
        line: str,
        body: str,
        media: int = 0,
        pictures: Sequence[tuple[str, bytes]] = (),
    ) -> str:
        """Let a phone text one of our lines, bring it to the webhook, and return the text's id.

        *pictures* are the kinds and contents of files that come with it; *media* asks for that many dull ones.
        """
        self.switch_on(sender)
        files = pictures_of(pictures) or [Picture(_SEEN, _NO_PICTURE) for _ in range(media)]
        text = Text(line, sender, body, "inbound", "received", files, service=self.terms.service)
        text.created = text.sent = self.clock()
        text.price = self.terms.price
        self.lines.add(line.removeprefix(WHATSAPP))
        self._texts.keep(text)
        self.phones.show(sender, line, Bubble(body, True, text.created, text.media))
        self._opts(text)
        self._brings(text)
        return text.sid

    def again(self, sid: str) -> str:
        """Deliver a text's webhook once more, as the provider does in doubt, and return what was answered."""
        text = self._texts.find(sid)
        return self.webhooks.bring(self.door(text.to), self._form(text)).body if text else ""

    def bubbles(self, phone: str, line: str) -> list[Bubble]:
        """Return what *phone* shows of its conversation with *line*, oldest first."""
        return self.phones.bubbles(phone, line)

    def switch_on(self, phone: str) -> None:
        """Switch a phone on again; what waited for it arrives now, if it is still valid."""
        if not self.phones.is_off(phone):
            return
        for text in self.phones.switch_on(phone):
            self._delivery.resumes(text)

    # What the hotline asks for.

    def create(self, order: Order) -> Text:
        """Take a text for a phone.

        Raises:
            Refused: the provider does not take it.
        """
        self.counter.accepts(order)
        text = Text(
            order.to,
            self.counter.sender_of(order),
            self.counter.body_of(order),
            "outbound-api",
            "accepted" if order.service else "queued",
            links=order.media,
            status_callback=order.status_callback,
            service=order.service,
            validity=order.validity,
            created=self.clock(),
        )
        self._texts.keep(text)
        self._delivery.starts(text, is_template=bool(order.content_sid))
        return text

    def find(self, sid: str) -> Text | None:
        self._delivery.expires()
        return self._texts.find(sid)

    def forget(self, sid: str) -> None:
        """Erase a text, and its pictures with it."""
        self._texts.forget(sid)

    def texts(self, accepts: Callable[[Text], bool]) -> list[Text]:
        """Return the texts that *accepts* accepts, newest first."""
        self._delivery.expires()
        return self._texts.newest(accepts)

    def settle(self) -> None:
        """Wait until everything under way has arrived; what was held back to come out of order comes now."""
        self._couriers.settle()
        with self._guard:
            held, self._held = self._held, {}
        for text in (text for texts in held.values() for text in texts):
            self._calls_webhook(text)
        self._couriers.settle()

    def door(self, line: str) -> Door:
        """Return where webhooks of *line* go: as `doors` says, as `finds_door` does, or as is usual."""
        number = line.removeprefix(WHATSAPP)
        usual = Door(
            f"{self.public_url}/twilio/sms{RETRIES}", f"{self.public_url}/twilio/fallback{RETRIES}"
        )
        return self.doors.get(number) or self.finds_door(line) or usual

    # How it is done.

    def _brings(self, text: Text) -> None:
        """Bring a text to the webhook as the weather allows, and whatever waited for it after it."""
        word = self.weather.at("webhooks", text.sender)
        conversation = (text.sender, text.to)
        if word == "swapped":
            with self._guard:
                self._held.setdefault(conversation, []).append(text)
            return
        if word == "late":
            self._couriers.send(partial(self._calls_webhook, text), after=self.weather.lateness)
        elif word != "lost":
            self._calls_webhook(text, word)
        with self._guard:
            held = self._held.pop(conversation, [])
        for waiting in held:
            self._calls_webhook(waiting)

    def _calls_webhook(self, text: Text, word: str = "") -> None:
        fields = self._form(text)
        if word == "base64":
            fields["Body"] = base64.b64encode(text.body.encode("utf-8", "surrogatepass")).decode()
        fault = {"fails": RETRIEVAL, "unreachable": CONNECTION}.get(word, 0)
        bring = partial(self.webhooks.bring, self.door(text.to), fields, fault=fault)
        if word == "at once":
            self._couriers.send(bring)
        answer = bring()
        if word == "twice":
            answer = bring()
        for words in answer.texts:
            self._answers(text, words)

    def _opts(self, text: Text) -> None:
        """Close or open the line when an SMS is one of the provider's own words, and answer it."""
        kind = "" if text.sender.startswith(WHATSAPP) else self.terms.heard(text.body)
        if not kind:
            return
        text.opted = kind if self.terms.opting == ADVANCED else ""
        changes = {STOP: self.phones.close_line, START: self.phones.open_line}.get(kind)
        is_news = changes is None or changes(text.sender, text.to)
        words = self.terms.answer(kind)
        if words and is_news:
            self.phones.show(text.sender, text.to, Bubble(words, False, self.clock()))

    def _answers(self, text: Text, words: str) -> None:
        """Bring the answer that stood in the webhook's own answer to the phone, if that still takes any."""
        if self.phones.has_closed(text.sender, text.to):
            return
        reply = Text(text.sender, text.to, words, "outbound-reply", "queued", service=text.service)
        reply.created = self.clock()
        self._texts.keep(reply)
        self._delivery.replies(reply)

    def _form(self, text: Text) -> dict[str, str]:
        return forms.webhook(text, self.settings.account_sid, origin=self.terms.media_origin)
