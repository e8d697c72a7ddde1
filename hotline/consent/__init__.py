"""Who may learn what, for what, and until when: consent as rows that a person can read and take back.

`may` is the only way to learn whether something may leave; leads and handoff ask it in the transaction that lets it out.
The rules follow the practice of victim advocates (NNEDV and WSCADV on 28 CFR 90.4 and 94.115):

* **One release for each recipient.** A person may also agree to a group; whom they exclude is never told, by no yes.
* **As little as is needed.** A yes lists its fields; whatever is not listed does not leave, and some never do.
* **Limited in time.** Every yes has a last day, at most `LONGEST` after it was given; after `FRESH` it is asked again.
* **Written, to be given; spoken is enough, to be taken back.** What is given on paper, on the web, by text or by
  keypad, with code and code word, stands by itself. What was only spoken to staff needs a second member of staff who
  heard it, and then lasts a month; or a life in danger, and then lasts three days, to ask in writing.
* The very words that were put to the person are kept, sealed to the desk: consent is to those words.
* Taking it back holds at once, for everything that has not left yet; `leads` and `handoff` recall what has.
* While staff doubt that it is the person who acts, nothing new leaves and no yes counts.
* For a child two of us decide, with reasons; never the machine, and never a grown-up who says so alone.
"""

from contextlib import suppress

from hotline.consent import asking, case, excluding, granting, minors, telling
from hotline.consent.asking import Ask, answer, ask, pending
from hotline.consent.case import Case, Decision, ExclusionKind, case_of, may
from hotline.consent.excluding import Exclusion, exclude
from hotline.consent.fields import EVERY_FIELD, HANDOFF, NEVER
from hotline.consent.grant import (
    INVESTIGATORS,
    ConsentRefused,
    GivenHow,
    Grant,
    Purpose,
    Recipient,
    Why,
    Words,
)
from hotline.consent.granting import find, of_report, open_words, record, revoke
from hotline.consent.standing import WAITS_FOR_ANSWER, Standing, days, standing, waits_for_answer
from hotline.consent.telling import Disclosure, let_know, tell
from hotline.errors import NotFound
from hotline.store import Session

__all__ = [
    "EVERY_FIELD",
    "HANDOFF",
    "INVESTIGATORS",
    "NEVER",
    "WAITS_FOR_ANSWER",
    "Ask",
    "Case",
    "ConsentRefused",
    "Decision",
    "Disclosure",
    "Exclusion",
    "ExclusionKind",
    "GivenHow",
    "Grant",
    "Purpose",
    "Recipient",
    "Standing",
    "Why",
    "Words",
    "answer",
    "ask",
    "asking",
    "case",
    "case_of",
    "days",
    "exclude",
    "excluding",
    "find",
    "forget",
    "granting",
    "let_know",
    "may",
    "minors",
    "of_report",
    "open_words",
    "pending",
    "record",
    "report_of",
    "revoke",
    "standing",
    "tell",
    "telling",
    "waits_for_answer",
]


def report_of(session: Session, its_id: str) -> str:
    """Return the report that a grant or a question belongs to; empty when it is no more."""
    for found in (granting.find, asking.find):
        with suppress(NotFound):
            return found(session, its_id).report_id
    return ""


def forget(session: Session, report_id: str) -> None:
    """Delete everything of this room about a report that is being erased."""
    for part in (granting, asking, excluding, minors, telling):
        part.forget(session, report_id)
