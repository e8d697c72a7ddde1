"""A reason of the machine that a person says is wrong, and how: so that word lists get better.

It changes nothing about the report: only a person lowers an urgency. What was said stays with the report; how often
each rule is wrong in a language stays when the report ends, without it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, literal, select, tuple_, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Malformed, NotFound
from hotline.reports import reports
from hotline.store import Session, new_id
from hotline.triage.reading import report_facts
from hotline.triage.tables import disagreements, disputed_rules
from hotline.vault import desk_words
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder

LONGEST = 500
_MOST = 200


class Choice(StrEnum):
    """How a reason is wrong. *OTHER* needs words; the rest may have some."""

    MEANING = "meaning"
    PAST = "past"
    SOMEONE_ELSE = "someone_else"
    WORD_LIST = "word_list"
    OTHER = "other"


class ChoiceMissing(Malformed):
    default_message = "say how the reason is wrong"


class SayHow(Malformed):
    default_message = "say in words what is wrong with it"


@dataclass(frozen=True, slots=True, repr=False)
class Disagreement:
    """What *by* holds against a rule of a report; *words* are empty where there are none, or they do not open."""

    rule: str
    choice: str
    by: str
    day: str
    words: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """How often a rule was said to be wrong in a language, in each of the ways."""

    rule: str
    language: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def place(self) -> str:
        """Where a page that ends with this goes on."""
        return f"{self.rule} {self.language}"


def disagree(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    rule: str,
    choice: str,
    words: str,
    desk: str,
    by: str,
    at: datetime,
) -> None:
    """Write down that *rule* is no reason in this report, in the place of what *by* said of it before.

    Raises:
        ChoiceMissing, SayHow: what is missing.
        NotFound: *desk* has no such report, or it does not name that rule.
    """
    facts, said = report_facts(session, report_id, desk=desk), words.strip()[:LONGEST]
    if rule not in {name.removeprefix("urgency_") for name in facts.rules}:
        raise NotFound(ref=report_id)
    if choice not in list(Choice):
        raise ChoiceMissing(ref=report_id)
    if choice == Choice.OTHER and not said:
        raise SayHow(ref=report_id)
    _take_back(session, report_id, rule, by)
    row = {
        "id": new_id(),
        "desk": desk,
        "report_id": report_id,
        "rule": rule,
        "language": facts.language,
        "choice": choice,
        "by": by,
        "day": day(at),
    }
    session.execute(insert(disagreements).values(row))
    desk_words.keep_words(session, keyring, row["id"], said, desk=desk, report_id=report_id)
    _count(session, report_id, (desk, rule, facts.language, choice), 1)
    what = f"{rule} {choice}"
    audit.record(session, at=at, who=by, did="disagreed", desk=desk, report_id=report_id, what=what)


def agree_again(
    session: Session, report_id: str, *, rule: str, desk: str, by: str, at: datetime
) -> None:
    """Take back what *by* said against a rule of a report.

    Raises:
        NotFound: they said nothing against it.
    """
    report_facts(session, report_id, desk=desk)
    if not _take_back(session, report_id, rule, by):
        raise NotFound(ref=report_id)
    its = {"at": at, "who": by, "desk": desk, "report_id": report_id, "what": rule}
    audit.record(session, did="agreed_again", **its)  # type: ignore[arg-type]


def said_against(
    session: Session, keyholder: Keyholder, report_id: str
) -> dict[str, list[Disagreement]]:
    """Return what was said against the rules of a report, by rule, the earliest first."""
    rows = disagreements.c
    query = select(disagreements).where(rows.report_id == report_id)
    found = session.execute(query.order_by(rows.day, rows.id).limit(_MOST)).all()
    words = desk_words.open_words_of(session, keyholder, [row.id for row in found])
    against: dict[str, list[Disagreement]] = {}
    for row in found:
        one = Disagreement(row.rule, row.choice, row.by, row.day, words.get(row.id, ""))
        against.setdefault(row.rule, []).append(one)
    return against


def disputed(
    session: Session, desk: str, *, after: str = "", limit: int = 50
) -> tuple[Disputed, ...]:
    """Return how often *desk* said that rules are wrong, by rule and language, behind the place *after*."""
    rows, (rule, _, language) = disputed_rules.c, after.partition(" ")
    behind = tuple_(rows.rule, rows.language) > tuple_(literal(rule), literal(language))
    its = (rows.desk == desk, rows.count > 0, behind)
    query = select(rows.rule, rows.language).where(*its).group_by(rows.rule, rows.language)
    pairs = session.execute(query.order_by(rows.rule, rows.language).limit(limit)).all()
    counts = select(disputed_rules).where(
        rows.desk == desk, tuple_(rows.rule, rows.language).in_([tuple(pair) for pair in pairs])
    )
    found: dict[tuple[str, str], dict[str, int]] = {tuple(pair): {} for pair in pairs}
    for row in session.execute(counts) if pairs else ():
        found[row.rule, row.language][row.choice] = row._mapping["count"]
    return tuple(Disputed(*pair, its_counts) for pair, its_counts in found.items())


def forget(session: Session, report_id: str) -> None:
    """Delete what was said against a report's reasons; how often a rule was wrong stays."""
    session.execute(delete(disagreements).where(disagreements.c.report_id == report_id))


def _take_back(session: Session, report_id: str, rule: str, by: str) -> bool:
    rows = disagreements.c
    its = (rows.report_id == report_id, rows.rule == rule, rows.by == by)
    row = session.execute(select(disagreements).where(*its)).one_or_none()
    if row is None:
        return False
    session.execute(delete(disagreements).where(rows.id == row.id))
    desk_words.drop_words(session, [row.id])
    _count(session, report_id, (row.desk, row.rule, row.language, row.choice), -1)
    return True


def _count(session: Session, report_id: str, key: tuple[str, str, str, str], step: int) -> None:
    """Count *step* more of a kind; what only the named may know of is not counted."""
    few_know = select(reports.c.restricted).where(reports.c.id == report_id)
    if session.execute(few_know).scalar_one():
        return
    names = ("desk", "rule", "language", "choice")
    rows, its = disputed_rules.c, dict(zip(names, key, strict=True))
    same = [rows[name] == value for name, value in its.items()]
    more = update(disputed_rules).where(*same).values(count=rows.count + step)
    changed = session.execute(more)
    if changed.rowcount == 0 and step > 0:
        session.execute(insert(disputed_rules).values(**its, count=step))
