"""The command `hotline bench`: what can be asked of it. The measurements themselves are loaded when they are made."""

import argparse
import os
from pathlib import Path

NAMES = (
    "intake",
    "queueing",
    "jobs",
    "redact",
    "pages",
    "leads",
    "directory",
    "vault",
    "audit",
    "uploads",
    "backups",
    "statistics",
    "start",
    "growth",
    "open-loop",
    "leads-attack",
    "faults",
    "flood",
    "chaos",
)


def describe(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("what", choices=["all", "anonymize", *NAMES], nargs="?", default="all")
    parser.add_argument(
        "--check", action="store_true", help="measure in small, and fail if a ratio got worse"
    )
    parser.add_argument("--write", action="store_true", help="check: renew the ratios instead")
    parser.add_argument(
        "--sets", type=Path, nargs="+", action="extend", default=[], metavar="FOLDER",
        help="anonymize: folders of labelled texts",
    )  # fmt: skip
    parser.add_argument("--beside", choices=["presidio"], default="", help="anonymize: and another")
    parser.add_argument("--table", action="store_true", help="anonymize: print Markdown")
    parser.add_argument("--rows", type=int, default=0, help="where rows are kept: so many")
    parser.add_argument("--rate", type=float, default=200, help="open-loop: texts a second")
    parser.add_argument("--minutes", type=float, default=10, help="open-loop: for so long")
    parser.add_argument(
        "--later", type=float, default=0, metavar="SHARE", help="open-loop: of who texted before"
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure what was asked for, and return the exit status: 1 where a check finds that a ratio got worse."""
    from hotline.operate import bench
    from hotline.operate.bench import anonymizer

    what, folder = arguments.what, Path(os.environ.get("HOTLINE_VAR", "var")) / "bench"
    if what == "anonymize":
        return anonymizer.run(
            sets=arguments.sets, beside=arguments.beside, as_markdown=arguments.table
        )
    if arguments.check or arguments.write:
        names = [] if what == "all" else [what]
        return 0 if bench.check(names, folder=folder, writes=arguments.write) else 1
    more = {}
    if what == "open-loop":
        its = {"per_second": arguments.rate, "minutes": arguments.minutes}
        more = {**its, "later": arguments.later}
    bench.run(what, folder=folder, size=arguments.rows, **more)
    return 0
