"""Sounds that documents play: fetched once, measured, and known by their digest."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from hotline.demo.calling.heard import seconds_of_sound
from hotline.demo.webhooks import Webhooks


@dataclass(frozen=True, slots=True, repr=False)
class Sound:
    """A sound; *words* and *locale* are what is spoken in it, where somebody knows."""

    digest: str
    seconds: float
    words: str = ""
    locale: str = ""
    url: str = ""


class Sounds:
    """What was played, by address; it is fetched only once, as the provider's cache does."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._held: dict[str, Sound] = {}
        self.knows: Callable[[str], tuple[str, str]] = lambda digest: ("", "")
        """Returns words and language of the sound that ends an address."""

    def at(self, base: str, address: str) -> Sound | None:
        """Return the sound at *address*, or None where it cannot be had."""
        url = urljoin(base, address)
        if url not in self._held:
            content = self._webhooks.fetch(url)
            if content is None:
                return None
            name = url.rpartition("/")[2].partition("?")[0].partition(".")[0]
            words, locale = self.knows(name)
            digest = name or hashlib.sha256(content).hexdigest()
            self._held[url] = Sound(digest, seconds_of_sound(content), words, locale, url)
        return self._held[url]
