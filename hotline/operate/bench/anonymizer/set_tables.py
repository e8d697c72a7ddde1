"""Tables of the public sets: all together, and each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import mean

from hotline.operate.bench.anonymizer import aims
from hotline.operate.bench.anonymizer.figures import (
    NONE,
    Beside,
    Measured,
    Table,
    finer_places,
    percent,
    share,
    visible,
)
from hotline.operate.bench.anonymizer.measuring import Outcome
from hotline.operate.bench.anonymizer.scoring import Score, Tally

_HOW = (
    "In percent. A span leaks when one letter or digit of it stays; a word is kept when it is whole. "
    "Nobody tells us the language of a text."
)


def of_groups(measured: Measured) -> Table:
    """Say what came of the sets together, each set weighing the same."""
    rows = []
    cased = [each for each in measured.sets if each.of.is_cased]
    caseless = [each for each in measured.sets if not each.of.is_cased]
    for title, group, aim, scored in (
        ("with capitals, as written", cased, aims.CASED, _written),
        ("with capitals, in lower case", cased, aims.LOWER, _lower),
        ("scripts without capitals", caseless, aims.CASELESS, _written),
    ):
        if group:
            scores = [scored(each) for each in group]
            theirs = [scored(other) for each in group if (other := measured.by(each))]
            place = finer_places(group) if scored is _written else None
            rows.append((title, str(len(group)), *_macro(scores, aim, place), *_macro_of(theirs)))
    head: tuple[str, ...] = (
        "public sets",
        "",
        "PERSON leaks",
        "wholly visible",
        "place finer than country leaks",
    )
    head += ("contacts and ids leak", "other words kept", *measured.columns("PERSON leaks", "kept"))
    return Table("All sets, each weighing the same", head, rows, [_HOW])


def of_sets(measured: Measured) -> Table:
    """Say what came of each set."""
    head: tuple[str, ...] = ("set", "texts", "PERSON leaks", "visible", "lower case", "place leaks")
    head += ("finer than country", "contacts, ids", "kept", "lower case", "texts/s")
    head += measured.columns("PERSON", "lower", "contacts, ids", "kept", "texts/s")
    table = Table("Each set", head)
    for each in measured.sets:
        table.rows.append((*_set_cells(each), *_their_cells(each, measured)))
    table.notes += list(_missed(measured.sets))
    if measured.beside:
        table.notes += list(_reads(measured.beside))
    return table


def _set_cells(each: Outcome) -> tuple[str, ...]:
    person, low = each.written.of("PERSON"), each.lower
    return (
        each.of.name,
        str(each.written.texts),
        share(person),
        visible(person),
        share(low.of("PERSON")) if low else NONE,
        share(each.written.of("LOCATION")),
        share(finer_places([each])),
        share(each.written.of(*aims.CONTACTS)),
        percent(each.written.utility),
        percent(low.utility) if low else NONE,
        f"{each.written.speed:,.0f}",
    )


def _their_cells(each: Outcome, measured: Measured) -> tuple[str, ...]:
    other = measured.by(each)
    if other is None:
        return ()
    return (
        share(other.written.of("PERSON")),
        share(other.lower.of("PERSON")) if other.lower else NONE,
        share(other.written.of(*aims.CONTACTS)),
        percent(other.written.utility),
        f"{other.written.speed:,.0f}",
    )


def _reads(beside: Beside) -> Iterable[str]:
    """Say, in sentences, what another tool had to do with: it is not its own fault what was not to be had."""
    by_model: dict[str, list[str]] = defaultdict(list)
    for each in beside.outcomes:
        language = each.of.language
        if language not in by_model[beside.reads(language)]:
            by_model[beside.reads(language)].append(language)
    yield f"{beside.name} is told the language of each text. It knew names by:"
    for model, languages in by_model.items():
        yield f"- {', '.join(languages)}: {model}"
    if beside.missing:
        yield f"Its models {', '.join(beside.missing)} were not to be had here."


def _macro(scores: Sequence[Score], aim: aims.Aim, place: Tally | None) -> tuple[str, ...]:
    persons = [one.of("PERSON") for one in scores if "PERSON" in one.labels]
    contacts = sum((one.of(*aims.CONTACTS) for one in scores), Tally())
    leak = mean(each.leak for each in persons) if persons else 0.0
    seen = mean(each.visible / each.spans for each in persons) if persons else 0.0
    return (
        f"{percent(leak)} (aim ≤ {percent(aim.person)})",
        percent(seen) + (f" (≤ {percent(aim.visible)})" if aim.visible < 1 else ""),
        NONE if place is None else f"{share(place)} (≤ {percent(aim.place)})",
        f"{share(contacts)} (0)",
        f"{percent(mean(one.utility for one in scores))} (≥ {percent(aim.kept)})",
    )


def _macro_of(scores: Sequence[Score]) -> tuple[str, ...]:
    if not scores:
        return ()
    persons = [one.of("PERSON").leak for one in scores if "PERSON" in one.labels]
    return percent(mean(persons) if persons else 0), percent(mean(one.utility for one in scores))


def _missed(outcomes: Iterable[Outcome]) -> Iterable[str]:
    """Name, in a sentence, the sets that are still beyond what is aimed at."""
    above, hidden = [], []
    for each in outcomes:
        aim = aims.CASED if each.of.is_cased else aims.CASELESS
        person = each.written.of("PERSON")
        if person.leak > aim.person_in_one_set:
            above.append(f"{each.of.name} {share(person)}")
        if each.written.utility < aim.kept:
            hidden.append(f"{each.of.name} {percent(each.written.utility)}")
    if above:
        yield f"Leaking more persons than aimed at: {', '.join(above)}."
    if hidden:
        yield f"Keeping fewer words than aimed at: {', '.join(hidden)}."


def _written(outcome: Outcome) -> Score:
    return outcome.written


def _lower(outcome: Outcome) -> Score:
    return outcome.lower or outcome.written
