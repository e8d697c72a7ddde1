"""Tables of a corpus of accounts: by what leaks, and by language."""

from collections.abc import Iterable, Sequence

from hotline.operate.bench.anonymizer import aims
from hotline.operate.bench.anonymizer.figures import Measured, Table, percent, share, visible
from hotline.operate.bench.anonymizer.measuring import Outcome, Readable, read_reasons
from hotline.operate.bench.anonymizer.scoring import Score


def of_labels(name: str, outcomes: Sequence[Outcome], measured: Measured) -> Table:
    """Say what leaks of a corpus by what it is."""
    ours = sum((each.written for each in outcomes), Score())
    others = [other for each in outcomes if (other := measured.by(each))]
    theirs = sum((each.written for each in others), Score())
    together = ("all of these", *aims.IDENTIFIERS)
    rows = []
    for title, *labels in (
        *((label, label) for label in aims.IDENTIFIERS),
        together,
        ("ADDRESS", "ADDRESS"),
        *((label, label) for label in (*aims.CIRCUMSTANCES, "OTHER_ID")),
    ):
        tally = ours.of(*labels)
        if tally.spans:
            aim = _aim_of(title)
            their = (share(theirs.of(*labels)),) if others else ()
            rows.append((title, str(tally.spans), share(tally), visible(tally), aim, *their))
    head = ("what", "spans", "leak", "wholly visible", "aim", *measured.columns("leak"))
    return Table(f"{name}: what leaks", head, rows)


def of_languages(name: str, outcomes: Sequence[Outcome], measured: Measured) -> Table:
    """Say what came of a corpus by language."""
    head: tuple[str, ...] = ("language", "texts", "identifiers leak", "circumstances leak", "kept")
    head += ("words of a reason", "of them hidden", *measured.columns("identifiers leak", "kept"))
    table = Table(f"{name}: by language", head)
    reading = [read_reasons(each) for each in outcomes]
    for each, readable in zip(outcomes, reading, strict=True):
        other = measured.by(each)
        their = (
            (share(other.written.of(*aims.IDENTIFIERS)), percent(other.written.utility))
            if other
            else ()
        )
        table.rows.append((*_language_cells(each, readable), *their))
    ours = sum((each.written for each in outcomes), Score())
    words = sum(each.words for each in reading)
    hidden = sum(each.hidden for each in reading)
    table.notes.append(
        f"Words kept in all: {percent(ours.utility)} %. Words of urgency and indicators: {words},"
        f" still readable: {percent(1 - hidden / words if words else 1)} % (aim: all)."
    )
    table.notes += _missed_languages(outcomes)
    return table


def _language_cells(each: Outcome, readable: Readable) -> tuple[str, ...]:
    return (
        each.of.name,
        str(each.written.texts),
        share(each.written.of(*aims.IDENTIFIERS)),
        share(each.written.of("ADDRESS", *aims.CIRCUMSTANCES)),
        percent(each.written.utility),
        str(readable.words),
        str(readable.hidden),
    )


def _missed_languages(outcomes: Iterable[Outcome]) -> Iterable[str]:
    above, hidden = [], []
    for each in outcomes:
        leaks = each.written.of(*aims.IDENTIFIERS)
        if leaks.leak > aims.ACCOUNTS.identifiers:
            above.append(f"{each.of.name} {leaks.leaked} of {leaks.spans}")
        if each.written.utility < aims.ACCOUNTS.kept:
            hidden.append(f"{each.of.name} {percent(each.written.utility)}")
    if above:
        yield f"Identifiers leak in: {', '.join(above)}."
    if hidden:
        yield f"Fewer than {percent(aims.ACCOUNTS.kept)} % of words kept in: {', '.join(hidden)}."


def _aim_of(title: str) -> str:
    if title == "all of these":
        return f"≤ {percent(aims.ACCOUNTS.identifiers)}"
    if title == "ADDRESS":
        return f"≤ {percent(aims.ACCOUNTS.address)}"
    return f"≤ {percent(aims.ACCOUNTS.circumstances)}" if title in aims.CIRCUMSTANCES else ""
