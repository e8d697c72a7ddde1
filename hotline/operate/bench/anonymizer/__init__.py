"""How much of who stays visible, and how much of what stays readable: `hotline bench anonymize`.

Over every set of labelled texts in the folders named, else in the reference that ``HOTLINE_REFERENCE`` names, and
always over the project's own invented accounts; beside another tool where that is asked for.
"""

from collections.abc import Sequence
from pathlib import Path

from hotline.operate.bench.anonymizer import account_tables, cost_tables, set_tables
from hotline.operate.bench.anonymizer.cost import cost
from hotline.operate.bench.anonymizer.figures import Beside, Measured, Table
from hotline.operate.bench.anonymizer.labelled import TextSet, folders, read_folders
from hotline.operate.bench.anonymizer.measuring import hide, measure
from hotline.operate.bench.anonymizer.presidio.environment import PresidioUnavailable
from hotline.operate.bench.anonymizer.presidio.running import presidio
from hotline.operate.bench.anonymizer.showing import markdown, plain


def run(*, sets: Sequence[Path] = (), beside: str = "", as_markdown: bool = False) -> int:
    """Measure, and print what was found."""
    texts = read_folders(sets or folders())
    lacking = ""
    other = None
    if beside:
        try:
            other = _beside(texts)
        except PresidioUnavailable as error:
            lacking = f"\n\nNothing beside us: {error}."
    measured = Measured(measure(texts, hide), cost(), other)
    print((markdown if as_markdown else plain)(tables(measured)) + lacking)
    return 0


def tables(measured: Measured) -> list[Table]:
    """Return every table that this run can fill."""
    made = [cost_tables.of_cost(measured), cost_tables.of_hearing(measured)]
    if measured.sets:
        made = [set_tables.of_groups(measured), set_tables.of_sets(measured), *made]
    for name, outcomes in measured.corpora:
        made.append(account_tables.of_labels(name, outcomes, measured))
        made.append(account_tables.of_languages(name, outcomes, measured))
    return made


def _beside(texts: Sequence[TextSet]) -> Beside:
    with presidio() as other:
        outcomes = measure(texts, other)
    environment = other.environment
    return Beside(
        "Presidio", outcomes, other.model_of, other.start_ms, other.memory_mb, environment.missing
    )
