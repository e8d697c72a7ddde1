"""Which language a text may be in. Several candidates are the rule: people mix, and short texts tell little.

Two witnesses: pycld2 (27 MB, measured right in 92 % of short texts) and a vote of the text's own words over a
gazetteer of the most frequent words of every lexicon, which also knows romanized Arabic, Hindi or Russian.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import pycld2

from hotline.anonymize.tokens import words_in
from hotline.lexicon import available_languages, open_names
from hotline.lexicon.folding import fold
from hotline.lexicon.opening import COMPILED

UNKNOWN = "und"
_CLD2_NAMES = {
    "iw": "he",
    "zh-Hant": "zh",
    "no": "nb",
    "nn": "nb",
    "fil": "tl",
    "jw": "id",
    "bs": "hr",
    "in": "id",
}
_BLOCKS = (
    ("\u0370", "\u03ff", "el"), ("\u0530", "\u058f", "hy"), ("\u0590", "\u05ff", "he"), ("\u0980", "\u09ff", "bn"),
    ("\u0a00", "\u0a7f", "pa"), ("\u0a80", "\u0aff", "gu"), ("\u0b80", "\u0bff", "ta"), ("\u0c00", "\u0c7f", "te"),
    ("\u0c80", "\u0cff", "kn"), ("\u0d00", "\u0d7f", "ml"), ("\u0d80", "\u0dff", "si"), ("\u0e00", "\u0e7f", "th"),
    ("\u0e80", "\u0eff", "lo"), ("\u1000", "\u109f", "my"), ("\u10a0", "\u10ff", "ka"), ("\u1780", "\u17ff", "km"),
    ("\u3040", "\u30ff", "ja"), ("\u3400", "\u9fff", "zh"), ("\uac00", "\ud7af", "ko"),
)  # fmt: skip
_TELLING_SCRIPT = re.compile(f"[{''.join(f'{first}-{last}' for first, last, _ in _BLOCKS)}]")
_KANA = re.compile("[\u3040-\u30ff]")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]")
_MOST_SPEAKERS = 14
_SHARE_OF_BEST = 0.6
_SHARE_OF_WITNESS = 0.3
_FEW_WORDS = 5
_ENOUGH_WORDS = 40


@lru_cache(maxsize=1)
def _speakers() -> list[tuple[float, tuple[str, ...]]]:
    """Return the groups of languages that share words, and how much a word of each group says."""
    head, *lines = (COMPILED / "tongues.tsv").read_text(encoding="utf-8").splitlines()
    codes = head.split()
    groups = [tuple(codes[int(number)] for number in line.split()) for line in lines]
    return [
        (1.0 / len(group) + 0.1, group) if len(group) <= _MOST_SPEAKERS else (0.0, ())
        for group in groups
    ]


def candidates(
    text: str, hints: Sequence[str] = (), *, words: Iterable[str] | None = None
) -> tuple[str, ...]:
    """Return the languages *text* may be in, the likeliest first; romanized ones as ``ar-Latn``.

    *hints* are languages somebody chose: they are asked only where the text itself tells little. *words* are the
    folded words of *text*, where the caller has them already.
    """
    listed = words_in(fold(text)) if words is None else list(words)
    votes = _votes(listed)
    ranked = sorted(votes, key=lambda code: (-votes[code], code))
    best = votes[ranked[0]] if ranked else 0.0
    found = [code for code in ranked[:3] if votes[code] >= _SHARE_OF_BEST * best]
    heard = [
        code for code in ranked if votes[code] >= _SHARE_OF_WITNESS * best and code not in found
    ]
    if heard or not found:
        # The second witness is asked only where its word could change something.
        witness = _by_cld2(text)
        if witness and (witness in heard or not found):
            found.append(witness)
    script = _by_script(text)
    if script and script not in found:
        found.insert(0, script)
    if script == "zh" and "ja" in found:
        found.remove("ja")
    if not found or len(listed) < _FEW_WORDS:
        found.extend(code for code in map(_known, hints) if code and code not in found)
    return tuple(found)


def detect(text: str) -> str:
    """Return the likeliest language of *text* as a BCP 47 code without script, or ``und``."""
    return named(candidates(text))


def named(found: Sequence[str]) -> str:
    return found[0].partition("-")[0] if found else UNKNOWN


def _votes(words: list[str]) -> dict[str, float]:
    """Let every word vote for the languages that use it: the fewer they are, the more it says."""
    tongues = open_names("tongues")
    groups = _speakers()
    votes: defaultdict[str, float] = defaultdict(float)
    for word in words[:_ENOUGH_WORDS]:
        number = tongues.marks(word)
        if number is not None:
            weight, speakers = groups[number]
            for code in speakers:
                votes[code] += weight
    return votes


def _by_script(text: str) -> str:
    """Return the language that owns the first telling script in *text*."""
    found = None if text.isascii() else _TELLING_SCRIPT.search(text)
    if found is None:
        return ""
    if found.group() >= "\u3400" and _KANA.search(text):
        return "ja"
    return next(code for first, last, code in _BLOCKS if first <= found.group() <= last)


def _by_cld2(text: str) -> str:
    try:
        _, _, found = pycld2.detect(
            _UNREADABLE.sub(" ", text), isPlainText=True, bestEffort=len(text) < 200
        )
    except (pycld2.error, UnicodeError):
        return ""
    code = str(found[0][1])
    return _known(_CLD2_NAMES.get(code, code))


def _known(code: str) -> str:
    """Return *code* as a lexicon is named, or nothing where there is none."""
    if code in available_languages():
        return code
    base = code.partition("-")[0]
    return base if base in available_languages() else ""
