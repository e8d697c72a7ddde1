"""Everything that the page of a report shows, opened in the reader's own session."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hotline import audit, triage
from hotline.console.placeholders import Numbering, Piece, name_of, pieces, quote
from hotline.domain.report import Direction
from hotline.store import Session
from hotline.triage import Message, ReportFacts, linking, reviews
from hotline.triage.merging import merged_into
from hotline.triage.reviews import Done
from hotline.vault.contents import Account, Identity
from hotline.vault.marks import ACCEPTED, REJECTED
from hotline.vault.masking import BY_HAND
from hotline.vault.opening import Keyholder
from hotline.vault.reviewed import Reviewed


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """One message or note with its words. *account* is None where its seal is broken.

    *review* is what people decided about what is masked in it, and *done* who said that it is reviewed.
    """

    message: Message
    account: Account | None
    pieces: tuple[Piece, ...] = ()
    review: Reviewed | None = None
    done: Done | None = None

    @property
    def is_withheld(self) -> bool:
        """Tell whether no detector could read it: then it is sealed whole, and only a reveal shows it."""
        return bool(self.account and self.account.details.get("withheld"))

    @property
    def heard(self) -> int:
        """Return in which message somebody heard what they typed here; 0 where the reporter wrote it."""
        return int(self.account.details.get("heard", 0)) if self.account else 0

    @property
    def file(self) -> int:
        """Return which file of that message says of itself what stands here; 0 where no file does."""
        return int(self.account.details.get("file", 0)) if self.account else 0

    @property
    def open_spans(self) -> int:
        """Count the placeholders that nobody has decided about, each once."""
        return len({piece.name for piece in self.pieces if piece.state == "proposed"})

    @property
    def words(self) -> int:
        return len(self.account.text.split()) if self.account else 0

    @property
    def chosen(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What they chose as answers: each question, and the codes of its answers as ``question.code``."""
        answers = self.account.details.get("answers", {}) if self.account else {}
        return tuple(
            (
                name,
                tuple(f"{name}.{code}" for code in ([codes] if isinstance(codes, str) else codes)),
            )
            for name, codes in answers.items()
        )

    @property
    def is_key(self) -> bool:
        """Tell whether it only answers what we asked, and is no account."""
        return bool(self.account and self.account.details.get("key"))

    @property
    def rules(self) -> tuple[str, ...]:
        reasons = self.account.reasons if self.account else ()
        return tuple(dict.fromkeys(reason.rule for reason in reasons))


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """A report, read: its facts, what was said, and what was done.

    *merged* are the reports of the same person that were merged into it, by their ids, as far as the reader may see.
    """

    facts: ReportFacts
    said: tuple[Said, ...]
    trail: Sequence[audit.Line] = ()
    quotes: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)
    merged: "Mapping[str, Reading]" = field(default_factory=dict)

    @property
    def told(self) -> tuple[Said, ...]:
        """What the reporter said here, and in the reports that were merged into this one."""
        return self.accounts + tuple(one for its in self.merged.values() for one in its.accounts)

    @property
    def accounts(self) -> tuple[Said, ...]:
        return tuple(s for s in self.said if s.message.direction is Direction.FROM_REPORTER)

    @property
    def unreviewed(self) -> tuple[Said, ...]:
        """What the reporter said and nobody has reviewed."""
        return tuple(one for one in self.accounts if one.done is None)

    @property
    def is_reviewed(self) -> bool:
        """Tell whether everything is, also in what was merged into this report."""
        return not any(one.unreviewed for one in (self, *self.merged.values()))

    @property
    def can_undo(self) -> bool:
        """Tell whether anything of an open review can be taken back."""
        return any(one.review.marks.last for one in self.accounts if one.review)

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """What they chose in the whole conversation; what they chose last counts."""
        return {name: codes for said in self.accounts for name, codes in said.chosen}

    def of(self, seq: int) -> Said | None:
        """Return what was said in message *seq*."""
        return next((one for one in self.said if one.message.seq == seq), None)

    def names(self, seq: int, identity: Identity) -> list[tuple[Piece, str]]:
        """Return what each placeholder of message *seq* stands for, each once."""
        one = self.of(seq)
        if one is None or one.account is None:
            return []
        return [
            (name_of(one.account, name, self.numbering, seq=seq), original)
            for name, original in dict(identity.entities).items()
        ]


def read_report(session: Session, keyholder: Keyholder, report_id: str) -> Reading:
    """Open a report of the reader's desk.

    Raises:
        NotFound: that desk has no such report.
    """
    facts = triage.report_facts(session, report_id, desk=keyholder.desk)
    messages = triage.conversation(session, report_id)
    opened = keyholder.open_reviews(session, report_id, [message.seq for message in messages])
    done = reviews.reviewed(session, report_id)
    numbering = Numbering()
    said = tuple(
        _said(message, opened.get(message.seq), done.get(message.seq), numbering)
        for message in messages
    )
    lines = audit.of_report(session, report_id)
    trail = linking.leave_out_hidden(session, report_id, lines, staff_id=keyholder.staff_id)
    merged = {
        other: read_report(session, keyholder, other)
        for other in merged_into(session, report_id, staff_id=keyholder.staff_id)
    }
    quotes = {rule: words for one in merged.values() for rule, words in one.quotes.items()}
    quotes |= _quotes(said, numbering)
    return Reading(facts, said, trail, quotes, numbering, merged)


def _said(
    message: Message, review: Reviewed | None, done: Done | None, numbering: Numbering
) -> Said:
    if review is None:
        return Said(message, None, done=done)
    read = pieces(review.account, numbering, seq=message.seq)
    placed = tuple(_placed(piece, review) for piece in read)
    return Said(message, review.account, placed, review, done)


def _placed(piece: Piece, review: Reviewed) -> Piece:
    """Return *piece* with where it stands in the account as it lies sealed, and how far its review is.

    What somebody has just masked by hand has no name yet: nothing can be asked for by it before it is permanent.
    """
    at, to = review.masked.stored(piece.at), review.masked.stored(piece.to)
    if not piece.label:
        return replace(piece, at=at, to=to)
    name = f"[{piece.name}]"
    if name in dict(review.masked.words):
        return replace(piece, at=at, to=to, state="added", name="")
    decision = review.marks.decisions.get(piece.name, "")
    if decision == REJECTED:
        state = "through"
    elif name in review.account.details.get(BY_HAND, ()):
        state = "added"
    else:
        state = "accepted" if decision else "proposed"
    label = decision if decision not in ("", ACCEPTED, REJECTED) else ""
    return replace(piece, at=at, to=to, state=state, becomes=label)


def _quotes(said: Iterable[Said], numbering: Numbering) -> dict[str, tuple[Piece, ...]]:
    """Return, for each rule, the first words that it rests on."""
    quotes: dict[str, tuple[Piece, ...]] = {}
    for one in said:
        for reason in one.account.reasons if one.account else ():
            if one.account and reason.end > reason.start:
                words = quote(one.account, reason, numbering, seq=one.message.seq)
                quotes.setdefault(reason.rule, tuple(words))
    return quotes
