"""Review what was masked in a message, and why; give a word back that is ordinary; accept a role that is proposed.

The original words stand on the page, so each look goes through a reveal: it is written down before anything opens, and
every act opens them anew. The browser names placeholders only; the words behind them come out of the seal.
"""

from dataclasses import dataclass

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.explained import Explained, Masked, explain
from hotline.console.reading import Reading, Said, read_report
from hotline.console.revealing import (
    Opened,
    approved_for,
    ask_a_colleague,
    ask_for_words,
    asked_for,
    closing,
    open_asked,
    open_granted,
)
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.errors import Malformed, NotFound
from hotline.parts import here
from hotline.store import Session
from hotline.triage import given_back
from hotline.triage.given_back import Word
from hotline.triage.revealing import Look, SecondNeeded
from hotline.triage.roles import accept_role, roles_of
from hotline.triage.spans import SpanReview
from hotline.vault.contents import Account
from hotline.vault.given import given_of
from hotline.vault.marks import REJECTED
from hotline.vault.requests import Request
from hotline.vault.revealing import WORDS, RevealRefused

reviewing = room("reviewing", Right.REVEAL)
reviewing.register_error_handler(RevealRefused, ask_for_words)

SECONDS_OPEN = 5 * 60


@dataclass(frozen=True, slots=True, repr=False)
class Review:
    """A message whose words are open, and what was decided about each of them."""

    reading: Reading
    said: Said
    opened: Opened
    explained: Explained

    @property
    def rejected(self) -> frozenset[str]:
        """The placeholders that somebody took for ordinary when the account was reviewed."""
        decisions = self.said.review.marks.decisions if self.said.review else {}
        return frozenset(name for name, said in decisions.items() if said == REJECTED)


@reviewing.post("/report/<report_id>/review")
def show_review(report_id: str) -> AnyResponse:
    return _page(_review(report_id))


@reviewing.post("/report/<report_id>/review/give")
def give_back(report_id: str) -> AnyResponse:
    """Hand the marked words, sealed, to whoever decides about them."""
    review = _review(report_id)
    words = [_word(review, name) for name in dict.fromkeys(request.form.getlist("word"))]
    hotline, me, at = here(), g.keyholder, g.at
    new = hotline.store.write(
        lambda session: given_back.give_back(
            session,
            me,
            hotline.keyring,
            words,
            report_id=report_id,
            seq=review.opened.seq,
            language=review.explained.language,
            at=at,
        )
    )
    return _page(review, given_now=new)


@reviewing.post("/report/<report_id>/review/role")
def accept(report_id: str) -> AnyResponse:
    """Accept a role that is proposed: what the machine does not propose cannot be sent."""
    review = _review(report_id)
    name, _, role = request.form.get("role", "").rpartition(" ")
    one = review.explained.find(name)
    if one is None or one.proposal is None or one.proposal.role != role:
        raise Malformed(ref=report_id)
    hotline, me, at = here(), g.keyholder, g.at
    hotline.store.write(
        lambda session: accept_role(
            session,
            me,
            hotline.keyring,
            report_id=report_id,
            seq=review.opened.seq,
            placeholder=name,
            role=role,
            at=at,
        )
    )
    return _page(review)


@reviewing.post("/report/<report_id>/review/show")
def show_word(report_id: str) -> AnyResponse:
    """Let a word be read in this report again that was masked, and that a review took for ordinary."""
    review = _review(report_id)
    one = review.explained.find(request.form.get("show", ""))
    if one is None or not one.is_here or one.name not in review.rejected:
        raise Malformed(ref=report_id)
    me, keyring, at, seq = g.keyholder, here().keyring, g.at, review.opened.seq
    name, words = one.name, one.words

    def write(session: Session) -> None:
        spans = SpanReview(session, report_id, keyholder=me, keyring=keyring, at=at)
        spans.show_word(seq, name, words)

    here().store.write(write)
    return _page(_again(review), shown_now=True)


@reviewing.errorhandler(SecondNeeded)
def ask_first(_error: SecondNeeded) -> AnyResponse:
    return ask_a_colleague(asked_for(str((request.view_args or {})["report_id"])))


def _review(report_id: str) -> Review:
    """Open the message that the form names, after that was written down, and explain it.

    Raises:
        NotFound: there is no such message, or nothing in it could be told apart when it came in.
        Malformed: the form asks for something else than the words.
        SecondNeeded: a colleague must approve it first.
    """
    wanted = _wanted(report_id)
    if wanted.field != WORDS:
        raise Malformed(ref=report_id)
    with here().store.read() as session:
        reading = read_report(session, g.keyholder, report_id)
    said = reading.of(wanted.seq)
    if said is None or said.account is None or said.is_withheld:
        raise NotFound(ref=report_id)
    opened = open_asked(wanted) if isinstance(wanted, Look) else open_granted(wanted)
    return _explained(reading, said, opened)


def _explained(reading: Reading, said: Said, opened: Opened) -> Review:
    explained = explain(
        opened.identity.original,
        said.account or Account(""),
        reading.numbering,
        seq=opened.seq,
        locale=reading.facts.locale,
        also=here().kept_words(),
        entities=dict(opened.identity.entities),
    )
    return Review(reading, said, opened, explained)


def _again(review: Review) -> Review:
    """Return the review as it is after something was done, without a further look."""
    report_id, seq = review.reading.facts.id, review.opened.seq
    with here().store.read() as session:
        reading = read_report(session, g.keyholder, report_id)
    said = reading.of(seq)
    return review if said is None else _explained(reading, said, review.opened)


def _wanted(report_id: str) -> Look | Request:
    return approved_for(report_id) if "request" in request.form else asked_for(report_id)


def _word(review: Review, name: str) -> Word:
    """Return the masked word that a form names.

    Raises:
        Malformed: it is none, or one that nobody can give back.
    """
    one: Masked | None = review.explained.find(name)
    if one is None or not one.is_giveable:
        raise Malformed(ref=review.reading.facts.id)
    return Word(name, one.words)


def _page(review: Review, *, given_now: int = 0, shown_now: bool = False) -> Response:
    report_id, seq = review.reading.facts.id, review.opened.seq
    with here().store.read() as session:
        given, roles = given_of(session, report_id, seq), roles_of(session, report_id, seq)
    response = show(
        "console/review.html",
        report=review.reading.facts,
        look=review.opened,
        explained=review.explained,
        given=given,
        given_now=given_now,
        shown_now=shown_now,
        rejected=review.rejected,
        roles=roles,
        seconds=SECONDS_OPEN,
    )
    return closing(response, report_id, SECONDS_OPEN)
