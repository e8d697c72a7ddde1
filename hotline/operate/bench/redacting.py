"""Taking identifiers out: texts a second on one core, and the memory of every language at once.

Over the sets of the reference where the environment names one, else over the project's own accounts.
"""

from hotline.operate.bench import floors
from hotline.operate.bench.anonymizer.cost import cost, is_cased, is_chinese_or_thai, speed
from hotline.operate.bench.anonymizer.labelled import TextSet, folders, own_accounts, read_folders
from hotline.operate.bench.anonymizer.measuring import hide
from hotline.operate.bench.anonymizer.measuring import measure as measure_sets

_ROUNDS = 5


def measure() -> dict[str, float]:
    """Return the figures of redaction, each with what is aimed at."""
    sets, which = _sets()
    outcomes = measure_sets(sets, hide)
    spent, cased = cost(), speed(outcomes, is_cased)
    return {
        "floor: one seal, us": (seal := floors.seal_microseconds()),
        f"texts/s of one core, cased {which} (aim: 2,000 or more)": cased,
        "  a cased text, in seals": 1e6 / cased / seal,
        f"texts/s of one core, zh and th {which} (aim: 500 or more)": speed(
            outcomes, is_chinese_or_thai
        ),
        "peak memory with every language touched, MB (aim: 200 or less)": spent.memory_mb,
        "import and first text in a fresh process, ms (aim: 300 or less)": spent.start_ms,
    }


def _sets() -> tuple[list[TextSet], str]:
    """Return what to measure, and a word for it; our accounts are few, so each is read several times."""
    public = [each for each in read_folders(folders()) if not each.corpus]
    if public:
        return public, "sets"
    repeated = [TextSet(each.name, each.texts * _ROUNDS, each.corpus) for each in own_accounts()]
    return repeated, "accounts"
