"""Tables of what does not hang on labels: what redaction costs, and how often a language is told."""

from collections.abc import Callable, Sequence

from hotline.operate.bench.anonymizer import aims
from hotline.operate.bench.anonymizer.cost import is_cased, is_chinese_or_thai, speed
from hotline.operate.bench.anonymizer.figures import NONE, Beside, Measured, Table, percent, share
from hotline.operate.bench.anonymizer.labelled import TextSet
from hotline.operate.bench.anonymizer.measuring import Heard, Outcome, hear
from hotline.operate.bench.anonymizer.scoring import Tally


def of_cost(measured: Measured) -> Table:
    """Say what it costs, beside what it may."""
    them = measured.beside
    rows = []
    for title, wanted, aim in (
        ("texts/s of one core, scripts with capitals", is_cased, aims.SPEED),
        ("texts/s of one core, Chinese and Thai", is_chinese_or_thai, aims.SPEED_OF_RUNS),
    ):
        chosen = measured.sets or measured.outcomes
        theirs = (_speed(_those_of(them, chosen), wanted),) if them else ()
        rows.append((title, _speed(chosen, wanted), f"≥ {aim:,}", *theirs))
    memory = (f"{them.memory_mb:,.0f}",) if them else ()
    start = (f"{them.start_ms:,.0f}",) if them else ()
    ours = f"{measured.cost.memory_mb:,.0f}"
    rows.append(("peak memory, every language touched, MB", ours, f"≤ {aims.MEMORY_MB}", *memory))
    begun = f"{measured.cost.start_ms:,.0f}"
    rows.append(("fresh process to first text, ms", begun, f"≤ {aims.START_MS}", *start))
    return Table("What it costs", ("", "ours", "aim", *([them.name] if them else [])), rows)


def of_hearing(measured: Measured) -> Table:
    """Say how often a language is told from 48 characters in lower case, and what a wrong one costs."""
    rows, heard = [], [(each, hear(each)) for each in measured.outcomes]
    groups = [("public sets", [told for each, told in heard if not each.of.corpus])]
    for name, _ in measured.corpora:
        groups.append((name, [told for each, told in heard if each.of.corpus == name]))
    for name, told in groups:
        if told:
            rows.append(_hearing_cells(name, told))
    head: tuple[str, ...] = ("texts", "snippets", "language told", "romanized ones", "of them told")
    head += ("PERSON leaks where told", "where not told")
    aim = f"Aim: {percent(aims.HEARD)} %, of romanized ones {percent(aims.HEARD_ROMANIZED)} %."
    worst = sorted(
        (told.right / told.snippets, each.of.name)
        for each, told in heard
        if told.snippets and told.right / told.snippets < aims.HEARD
    )
    below = ", ".join(f"{name} {percent(part)}" for part, name in worst)
    notes = [aim] + ([f"Told less often than that: {below}."] if below else [])
    return Table("Which language it is, from 48 characters in lower case", head, rows, notes)


def _hearing_cells(name: str, told: Sequence[Heard]) -> tuple[str, ...]:
    snippets = sum(each.snippets for each in told)
    romanized = sum(each.romanized for each in told)
    right = sum(each.romanized_right for each in told)
    return (
        name,
        str(snippets),
        percent(sum(each.right for each in told) / snippets if snippets else 0),
        str(romanized),
        percent(right / romanized) if romanized else NONE,
        share(sum((each.leaks_heard for each in told), Tally())),
        share(sum((each.leaks_misheard for each in told), Tally())),
    )


def _those_of(beside: Beside, chosen: Sequence[Outcome]) -> list[Outcome]:
    sets = {id(each.of) for each in chosen}
    return [each for each in beside.outcomes if id(each.of) in sets]


def _speed(outcomes: Sequence[Outcome], wanted: Callable[[TextSet], bool]) -> str:
    found = speed(outcomes, wanted)
    return f"{found:,.0f}" if found else NONE
