"""What adversaries really try while the house is open, and what it really gives them.

Every try returns the labels of the canaries that it brought to light, and where each was. Nobody is stopped by
anything but the vault: whoever robs a house also has our code.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from sqlalchemy import func, select

from hotline.audit.tables import audit_log, audit_waiting
from hotline.operate.seizure import seized
from hotline.operate.seizure.browser import Browser, links
from hotline.operate.seizure.burglar import Burglar
from hotline.operate.seizure.desk import Desk, reveal_first
from hotline.operate.seizure.doors import text_again
from hotline.operate.seizure.house import House, children_of
from hotline.operate.seizure.searching import Search
from hotline.operate.seizure.seized import Piece
from hotline.operate.seizure.voices import call_again
from hotline.vault.keyfolder import KeyFolder

_LOGS = (audit_log, audit_waiting)
_ID = re.compile("[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TAG = re.compile("<[^>]*>")
_SAYS_NO_MORE = re.compile(r"/(?:report|prompts)/[^?]*\?|[?&]lang=")
"""
Addresses of what is read elsewhere: a report's page with a question in its address says nothing that it does not say
without; what callers hear is the same whatever language it is shown beside; and a page is the same in each language.
"""
_DIRECTORY = "/console/directory"
_SENTENCES = re.compile(r"^(/console/(?:languages|prompts)/)[^/?]+(/?)[^/?]*$")
"""Pages that know nothing of reports: one of each kind is read."""


@dataclass
class Loot:
    """What one adversary brought to light: *got* maps a label to where it was; *tried* says what was done."""

    adversary: str
    tried: list[str] = field(default_factory=list)
    got: dict[str, str] = field(default_factory=dict)

    def adds(self, labels: Iterable[str], where: str) -> None:
        for label in labels:
            self.got.setdefault(label, where)


@dataclass
class Drill:
    """A house that was told everything, and what to look for in it. *reports* are the addresses of all reports."""

    house: House
    desk: Desk
    search: Search
    reports: list[str]
    with_memory: bool = False

    def reads(self, loot: Loot, pieces: Iterable[Piece]) -> None:
        """Look through *pieces*."""
        for where, content in pieces:
            loot.adds(self.search.found(content) | self.search.found(where.encode()), where)

    def opens(self, loot: Loot, burglar: Burglar, where: str) -> None:
        """Look through everything that *burglar* opens."""
        for plain in burglar.opens():
            loot.adds(self.search.found(plain), where)

    @contextmanager
    def burglary(self, locks: Path | None) -> Iterator[Burglar]:
        """Yield a burglar in the house's database, with the folder *locks*, or without a single lock."""
        nowhere = self.house.folder / "no locks"
        with self.house.store() as store, store.read() as session:
            yield Burglar(session, locks or nowhere)


def laptop(drill: Drill) -> Loot:
    """Read what the server shows for a caseworker's cookie."""
    loot = Loot(
        "laptop", ["every page that one caseworker's cookie opens", "every report by address"]
    )
    noor = drill.desk.browsers["noor"]
    _crawl(drill, loot, noor)
    before = _lines_written(drill)
    opened = reveal_first(noor, drill.desk.texted[0])
    said = "revealed" if _lines_written(drill) > before else "revealed without a line"
    loot.adds({f"{said} {label}" for label in _found(drill, opened)}, "by a reveal")
    loot.tried.append("a reveal")
    return loot


def interpreter(drill: Drill) -> Loot:
    """Read what the server shows to an interpreter, and open with their cookie, the database and every key file."""
    tried = ["every page that their cookie opens", "every report by address"]
    loot = Loot("interpreter", [*tried, "the cookie on every row, with every lock"])
    _crawl(drill, loot, drill.desk.browsers["ivan"])
    with drill.burglary(KeyFolder(drill.house.keys).locks) as burglar:
        burglar.finds_cookie(_cookie_of(drill, "ivan"))
        drill.opens(loot, burglar, "opened with the cookie and the locks")
    return loot


def another_desk(drill: Drill) -> Loot:
    """Read what the server shows to a caseworker of another desk."""
    loot = Loot("another desk", ["every page that their cookie opens", "every report by address"])
    _crawl(drill, loot, drill.desk.browsers["tess"])
    return loot


def administrator(drill: Drill) -> Loot:
    """Read what the server shows to an administrator, to an investigator and to an auditor."""
    loot = Loot("administrator", ["every page that their cookies open", "every report by address"])
    for username in ("adam", "vera", "omar"):
        _crawl(drill, loot, drill.desk.browsers[username])
    return loot


