"""What a code word is on the keys of a telephone: its digits, and its Latin letters as the keys carry them.

ITU-T E.161: 2 abc, 3 def, 4 ghi, 5 jkl, 6 mno, 7 pqrs, 8 tuv, 9 wxyz. A word in another script is on no keys.
"""

import hmac
import unicodedata

_KEYS = {
    letter: key
    for key, letters in zip(
        "23456789", ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"), strict=True
    )
    for letter in letters
}
# Letters that Unicode does not take apart, as people type them who have no key for them.
_SPELT = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}


def keys_of(word: str) -> str:
    """Return the keys that *word* is typed with; empty where a letter of it is on none."""
    keys = ""
    for letter in unicodedata.normalize("NFKD", word.casefold()):
        for plain in _SPELT.get(letter, letter):
            if plain.isdigit():
                keys += str(unicodedata.digit(plain))
            elif plain in _KEYS:
                keys += _KEYS[plain]
            elif plain.isalpha():
                return ""
    return keys


def is_typed(word: str, keys: str) -> bool:
    """Tell whether *keys* are those of *word*; how long that takes tells nothing. An empty word is never right."""
    wanted, pressed = keys_of(word), "".join(key for key in keys if key in "0123456789")
    return hmac.compare_digest(wanted.encode(), pressed.encode()) and bool(wanted)
