"""Search: by reference, by facts, and by words within the accounts that these facts leave.

The words are sent in a form and brought along in it from step to step. They stand in no address, and nowhere else
once the page is closed; the log says that somebody searched, never for what.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit
from hotline.console.numbers import number_in
from hotline.console.placeholders import Numbering, Piece, pieces
from hotline.console.queue import in_rows, with_previews
from hotline.console.reasons import telling
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.sifting import FACTS, Chosen, chosen_in
from hotline.console.speech import countries
from hotline.domain.staff import Right
from hotline.leads.codes import COUNTRIES
from hotline.parts import here
from hotline.store import Session
from hotline.triage import finding
from hotline.triage.finding import Facts, Hit
from hotline.triage.languages import languages_of, readers
from hotline.triage.rows import QueueRow
from hotline.triage.tabs import tallies
from hotline.triage.tags import everything as all_tags
from hotline.triage.wording import NoWords, Words, around
from hotline.vault.contents import Account
from hotline.vault.reviewed import Message

searching = room("searching", Right.REPLY)

MOST_FOUND = 100
"""So many messages one search finds; then it is to be narrowed."""

_FOUND = re.compile(r"([0-9a-f]{32})-([1-9][0-9]{0,5})")
_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST = 200


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """What a page tells of a hit: its report, and the words about those that were looked for."""

    row: QueueRow
    seq: int
    before: list[Piece]
    words: list[Piece]
    after: list[Piece]


@dataclass(frozen=True, slots=True, repr=False)
class Search:
    """How far a search for words is: *looked* of about *total* reports. *is_on* says that it goes on by itself."""

    words: str
    after: str
    looked: int
    total: int
    found: tuple[str, ...]
    is_on: bool
    is_stopped: bool

    @property
    def is_counted(self) -> bool:
        """Tell whether *total* is all there is: of very many, nobody counts how many."""
        return self.total < finding.COUNTED

    @property
    def is_full(self) -> bool:
        return len(self.found) >= MOST_FOUND


@searching.get("/search")
def show_search() -> Response:
    """Show what can be searched by, and what was found by facts where some are in the address."""
    me, after = g.keyholder, request.args.get("after", "")
    with here().store.read() as session:
        chosen = _chosen(session, FACTS, request.args)
        facts = _form(session, chosen)
        if chosen or "all" in request.args:
            page = finding.found_page(
                session,
                desk=me.desk,
                staff_id=me.staff_id,
                facts=facts_of(chosen),
                after=after if _ID.fullmatch(after) else "",
            )
            facts |= {"page": page, **in_rows(with_previews(session, page.rows))}
    return show("console/search.html", after=after, **facts)


@searching.post("/search/reference")
def find_reference() -> AnyResponse:
    """Open the report that is called so; where two are, or none, say so."""
    typed, me = request.form.get("reference", "")[:20], g.keyholder
    with here().store.read() as session:
        ids = finding.by_reference(session, typed, desk=me.desk, staff_id=me.staff_id)
        if len(ids) == 1:
            return go("report.show_report", report_id=ids[0])
        facts = _form(session, _chosen(session, (), request.args))
    return show(
        "console/search.html",
        status=200 if ids else 404,
        after="",
        **{**facts, "same": ids, "asked": finding.tidied(typed)},
    )


@searching.post("/search")
def search() -> AnyResponse:
    """Look for words in the next accounts, and show how far it is; without words, find by facts alone."""
    form = request.form
    with here().store.read() as session:
        chosen = _chosen(session, FACTS, form)
    if not form.get("words", "").strip():
        return go("searching.show_search", **(chosen.kept or {"all": "yes"}))
    return _step(Words.of(form["words"]), chosen)


@searching.errorhandler(NoWords)
def ask_for_words(_error: NoWords) -> Response:
    """Show the form again: what was typed has no letter in it."""
    with here().store.read() as session:
        facts = _form(session, _chosen(session, FACTS, request.form))
    return show("console/search.html", status=422, after="", **{**facts, "fault": "words"})


def facts_of(chosen: Chosen) -> Facts:
    return Facts(
        chosen.filters,
        status=chosen.get("status"),
        first=chosen.get("from"),
        last=chosen.get("to"),
    )


def _step(words: Words, chosen: Chosen) -> Response:
    form, me, facts = request.form, g.keyholder, facts_of(chosen)
    after = form.get("after", "") if _ID.fullmatch(form.get("after", "")) else ""
    is_stopped = "stop" in form
    if not after:
        _write_down()
    with here().store.read() as session:
        hits = finding.open_hits(session, me, _found_before(), words)
        looked, goes_on = number_in(form, "looked") or 0, after
        if not is_stopped:
            its = finding.look_through(session, me, words, facts=facts, after=after)
            hits, looked, goes_on = (*hits, *its.hits), looked + its.looked, its.next
        total = number_in(form, "total")
        if total is None:
            total = finding.about_how_many(session, desk=me.desk, staff_id=me.staff_id, facts=facts)
        told = _told(session, hits[:MOST_FOUND])
        page = _form(session, chosen)
    found = tuple(f"{hit.report_id}-{hit.seq}" for hit in hits[:MOST_FOUND])
    is_on = bool(goes_on) and len(found) < MOST_FOUND and not is_stopped
    its_search = Search(
        form["words"][:_LONGEST], goes_on, looked, max(total, looked), found, is_on, is_stopped
    )
    return show("console/search.html", after="", told=told, **{**page, "search": its_search})


def _write_down() -> None:
    """Write down that somebody began to look through accounts: never for what."""
    me, at = g.keyholder, g.at
    here().store.write(
        lambda session: audit.record(session, at=at, who=me.staff_id, did="search", desk=me.desk)
    )


def _found_before() -> Sequence[Message]:
    """Return what the form brings along of earlier steps."""
    sent = request.form.getlist("found")[:MOST_FOUND]
    matched = filter(None, map(_FOUND.fullmatch, sent))
    return list(dict.fromkeys((one[1], int(one[2])) for one in matched))


def _told(session: Session, hits: Sequence[Hit]) -> list[Told]:
    rows = finding.rows_of(session, [hit.shown_in for hit in hits])
    return [_one(rows[hit.shown_in], hit) for hit in hits if hit.shown_in in rows]


def _one(row: QueueRow, hit: Hit) -> Told:
    (start, end), text, numbering = hit.at, hit.account.text, Numbering()
    first, last = around(text, start, end)
    parts = (text[first:start], text[start:end], text[end:last])
    before, words, after = (
        pieces(Account(part, tags=hit.account.tags), numbering, seq=hit.seq) for part in parts
    )
    return Told(row, hit.seq, before, words, after)


def _chosen(session: Session, names: Sequence[str], sent: Any) -> Chosen:
    return chosen_in(sent, names, reads=languages_of(session, g.keyholder.staff_id))


def _form(session: Session, chosen: Chosen) -> dict[str, Any]:
    """Return what the form is made of."""
    me, house = g.keyholder, here()
    counted = tallies(session, me.desk, me.staff_id, at=g.at)
    picked = {chosen.get("language")} - {"", "mine"}
    known = {*counted.languages, *readers(session, me.desk), *house.languages.offered, *picked}
    return {
        "chosen": chosen,
        "in_languages": sorted(known),
        "tags": all_tags(session, me.desk),
        "countries": countries(COUNTRIES),
        "today": g.at.date().isoformat(),
        "telling": telling,
        "page": None,
        "search": None,
        "same": None,
        "asked": "",
        "fault": "",
        "most_found": MOST_FOUND,
    }
