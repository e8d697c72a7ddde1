"""Review what is masked in a report before anything of it leaves: each placeholder, and what the machine missed.

While a review is open each act can be taken back, and what somebody masked is masked wherever it is read. *Reviewed*
makes it permanent, message by message: whoever says so answers for it that nothing was missed. A new message, or a
further act on an old one, makes the report one that is not reviewed.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import update

from hotline import audit
from hotline.domain.identity import Label
from hotline.domain.staff import Right
from hotline.errors import Conflict, Malformed, NotFound
from hotline.reports.belonging import lock
from hotline.store import Session
from hotline.triage import reviews
from hotline.triage.tables import accepted_roles
from hotline.triage.translations import forget_message
from hotline.vault import given, handed
from hotline.vault.contents import Account
from hotline.vault.keyring import Keyring
from hotline.vault.marks import (
    ACCEPTED,
    MOST_MARKS,
    REJECTED,
    Act,
    Mark,
    Marks,
    RangeRefused,
    Supplement,
    TooManyMarks,
    checked,
    clear_of,
    covers,
    found,
)
from hotline.vault.masking import masked, names_in, put_back, relabelled
from hotline.vault.opening import Keyholder
from hotline.vault.remasking import keep_marks, replace_account
from hotline.vault.reviewed import Reviewed
from hotline.vault.sealing import Spot


class Changed(Conflict):
    default_message = "the account has changed since it was shown"


class SpanReview:
    """The messages of a report, opened in the transaction in which something is decided about them.

    Raises:
        Refused: without the right to reply.
        NotFound: the keyholder's desk has no such report.
    """

    def __init__(
        self,
        session: Session,
        report_id: str,
        *,
        keyholder: Keyholder,
        keyring: Keyring,
        at: datetime,
    ) -> None:
        keyholder.require(Right.REPLY)
        lock(session, report_id, desk=keyholder.desk)
        self._session, self._report_id, self._at = session, report_id, at
        self._me, self._keyring = keyholder, keyring
        self._seqs = reviews.told(session, report_id)
        self._opened = keyholder.open_reviews(session, report_id, self._seqs)

    def decide(self, seq: int, name: str, decision: str, *, seen: str) -> None:
        """Accept or reject the placeholder *name* of a message, or give it another label.

        Raises:
            Malformed: there is no such placeholder or decision.
            Changed: the account is not the one that was *seen*.
        """
        its = self._find(seq, seen)
        if decision not in (ACCEPTED, REJECTED, *Label) or name not in names_in(its.stored.text):
            raise Malformed(ref=self._report_id)
        self._keep({seq: [Act(self._next, name, decision)]})

    def mark(self, seq: int, start: int, end: int, label: str, *, seen: str) -> None:
        """Mask a range of a message that the machine missed.

        Raises:
            RangeRefused: it cannot be masked; see `marks.checked`.
            Changed: the account is not the one that was *seen*.
        """
        its = self._find(seq, seen)
        start, end = checked(its.stored.text, start, end)
        self._keep({seq: [self._mark(its, start, end, _label(label))]})

    def mark_words(self, seq: int, words: str, label: str, *, seen: str) -> None:
        """Mask *words* wherever they stand in a message.

        Raises:
            RangeRefused: they stand nowhere in it, or are masked there already.
            TooManyMarks: they stand too often in it.
            Changed: the account is not the one that was *seen*.
        """
        its, named = self._find(seq, seen), _label(label)
        tag = self._tag(words.strip(), named)
        acts = [Act(self._next, "", "", *one, named.value, tag) for one in _open_ranges(its, words)]
        if not acts:
            raise RangeRefused(ref=self._report_id)
        self._keep({seq: acts})

    def take_off(self, seq: int, start: int, end: int, *, seen: str) -> None:
        """Let what somebody masked by hand be read again.

        Raises:
            Malformed: nothing is masked by hand there.
            Changed: the account is not the one that was *seen*.
        """
        self._mark_at(self._find(seq, seen), start, end)
        self._keep({seq: [Act(self._next, start=start, end=end)]})

    def equal(self, seq: int, name: str, *, seen: str) -> None:
        """Decide about all that is the same as the placeholder *name*, in every message, as about that one.

        Raises:
            Malformed: there is no such placeholder.
            Changed: the account is not the one that was *seen*.
        """
        its = self._find(seq, seen)
        if name not in names_in(its.stored.text):
            raise Malformed(ref=self._report_id)
        decision, tag = its.marks.decisions.get(name, ACCEPTED), its.stored.tags.get(f"[{name}]")
        acts = {seq: [Act(self._next, name, decision)]}
        for number, one in self._opened.items():
            same = [
                each
                for each in names_in(one.stored.text)
                if one.stored.tags.get(f"[{each}]") == tag
            ]
            if tag is not None and same:
                acts[number] = [Act(self._next, each, decision) for each in same]
        self._keep(acts)

    def mark_equal(self, seq: int, start: int, end: int, *, seen: str) -> None:
        """Mask all that reads as what is masked by hand there, in every message.

        Raises:
            Malformed: nothing is masked by hand there.
            TooManyMarks: it stands too often in one of them; none is masked.
            Changed: the account is not the one that was *seen*.
        """
        its = self._find(seq, seen)
        mark = self._mark_at(its, start, end)
        words = its.stored.text[mark.start : mark.end]
        self._keep(
            {
                number: [
                    Act(self._next, "", "", *one, mark.label.value, mark.tag)
                    for one in _open_ranges(other, words)
                ]
                for number, other in self._opened.items()
            }
        )

    def undo(self) -> None:
        """Take back what was done last, in every message that it was done to.

        Raises:
            NotFound: there is nothing to take back.
        """
        last = self._next - 1
        if last == 0:
            raise NotFound(ref=self._report_id)
        for seq, one in self._opened.items():
            if any(act.n == last for act in one.marks.acts):
                self._put(seq, one.marks.without(last))

    def finish(self, seen: Mapping[int, str]) -> None:
        """Say that messages are reviewed: by number with what was *seen* of each, empty where it does not open.

        What nobody decided about is accepted. What only answers what we asked is reviewed with any of them.

        Raises:
            Changed: one of them is not as it was seen; nothing is reviewed.
            NotFound: there is no such message.
        """
        before = reviews.reviewed(self._session, self._report_id)
        for seq, its_seen in seen.items():
            if seq not in self._seqs and seq not in before:
                raise NotFound(ref=self._report_id)
            if its_seen != (self._opened[seq].seen if seq in self._opened else ""):
                raise Changed(ref=self._report_id)
        keys = {seq for seq, one in self._opened.items() if one.stored.details.get("key")}
        for seq in sorted((keys | seen.keys()) - before.keys()):
            self._finish(seq)

    def show_word(self, seq: int, name: str, words: str) -> None:
        """Put *words* back where their placeholder stands in a message: they were masked and are ordinary.

        Raises:
            Refused: without the right to reveal, which alone shows such words.
            NotFound: there is no such placeholder.
        """
        self._me.require(Right.REVEAL)
        its = self._opened.get(seq)
        if its is None or name not in names_in(its.stored.text):
            raise NotFound(ref=self._report_id)
        account, moved = put_back(its.stored, f"[{name}]", words)
        marks = Marks(tuple(_moved(act, moved) for act in its.marks.acts if act.name != name))
        self._replace(seq, account, Supplement())
        keep_marks(self._session, self._keyring, self._spot(seq), marks)
        self._write_down("word_shown", f"{seq} {name}")

    @property
    def _next(self) -> int:
        return 1 + max((one.marks.last for one in self._opened.values()), default=0)

    def _find(self, seq: int, seen: str) -> Reviewed:
        its = self._opened.get(seq)
        if its is None:
            raise NotFound(ref=self._report_id)
        if its.text_seen != seen:
            raise Changed(ref=self._report_id)
        return its

    def _mark(self, its: Reviewed, start: int, end: int, label: Label) -> Act:
        """Return the act that masks a range, and with it the marks that it meets."""
        met = [mark for mark in its.marks.ranges if mark.meets(start, end)]
        start = min([start, *(mark.start for mark in met)])
        end = max([end, *(mark.end for mark in met)])
        tag = self._tag(its.stored.text[start:end], label)
        return Act(self._next, start=start, end=end, label=label.value, tag=tag)

    def _tag(self, words: str, label: Label) -> str:
        """Return what is the same for the same words in the whole report, and follows from nothing."""
        for one in self._opened.values():
            for mark in one.marks.ranges:
                text = one.stored.text[mark.start : mark.end]
                if mark.label == label and text.casefold() == words.casefold():
                    return mark.tag
        return secrets.token_hex(8)

    def _mark_at(self, its: Reviewed, start: int, end: int) -> Mark:
        mark = next((one for one in its.marks.ranges if (one.start, one.end) == (start, end)), None)
        if mark is None:
            raise Malformed(ref=self._report_id)
        return mark

    def _keep(self, acts: Mapping[int, Iterable[Act]]) -> None:
        for seq, done in acts.items():
            before = self._opened[seq].marks
            marks = before.plus(*done)
            if marks == before:
                continue
            if len(marks.ranges) > max(MOST_MARKS, len(before.ranges)):
                raise TooManyMarks(ref=self._report_id)
            self._put(seq, marks)
            reviews.take_back(self._session, self._report_id, seq)

    def _put(self, seq: int, marks: Marks) -> None:
        """Keep what is decided about a message now; what lies with interpreters goes where more is masked than before."""
        keep_marks(self._session, self._keyring, self._spot(seq), marks)
        if not covers(self._opened[seq].marks.ranges, marks.ranges):
            handed.take_back_message(self._session, self._report_id, seq)

    def _finish(self, seq: int) -> None:
        counted = (0, 0, 0)
        if seq in self._opened:
            counted = self._settle(seq, self._opened[seq])
        reviews.keep(self._session, self._report_id, seq, by=self._me.staff_id, at=self._at)
        accepted, rejected, added = counted
        what = f"{seq} accepted {accepted} rejected {rejected} added {added}"
        self._write_down("spans_reviewed", what)

    def _settle(self, seq: int, its: Reviewed) -> tuple[int, int, int]:
        """Make what was decided about a message permanent; return how many were accepted, rejected and added."""
        names, decided = names_in(its.stored.text), its.marks.decisions
        hand = masked(its.stored, its.marks.ranges)
        labels = {name: decided[name] for name in names if decided.get(name) in [*Label]}
        account, renamed = relabelled(hand.account, labels)
        supplement = Supplement(hand.words, renamed)
        if hand.words:
            forget_message(self._session, self._report_id, seq)
        if supplement:
            self._replace(seq, account, supplement)
            self._rename(seq, renamed)
        settled = [
            Act(0, new, _settled(decided.get(name)))
            for name in names
            if (new := renamed.get(f"[{name}]", f"[{name}]")[1:-1]) in names_in(account.text)
        ]
        keep_marks(self._session, self._keyring, self._spot(seq), Marks(tuple(settled)))
        rejected = sum(act.decision == REJECTED for act in settled)
        return len(names) - rejected, rejected, len(hand.words)

    def _replace(self, seq: int, account: Account, supplement: Supplement) -> None:
        digests = replace_account(
            self._session, self._keyring, self._spot(seq), account, supplement
        )
        self._write_down("account_replaced", f"message {digests}")

    def _rename(self, seq: int, renamed: Mapping[str, str]) -> None:
        """Let what else is kept about a placeholder know its new name."""
        rows = accepted_roles.c
        for old, new in renamed.items():
            its = (
                rows.report_id == self._report_id,
                rows.seq == seq,
                rows.placeholder == old[1:-1],
            )
            change = update(accepted_roles).where(*its).values(placeholder=new[1:-1])
            self._session.execute(change)
            given.rename(self._session, self._report_id, seq, old[1:-1], new[1:-1])

    def _spot(self, seq: int) -> Spot:
        return Spot(self._me.desk, self._report_id, seq)

    def _write_down(self, did: str, what: str) -> None:
        audit.record(
            self._session,
            at=self._at,
            who=self._me.staff_id,
            did=did,
            desk=self._me.desk,
            report_id=self._report_id,
            what=what,
        )


def _open_ranges(its: Reviewed, words: str) -> list[tuple[int, int]]:
    """Return where *words* stand in a message and are not masked by hand."""
    spots = found(its.stored.text, words)
    return list(clear_of([(mark.start, mark.end) for mark in its.marks.ranges], spots))


def _label(name: str) -> Label:
    if name not in [*Label]:
        raise Malformed
    return Label(name)


def _settled(decision: str | None) -> str:
    return REJECTED if decision == REJECTED else ACCEPTED


def _moved(act: Act, places: Iterable[tuple[int, int, int, int]]) -> Act:
    """Return an act on a text in which words took the place of a placeholder."""
    start, end = act.start, act.end
    for _, right, _, to in places:
        if right <= act.start:
            start = act.start + to - right
        if right <= act.end:
            end = act.end + to - right
    return replace(act, start=start, end=end)
