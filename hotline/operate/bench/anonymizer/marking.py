"""Turn accounts with marks, such as ``I am ‹PERSON:Ana›``, into rows that say where each identifier stands.

``python -m hotline.operate.bench.anonymizer.marking CODE < marked.txt > accounts/CODE.jsonl``, one account a line;
``\\n`` stands for a line's end inside one. A line may begin with a channel (``voice|``); ``sms`` where it does not.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator

from hotline.domain.identity import Label

_MARK = re.compile("‹([A-Z_]+):([^‹›]+)›")
_CHANNEL = re.compile(r"(sms|web|voice|whatsapp)\|")


def rows(lines: Iterable[str], *, language: str) -> Iterator[dict[str, object]]:
    """Yield one row for each account of *lines*, in the format of a labelled corpus."""
    accounts = (line.strip() for line in lines)
    for number, line in enumerate(filter(None, accounts), start=1):
        channel = _CHANNEL.match(line)
        text, spans = unmarked(line[channel.end() :] if channel else line)
        yield {
            "id": f"{language}-{number:02}",
            "lang": language,
            "script": script_of(text),
            "channel": channel[1] if channel else "sms",
            "text": text,
            "spans": spans,
            "is_report": True,
        }


def unmarked(line: str) -> tuple[str, list[dict[str, object]]]:
    """Return *line* without its marks, and the spans they were laid over.

    Raises:
        ValueError: a mark names no kind of identifier, or a bracket stands alone.
    """
    line = unicodedata.normalize("NFC", line.replace("\\n", "\n"))
    text, spans, read = "", list[dict[str, object]](), 0
    for mark in _MARK.finditer(line):
        text += line[read : mark.start()]
        label = Label(mark[1])
        spans.append({"start": len(text), "end": len(text) + len(mark[2]), "label": str(label)})
        text, read = text + mark[2], mark.end()
    text += line[read:]
    if "‹" in text or "›" in text:
        raise ValueError("a mark is not whole")
    return text, spans


def script_of(text: str) -> str:
    """Return the ISO 15924 code of the script that most letters of *text* are in, as far as it says one."""
    letters = [unicodedata.name(letter, "").split()[0] for letter in text if letter.isalpha()]
    return _CODES.get(max(set(letters), key=letters.count), "Zyyy") if letters else "Zyyy"


_CODES = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "ARABIC": "Arab", "DEVANAGARI": "Deva", "BENGALI": "Beng", "THAI": "Thai",
    "LAO": "Laoo", "KHMER": "Khmr", "MYANMAR": "Mymr", "CJK": "Hani", "ETHIOPIC": "Ethi", "GURMUKHI": "Guru",
    "TAMIL": "Taml", "TELUGU": "Telu", "MALAYALAM": "Mlym", "SINHALA": "Sinh",
}  # fmt: skip


def main() -> None:
    for row in rows(sys.stdin, language=sys.argv[1]):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
