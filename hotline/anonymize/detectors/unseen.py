"""What stands in a text without being seen, or is seen otherwise than it stands: tags, and text turned around.

Tag characters spell whole words that no screen shows. After U+202E a screen shows "airaM" as "Maria". Both go whole.
Reads the original text: from all others, what is unseen has been taken out.
"""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_UNSEEN = re.compile("[\U000e0000-\U000e0fff]+|\u202e[^\u202c\n]+")
_READS_TO_THE_RIGHT = re.compile("[0-9A-Za-z\u00c0-\u052f\U000e0000-\U000e0fff]")


def find(text: str) -> Iterator[Span]:
    for found in _UNSEEN.finditer(text):
        if _READS_TO_THE_RIGHT.search(found.group()):
            yield Span(found.start(), found.end(), Label.OTHER_ID)
