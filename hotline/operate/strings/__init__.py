"""Sentences: gathered from the templates, and checked in every language that has them.

A catalog is one domain: ``messages`` is all that a reporter may read, ``voice`` all that a caller may hear,
``phrases`` what staff may put together for a reporter, ``console`` all that staff and providers may read.
Every rule is a small function from one sentence to what is wrong with it; `checking` puts them together.
"""

from pathlib import Path

from hotline.operate.strings import compiling, pseudo
from hotline.operate.strings.calls import BANNED_IN_CALLS, LONGEST_PROMPT
from hotline.operate.strings.checking import check
from hotline.operate.strings.gathering import FOLDERS, TEMPLATES, extract, template
from hotline.operate.strings.lengths import LONGEST_PHRASE
from hotline.operate.strings.shelf import CORE, DESK
from hotline.operate.strings.texts import BANNED_WORDS, ONE_PART, longest_facts

__all__ = [
    "BANNED_IN_CALLS",
    "BANNED_WORDS",
    "CORE",
    "DESK",
    "FOLDERS",
    "LONGEST_PHRASE",
    "LONGEST_PROMPT",
    "ONE_PART",
    "TEMPLATES",
    "check",
    "compile_catalogs",
    "extract",
    "longest_facts",
    "pseudo",
    "template",
]


def compile_catalogs(translations: Path) -> list[str]:
    """Write a ``.mo`` beside each catalog that passes `check`; return those that do not."""
    return list(compiling.write(translations, check(translations)))