def agency(drill: Drill) -> Loot:
    """Ask for what anybody may ask for, for what nobody may, and for the feeds as an agency does."""
    loot = Loot("agency", ["the feeds with a token", "public pages", "every report by address"])
    browser = Browser(drill.house.url)
    pages = ["/", "/en/new", "/en/again", "/directory/services", "/log/", "/console/", "/healthz"]
    for path in [*pages, *drill.reports, "/taxii2/"]:
        loot.adds(_found(drill, browser.tries("GET", path)), path)
    bearer = {"Authorization": f"Bearer {drill.house.feed_token}"}
    feeds = ("leads.json", "leads.csv", "misp/manifest.json", "misp/hashes.csv")
    collections = "/taxii2/leads/collections/"
    taxii = ("/taxii2/", collections, f"{collections}leads/objects/?limit=1000")
    for path in (*taxii, *(f"/feeds/{name}" for name in feeds)):
        loot.adds(_found(drill, browser.tries("GET", path, headers=bearer)), path)
    return loot


def cookie_and_database(drill: Drill) -> Loot:
    """Open with a caseworker's cookie and the database, without the key files."""
    loot = Loot("cookie and database", ["the cookie on every row, without a lock"])
    with drill.burglary(None) as burglar:
        burglar.finds_cookie(_cookie_of(drill, "noor"))
        drill.opens(loot, burglar, "opened with the cookie")
    return loot


def cookie_and_server(drill: Drill) -> Loot:
    """Open with a caseworker's cookie, the database and every key file."""
    loot = Loot("cookie and server", ["the cookie on every row, with every lock"])
    with drill.burglary(KeyFolder(drill.house.keys).locks) as burglar:
        burglar.finds_cookie(_cookie_of(drill, "noor"))
        drill.opens(loot, burglar, "opened with the cookie and the locks")
    return loot


def provider(drill: Drill) -> Loot:
    """Read what the provider still holds."""
    loot = Loot("provider", ["every text, call and recording that the account still lists"])
    text_again(drill.house)
    call_again(drill.house)
    for text in drill.house.network.texts(lambda _: True):
        words = "\n".join([text.body, text.to, text.sender])
        loot.adds(drill.search.found(words.encode()), "held by the provider")
    for call in drill.house.network.calls.newest():
        loot.adds(drill.search.found(call.sender.encode()), "held by the provider")
    for recording in drill.house.network.recordings.newest():
        loot.adds(drill.search.found(recording.content), "held by the provider")
    return loot


def running(drill: Drill) -> Loot:
    """Look at what the system tells of the processes while they run."""
    loot = Loot("running", ["environment, command line, open files without a name"])
    for pid in _processes(drill):
        drill.reads(loot, seized.around(pid))
        if not seized.writes_no_core(pid):
            loot.adds(["a core file"], "allowed by the limits of a process")
    return loot


def memory(drill: Drill) -> Loot:
    """Read everything that the processes have in memory and can write to, as a core dump would have it."""
    loot = Loot("memory", ["every byte, as it is, zipped or in base64"])
    for pid in _processes(drill):
        for piece in seized.memory(pid):
            loot.adds(drill.search.found_raw(piece), "in memory")
    return loot


Try = Callable[[Drill], Loot]

TRIES: tuple[Try, ...] = (
    laptop,
    interpreter,
    another_desk,
    administrator,
    agency,
    cookie_and_database,
    cookie_and_server,
    provider,
    running,
)


def _found(drill: Drill, page: str) -> set[str]:
    """Return what a page says, as it is sent and as it is read: a phrase may be broken by tags."""
    read = unescape(_TAG.sub("", page))
    return drill.search.found(page.encode()) | drill.search.found_plain(read.encode())


def _processes(drill: Drill) -> list[int]:
    return [pid for process in drill.house.processes for pid in children_of(process.pid)]


def _lines_written(drill: Drill) -> int:
    """Return how many lines of the log say that somebody looked at who somebody is."""
    with drill.house.store() as store, store.read() as session:
        counts = (select(func.count()).where(table.c.did == "reveal") for table in _LOGS)
        return sum(session.execute(count).scalar_one() for count in counts)


def _cookie_of(drill: Drill, username: str) -> str:
    return drill.desk.browsers[username].cookie("key", "__Host-key")


def _crawl(drill: Drill, loot: Loot, browser: Browser) -> None:
    """Read every page that leads on from the first one, and every report by its address."""
    waiting, seen = ["/console/", *drill.reports], set[str]()
    while waiting:
        path = waiting.pop()
        kind = _kind_of(path)
        if kind in seen:
            continue
        seen.add(kind)
        page = browser.tries("GET", path)
        loot.adds(_found(drill, page), f"shown at {_ID.sub('…', path)}")
        waiting += {link for link in links(page, "/console/") if not _SAYS_NO_MORE.search(link)}


def _kind_of(path: str) -> str:
    """Return what *path* has in common with pages of which one is read for all: services, and our own sentences."""
    if path.startswith(_DIRECTORY):
        return _ID.sub("…", path).partition("?")[0]
    return _SENTENCES.sub(r"\1…\2", path)
