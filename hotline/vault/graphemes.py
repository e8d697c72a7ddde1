"""Where a text may be cut so that no character that a reader sees as one comes apart (pure).

After the rules of Unicode's UAX 29, as far as people write them: marks and joiners stay with what stands before them,
flags are two letters, Hangul syllables stay whole, and emoji that are joined are one.
"""

import unicodedata

_JOINER = "\u200d"
_NON_JOINER = "\u200c"
_EXTENDING = frozenset({_JOINER, _NON_JOINER, "\u0e33", "\u0eb3"})


def is_boundary(text: str, index: int) -> bool:
    """Tell whether *text* may be cut before its code point *index*; it may at its beginning and at its end."""
    if index <= 0 or index >= len(text):
        return True
    before, after = text[index - 1], text[index]
    if before == "\r" and after == "\n":
        return False
    if _extends(after):
        return False
    if before == _JOINER and unicodedata.category(after) == "So":
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        return _flag_letters_before(text, index) % 2 == 0
    return not _is_one_syllable(before, after)


def _extends(char: str) -> bool:
    point = ord(char)
    return (
        char in _EXTENDING
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
        or 0x1F3FB <= point <= 0x1F3FF
        or 0xE0020 <= point <= 0xE007F
    )


def _is_flag_letter(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _flag_letters_before(text: str, index: int) -> int:
    count = 0
    while count < index and _is_flag_letter(text[index - 1 - count]):
        count += 1
    return count


def _is_one_syllable(before: str, after: str) -> bool:
    """Tell whether two Hangul letters belong to the same syllable: L before L, V or syllables, V before V or T."""
    first, second = _hangul(before), _hangul(after)
    return second in {
        "L": ("L", "V", "LV", "LVT"),
        "V": ("V", "T"),
        "LV": ("V", "T"),
        "T": ("T",),
        "LVT": ("T",),
    }.get(first, ())


def _hangul(char: str) -> str:
    point = ord(char)
    if 0x1100 <= point <= 0x115F or 0xA960 <= point <= 0xA97C:
        return "L"
    if 0x1160 <= point <= 0x11A7 or 0xD7B0 <= point <= 0xD7C6:
        return "V"
    if 0x11A8 <= point <= 0x11FF or 0xD7CB <= point <= 0xD7FB:
        return "T"
    if 0xAC00 <= point <= 0xD7A3:
        return "LV" if (point - 0xAC00) % 28 == 0 else "LVT"
    return ""
