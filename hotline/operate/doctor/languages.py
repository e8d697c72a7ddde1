"""Which languages are offered, which are whole and wait for a reader, and whether what the settings name is among them."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from hotline.catalogs import TRANSLATIONS
from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.i18n import REPORTER, SOURCE, Languages
from hotline.operate.doctor.findings import Finding, warning, well, wrong
from hotline.operate.doctor.visit import House
from hotline.proofreading.signed import signatures
from hotline.reviews import NOBODY, Signatures, State
from hotline.store import Store


def check_languages(house: House) -> Iterator[Finding]:
    config = house.config
    known = _languages(config)
    try:
        offered = known.offered
    except Misconfigured as error:
        yield wrong("review-unreadable", f"{error}.", "Mend it: nobody is answered with it.")
        return
    yield well("languages", f"Offered are: {', '.join(offered)}.")
    yield from _how_far_read(config, known, offered)
    wanted = {"DEFAULT_LOCALE": [config.default_locale], "LINES": list(config.lines.values())}
    for name, locales in wanted.items():
        if missing := sorted(set(locales) - set(offered)):
            yield wrong(
                "locale-not-offered",
                f"{name} names languages that are not offered: {', '.join(missing)}.",
                "Name one that is complete and read far enough, or have it read or completed.",
                name,
            )
    if missing := sorted(set(config.locales) - set(known.whole(REPORTER))):
        yield warning(
            "locale-incomplete",
            f"LOCALES names languages that are not offered, since they are not complete: {', '.join(missing)}.",
            "Complete the translation, or take them out.",
        )


def _how_far_read(config: Config, known: Languages, offered: tuple[str, ...]) -> Iterator[Finding]:
    unread = [one for one in offered if not known.state(one).reaches(State.REVIEWED)]
    waiting = [one for one in known.whole(REPORTER) if one not in offered]
    if unread:
        yield warning(
            "languages-unread",
            f"OFFER_LOCALES is {config.offer_locales}: people are answered in languages that no native speaker has read,"
            f" {', '.join(unread)}.",
            "Have native speakers read and sign them (console, Languages), and set OFFER_LOCALES to reviewed.",
        )
    if waiting:
        yield well(
            "languages-waiting",
            f"Complete, and waiting for somebody who reads them: {', '.join(waiting)}.",
        )
    if set(offered) == {SOURCE} and (waiting or not config.locales):
        yield warning(
            "languages-only-english",
            "People are answered in English only, whatever they write in.",
            "Have native speakers read and sign languages (console, Languages). OFFER_LOCALES=cross-checked offers those"
            " that another reader has put back into English, and no native speaker has read.",
        )


def _languages(config: Config) -> Languages:
    signed = _signed(config)
    return Languages(
        TRANSLATIONS, only=config.locales, least=config.offer_locales, signed=lambda: signed
    )


def _signed(config: Config) -> Signatures:
    """Return what native speakers have signed in this house; nothing where there is no database to tell it."""
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return NOBODY
    try:
        store = Store(config.database_url)
        try:
            with store.read() as session:
                return signatures(session)
        finally:
            store.close()
    except Exception:
        return NOBODY
