"""Every address of the desk, with ids that are real and with ids that never were: for whoever tries all of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, event, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hotline.store import metadata
from tests.cast import Member
from tests.house import ORIGIN, House

PLACEHOLDER = re.compile(r"<(?:[^>:]*:)?([^>]+)>")
_ID = re.compile(r"[0-9a-f]{32}")
_FIELDS = ("seq", "read", "file", "word", "words", "why", "note", "text", "purpose", "remark")
FORM = dict.fromkeys(_FIELDS, "1")
"""A form that is as whole as a stranger can make it."""


@dataclass(frozen=True)
class Try:
    """One address, asked in one way, with a real id in it and with one that never was."""

    method: str
    real: str
    never: str
    endpoint: str


def tries(house: House, ids: dict[str, str]) -> Iterator[Try]:
    """Yield every address of the desk that names something, with *ids* by the names that addresses have for them."""
    for rule in desk_rules(house):
        names = PLACEHOLDER.findall(rule.rule)
        if not any(name in ids for name in names):
            continue
        real, never = (
            PLACEHOLDER.sub(lambda found, of=of: of.get(found[1], "0" * 32), rule.rule)
            for of in (ids, {name: f"{n:032x}" for n, name in enumerate(ids, 0xABC)})
        )
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Try(method, real, never, rule.endpoint)


def pages(house: House, ids: dict[str, str]) -> Iterator[str]:
    """Yield the address of every page of the desk, with *ids* in it where it names something."""
    for rule in desk_rules(house):
        if "GET" in (rule.methods or set()):
            yield PLACEHOLDER.sub(lambda found: ids.get(found[1], "0" * 32), rule.rule)


def desk_rules(house: House) -> Iterator[Rule]:
    for rule in house.app.url_map.iter_rules():
        if rule.rule.startswith("/console"):
            yield rule


def ids_in(house: House) -> dict[str, str]:
    """Return a real id for each name of one that addresses have, as far as the database holds such a thing.

    What a name means follows from the tables: a lead's id is one of ``leads``, an ask's one of ``asks``.
    """
    found = {}
    with house.hotline.store.read() as session:
        for table in metadata.sorted_tables:
            if "id" not in table.c:
                continue
            one = session.execute(select(table.c.id).limit(1)).scalar_one_or_none()
            if isinstance(one, str) and _ID.fullmatch(one):
                found[f"{_singular(table.name)}_id"] = one
    return found


def _singular(name: str) -> str:
    words = {
        "agencies": "agency",
        "reveal_requests": "request",
        "legal_processes": "process",
        "duties": "duty",
        "best_interests": "interest",
        "handoffs": "offer",
        "disclosures": "told",
        "interpretings": "work",
        "given_words": "candidate",
        "lead_questions": "question",
        "waiting_leads": "waiting",
    }
    return words.get(name, name.removesuffix("s"))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Note what is asked of the database: what takes other questions takes another time."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def asks(member: Member | None, house: House, method: str, path: str, **more: str) -> TestResponse:
    """Ask for *path* as *member*, or as somebody without a session; a form says *more* than `FORM`."""
    client = member.client if member else house.app.test_client()
    form = {**FORM, **more} if method == "POST" else None
    return client.open(path, method=method, base_url=ORIGIN, data=form)
