"""Sentences: gathered from the templates, and checked in every language that has them.

A catalog is one domain: ``messages`` is all that a reporter may read, ``voice`` all that a caller may hear,
``phrases`` what staff may put together for a reporter, ``console`` all that staff and providers may read.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from hotline import messages
from hotline.domain.report import Channel
from hotline.i18n import CONSOLE, PHRASES, REPORTER, SOURCE, VOICE, Languages
from hotline.locales import table

_TEMPLATES = Path(__file__).parent.parent / "templates"
FOLDERS = {
    REPORTER: ("web", "messages"),
    VOICE: ("voice",),
    PHRASES: ("phrases",),
    CONSOLE: ("console", "demo", "provider"),
}
_METHODS = [("**.html", "jinja2"), ("**.txt", "jinja2")]
_OPTIONS = {"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}
_FIELD = re.compile(r"%\((\w+)\)[sd]")
_TAG = re.compile(r"</?\w+")
LONGEST_FACTS = {
    "time": "Wed. 09:00",
    "code": "482-719-036-158-274-609-331",
    "day": "30 sept",
    "who": "Bayt al-Amal Women's Centre",
    "count": "12",
}
"""What stands in the fields of a text at their longest."""

ONE_PART = frozenset(
    [
        "received",
        "received_later",
        "received_more",
        "received_more_later",
        "knock",
        "offer",
        "offer_agreed",
        "ask_for_word",
        "nothing_new",
        "no_more",
        "will_call",
        "language_set",
    ]
)
"""Texts that come before anybody said that it is safe to write: they must fit on a locked screen."""

LONGEST_PHRASE = 100
"""UTF-16 units of an approved phrase; 70 are one part of an SMS, which is aimed at and not possible in every script."""

LONGEST_PROMPT = 400
"""Letters of what a call says in one breath; how long it takes is measured apart."""

# Whoever overhears a call must not learn from it whom someone called: nothing names us, or what we are for.
BANNED_IN_CALLS = re.compile(
    r"\b(hotline|helpline|traffick\w*|slavery|exploit\w*|police|polaris|unicef|iom|ngo|charity|shelter|refuge|rescue)\b",
    re.IGNORECASE,
)
# A machine reads these in any way it likes, or not at all.
UNREADABLE = re.compile(r"[#*@&/\\<>\[\]{}%_|~^=+]|https?:|www\.")

# Each starts or stops something at a provider before we ever see it.
BANNED_WORDS = re.compile(r"\b(STOP|END|QUIT|CANCEL|UNSUBSCRIBE|START|UNSTOP|HELP|INFO)\b")


def blank(locale: str | None = None) -> Catalog:
    """Return a catalog with nothing in it but its head."""
    catalog = Catalog(
        locale=locale,
        project="hotline",
        version="1",
        header_comment="# What people read. Free under the AGPL, version 3 or later.",
        msgid_bugs_address="see README",
        last_translator="see translations/REVIEW.toml",
        language_team="nobody yet",
        charset="utf-8",
        fuzzy=False,
    )
    if locale:
        catalog.mime_headers = [("Plural-Forms", table()[locale.replace("_", "-")].plural)]
    return catalog


def template(domain: str) -> Catalog:
    """Return every sentence of *domain*, with its translators' comments."""
    catalog = blank()
    for folder in FOLDERS[domain]:
        found = extract_from_dir(
            _TEMPLATES / folder,
            _METHODS,
            _OPTIONS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for name, line, sentence, comments, context in found:
            catalog.add(
                sentence,
                None,
                [(f"{folder}/{name}", line)],
                auto_comments=comments,
                context=context,
            )
    return catalog


def extract(translations: Path) -> None:
    """Write the templates of both catalogs and bring each language's catalogs up to date with them."""
    for domain in FOLDERS:
        catalog = template(domain)
        _write(translations / f"{domain}.pot", catalog)
        for path in sorted(translations.glob(f"*/LC_MESSAGES/{domain}.po")):
            with path.open("rb") as file:
                language = read_po(file, locale=path.parent.parent.name)
            language.update(catalog, no_fuzzy_matching=True)
            _write(path, language)


def check(translations: Path) -> list[str]:
    """Return what is wrong, a line each: catalogs out of date, damaged fields, texts too long for one SMS, prompts that mislead."""
    return [
        *(fault for domain in FOLDERS for fault in _out_of_date(translations, domain)),
        *(
            fault
            for path in sorted(translations.glob("*/LC_MESSAGES/*.po"))
            for fault in _damaged(path)
        ),
        *_prompts_damaged(),
        *_too_long(Languages(translations)),
    ]


def _write(path: Path, catalog: Catalog) -> None:
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    with path.open("wb") as file:
        write_po(
            file, catalog, sort_by_file=True, include_lineno=False, ignore_obsolete=True, width=100
        )


def _out_of_date(translations: Path, domain: str) -> Iterator[str]:
    path = translations / f"{domain}.pot"
    kept: set[object] = set()
    if path.exists():
        with path.open("rb") as file:
            kept = {_key(message) for message in read_po(file) if message.id}
    if kept != {_key(message) for message in template(domain) if message.id}:
        yield f"{path.name} is out of date: run `hotline strings extract`"


def _key(message: Message) -> object:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _damaged(path: Path) -> Iterator[str]:
    """Yield each sentence whose fields or tags differ from its source."""
    locale = path.parent.parent.name
    with path.open("rb") as file:
        catalog = read_po(file, locale=locale)
    for message in catalog:
        if not message.id:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = (
            [message.string] if isinstance(message.string, str) else list(message.string or ())
        )
        if not all(strings):
            yield f"{locale}/{path.name}: not translated: {sources[0]!r}"
            continue
        fields = {frozenset(_FIELD.findall(source)) for source in sources}
        for string in strings:
            if not any(frozenset(_FIELD.findall(string)) <= known for known in fields):
                yield f"{locale}/{path.name}: another field than in {sources[0]!r}"
            if sorted(_TAG.findall(string)) != sorted(_TAG.findall(sources[-1])):
                yield f"{locale}/{path.name}: other tags than in {sources[0]!r}"
            if path.stem == VOICE:
                yield from _unspeakable(f"{locale}/{path.name}", string, sources[0])


def _prompts_damaged() -> Iterator[str]:
    """Yield each prompt that cannot be said as it stands in its template."""
    for message in template(VOICE):
        if message.id:
            yield from _unspeakable("templates/voice", str(message.id), str(message.id))


def _unspeakable(where: str, string: str, source: str) -> Iterator[str]:
    """Yield what is wrong with a sentence of a call: its keys must be those of *source*, and it must be sayable."""
    if _digits(string) != _digits(source):
        yield f"{where}: other digits, or in another order, than in {source!r}"
    if len(string) > LONGEST_PROMPT:
        yield f"{where}: longer than {LONGEST_PROMPT} letters: {source!r}"
    if _FIELD.search(string) or UNREADABLE.search(string):
        yield f"{where}: a sign that cannot be said aloud in {source!r}"
    if BANNED_IN_CALLS.search(string):
        yield f"{where}: it tells who overhears it too much: {source!r}"


def _digits(text: str) -> list[int]:
    """Return the digits of *text* in their order, of whatever script."""
    return [unicodedata.digit(letter) for letter in text if letter.isdigit()]


def _too_long(languages: Languages) -> Iterator[str]:
    """Yield each automatic SMS that takes too many parts, or holds a word that providers act on."""
    for locale in languages.offered:
        for folder in sorted((_TEMPLATES / "messages").iterdir()):
            if not (folder / "sms.txt").exists():
                continue
            text = messages.render(languages, folder.name, Channel.SMS, locale, **LONGEST_FACTS)
            most = 1 if folder.name in ONE_PART else 2
            if messages.segments(text) > most or not text:
                yield f"{locale}: the SMS {folder.name} takes more than {most} parts"
            if BANNED_WORDS.search(text.upper() if locale == SOURCE else text):
                yield f"{locale}: the SMS {folder.name} holds a word that providers act on"
        for name, text in messages.phrases(languages, locale).items():
            if len(text.encode("utf-16-le")) // 2 > LONGEST_PHRASE:
                yield f"{locale}: the phrase {name} is longer than {LONGEST_PHRASE} units"
            if BANNED_WORDS.search(text.upper() if locale == SOURCE else text):
                yield f"{locale}: the phrase {name} holds a word that providers act on"
