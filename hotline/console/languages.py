"""Which languages are offered and why the others are not, as a page for those who run the house."""

from dataclasses import dataclass

from flask import Response

from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.i18n import CONSOLE, REPORTER, VOICE, Review, autonym, direction
from hotline.parts import here

languages = room("languages", Right.STAFF)

DOMAINS = (REPORTER, VOICE, CONSOLE)


@dataclass(frozen=True, slots=True)
class Tongue:
    """A locale: how many sentences of each domain it lacks (None: all), and in which it is *offered*."""

    review: Review
    autonym: str
    direction: str
    missing: dict[str, int | None]
    offered: frozenset[str]


@languages.get("/languages")
def show_languages() -> Response:
    known, config = here().languages, here().config
    offered = {domain: frozenset(known.complete(domain)) for domain in DOMAINS}
    tongues = [
        Tongue(
            one,
            autonym(one.locale),
            direction(one.locale),
            {domain: known.count_missing(one.locale, domain) for domain in DOMAINS},
            frozenset(domain for domain in DOMAINS if one.locale in offered[domain]),
        )
        for one in known.reviews()
    ]
    return show(
        "console/languages.html",
        tongues=tongues,
        domains=DOMAINS,
        only=config.locales,
        default=config.default_locale,
        lines=len(config.lines),
    )
