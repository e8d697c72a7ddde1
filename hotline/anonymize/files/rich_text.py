"""Read the words of an RTF (Rich Text Format 1.9.1): a text of groups in braces and words behind backslashes."""

import re

from hotline.anonymize.files.parts import MOST_TEXT, Broken

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.IGNORECASE,
)
# Groups that hold no words of the text; so do all that begin with \*.
_ASIDE = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"themedata", b"datastore", b"generator",
     b"listtable", b"listoverridetable", b"rsidtbl", b"filetbl", b"revtbl", b"xmlnstbl", b"fldinst", b"private", b"template",
     b"latentstyles", b"datafield", b"background", b"upr"}
)  # fmt: skip
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n", b"page": "\n", b"sect": "\n",
           b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•"}  # fmt: skip
_MOST_TOKENS = 2_000_000
_DEEPEST = 500


def words_of_rich_text(content: bytes) -> str:
    """Return what an RTF shows as text.

    Raises:
        Broken: it is none, or is made to cost too much.
    """
    reader = _Reader()
    for count, found in enumerate(_TOKEN.finditer(content)):
        if count > _MOST_TOKENS or len(reader.groups) > _DEEPEST:
            raise Broken
        if reader.size > MOST_TEXT:
            break
        reader.take(found)
    return "".join(reader.said)


class _Reader:
    """A text while it is read; *groups* says for each open one whether it is aside, and how many bytes follow a \\u."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.size = 0
        self.groups: list[tuple[bool, int]] = []
        self.is_aside, self.after_unicode = False, 1
        self.encoding = "cp1252"
        self.skip = 0
        self.bytes = bytearray()

    def take(self, found: re.Match[bytes]) -> None:
        word, number, hexed, symbol, brace, text = found.groups()
        if hexed:
            self._byte(int(hexed, 16))
            return
        self._settle()
        if brace == b"{":
            self.groups.append((self.is_aside, self.after_unicode))
        elif brace == b"}":
            if self.groups:
                self.is_aside, self.after_unicode = self.groups.pop()
        elif word:
            self._word(word, int(number) if number else None)
        elif symbol:
            self._symbol(symbol)
        elif text:
            self._text(text)

    def _word(self, word: bytes, number: int | None) -> None:
        if word in _ASIDE:
            self.is_aside = True
        elif word == b"u" and number is not None:
            self._say(chr(number % 0x10000))
            self.skip = self.after_unicode
        elif word == b"uc" and number is not None:
            self.after_unicode = min(max(number, 0), 8)
        elif word == b"ansicpg" and number is not None:
            self.encoding = f"cp{number}"
        elif word == b"bin" and number:
            raise Broken
        elif word in _BREAKS:
            self._say(_BREAKS[word])

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.is_aside = True
        elif symbol in b"{}\\":
            self._say(symbol.decode())
        elif symbol in b"\r\n":
            self._say("\n")
        elif symbol == b"~":
            self._say("\xa0")

    def _byte(self, value: int) -> None:
        if self.skip:
            self.skip -= 1
        else:
            self.bytes.append(value)

    def _settle(self) -> None:
        """Say the bytes that stand together: of some encodings a character has two of them."""
        if not self.bytes:
            return
        try:
            self._say(self.bytes.decode(self.encoding, "replace"))
        except LookupError:
            self._say(self.bytes.decode("cp1252", "replace"))
        self.bytes.clear()

    def _text(self, text: bytes) -> None:
        skipped = min(self.skip, len(text))
        self.skip -= skipped
        self._say(text[skipped:].decode("latin-1"))

    def _say(self, text: str) -> None:
        if not self.is_aside:
            self.said.append(text)
            self.size += len(text)
