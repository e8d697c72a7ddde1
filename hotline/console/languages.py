"""Which languages are offered and why the others are not: for those who run the house, and for those who read them."""

from dataclasses import dataclass

from flask import Response

from hotline.console.reading_along import reads
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.i18n import CONSOLE, REPORTER, SOURCE, VOICE, autonym, direction
from hotline.parts import here
from hotline.proofreading.signing import sign_offs_of
from hotline.reviews import State, version_of

languages = room("languages", Right.STAFF, Right.READ, Right.INTERPRET)

DOMAINS = (REPORTER, VOICE, CONSOLE)


@dataclass(frozen=True, slots=True)
class Tongue:
    """A locale: how many sentences of each domain it lacks (None: all), in which it is *offered*, and who has read it.

    *readers* have read the sentences of today; *lapsed* signatures are of sentences that have changed since.
    """

    locale: str
    autonym: str
    direction: str
    missing: dict[str, int | None]
    offered: frozenset[str]
    state: State
    readers: int
    lapsed: int
    is_wrong: bool
    is_mine: bool

    @property
    def is_source(self) -> bool:
        return self.locale == SOURCE


@languages.get("/languages")
def show_languages() -> Response:
    known, config = here().languages, here().config
    with here().store.read() as session:
        signed = [(one.locale, one.version) for one in sign_offs_of(session)]
        mine = reads(session)
    offered = {domain: frozenset(known.complete(domain)) for domain in DOMAINS}
    return show(
        "console/languages.html",
        tongues=[_tongue(locale, signed, offered, mine) for locale in known.locales()],
        domains=DOMAINS,
        least=config.offer_locales.value,
        only=config.locales,
        default=config.default_locale,
        lines=len(config.lines),
    )


def _tongue(
    locale: str,
    signed: list[tuple[str, str]],
    offered: dict[str, frozenset[str]],
    mine: frozenset[str],
) -> Tongue:
    known = here().languages
    sentences = known.safety(locale)
    version, wrong = version_of(sentences), here().signed().wrong
    versions = [one.version for one in known.review(locale).readers]
    versions += [its for of, its in signed if of == locale]
    readers = sum(one == version for one in versions)
    return Tongue(
        locale,
        autonym(locale),
        direction(locale),
        {domain: known.count_missing(locale, domain) for domain in DOMAINS},
        frozenset(domain for domain in DOMAINS if locale in offered[domain]),
        known.state(locale),
        readers,
        len(versions) - readers,
        any((locale, one.id) in wrong for one in sentences),
        locale in mine,
    )
