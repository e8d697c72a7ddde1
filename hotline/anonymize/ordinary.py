"""Ask the lexicons of a text's languages in which company a word may stay."""

from functools import lru_cache

from hotline.lexicon import Lexicon, open_lexicon, open_names, phrases
from hotline.lexicon.format import Stays

_LOAN = int(Stays.AS_ENGLISH_LOAN)
# What remains of a foreign name without a letter or two is a word too easily: only a very plain one counts, and never
# beside something hidden.
_PLAIN = int(Stays.BESIDE_A_NAME)
_CUT = int(Stays.AMONG_CAPITALS | Stays.WITHOUT_CASE | Stays.OPENING | Stays.SHOUTED)
_FIRST_ABJAD, _LAST_ABJAD = "\u0590", "\u08ff"
_MOST_LANGUAGES = 3
# A word this frequent (Zipf) is read as itself, even where it also is a name with a particle.
_FREQUENT, _RARE = 4.7, 4.0
_SHORTEST_NAME = 3
_ANY = ~0


class Ordinary:
    """The lexicons of a text, asked together.

    A word stays where one of the candidate languages lets it stay: asking all of them to agree cost seven words in a
    hundred and hid no more names, because a name is barred in every lexicon. English words stay in
    texts of other languages when they are frequent and not names, because people mix.
    """

    def __init__(self, languages: tuple[str, ...]) -> None:
        opened = [(code, open_lexicon(code)) for code in languages[:_MOST_LANGUAGES]]
        self._asked = [lexicon.stays for _, lexicon in opened if lexicon]
        self._clitics = [
            (lexicon, phrases.clitics()[code])
            for code, lexicon in opened
            if lexicon and code in phrases.clitics()
        ]
        self._particles = [
            (lexicon, *found)
            for code, lexicon in opened
            if lexicon and any(found := _particles_of(code))
        ]
        self._beginnings = tuple(part for _, parts, _ in self._particles for part in parts)
        self._endings = tuple(part for _, _, parts in self._particles for part in parts)
        english = open_lexicon("en")
        self._loans = [english.stays] if english and "en" not in languages else []

    def stays(self, word: str) -> int:
        """Return the `Stays` bits of *word*: 0 when no language lists it, or one of them lists it as a name."""
        together = 0
        for ask in self._asked:
            bits = ask(word)
            if bits is not None:
                if not bits:
                    return 0
                together |= bits
        bits = together or self._as_loan(word) or self._without_clitics(word)
        if not (bits and self._particles):
            return bits
        may_be_name = word.endswith(self._endings) or word.startswith(self._beginnings)
        return bits & self._as_name_with_particle(word) if may_be_name else bits

    def _as_name_with_particle(self, word: str) -> int:
        """Return which bits a name leaves to *word*, which is that name and what its language writes onto it: "serkanın"."""
        left = _ANY
        for lexicon, beginnings, endings in self._particles:
            zipf = lexicon.zipf(word)
            if zipf >= _FREQUENT:
                continue
            for part in beginnings:
                if word.startswith(part):
                    left &= _left_by_name(word[len(part) :], lexicon, is_sure=zipf < _RARE)
            for part in endings:
                if word.endswith(part):
                    is_sure = zipf < _RARE or part[0] == "'"
                    left &= _left_by_name(word[: -len(part)], lexicon, is_sure=is_sure)
        return left

    def _as_loan(self, word: str) -> int:
        for ask in self._loans:
            bits = ask(word) or 0
            if bits & _LOAN:
                return bits
        return 0

    def _without_clitics(self, word: str) -> int:
        has_apostrophe = "'" in word
        if not (self._clitics or has_apostrophe) or word in open_names("persons"):
            return 0
        for lexicon, rows in self._clitics:
            for in_front, parts, least in rows:
                bits = _cut_one(word, lexicon, parts, least, in_front=in_front)
                if bits:
                    return bits
        return self._elided(word) if has_apostrophe else 0

    def _elided(self, word: str) -> int:
        """Return the bits of what is left of *word* without a listed "l'", "qu'" or "'s"; else both its halves must be listed."""
        head, _, rest = word.partition("'")
        if rest and head in phrases.everywhere("elided_heads"):
            return self.stays(rest)
        core, _, tail = word.rpartition("'")
        if core and tail in phrases.everywhere("elided_tails"):
            return self.stays(core)
        return 0 if "'" in rest else self.stays(head) & self.stays(rest)


def _particles_of(code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return phrases.of(code, "name_beginnings"), phrases.of(code, "name_endings")


def _left_by_name(word: str, lexicon: Lexicon, *, is_sure: bool) -> int:
    """Return the bits of *word* where it is a name: none where it is barred, or unknown but for the list of persons."""
    if len(word) < _SHORTEST_NAME:
        return _ANY
    bits = lexicon.stays(word)
    if bits == 0:
        return 0
    if word not in open_names("persons"):
        return _ANY
    return bits or (0 if is_sure else _ANY)


def _cut_one(
    word: str, lexicon: Lexicon, parts: tuple[str, ...], least: int, *, in_front: bool
) -> int:
    if not (word.startswith(parts) if in_front else word.endswith(parts)):
        return 0
    for part in parts:
        if len(word) - len(part) < least:
            continue
        if in_front and word.startswith(part):
            bits = lexicon.stays(word[len(part) :])
        elif not in_front and word.endswith(part):
            bits = lexicon.stays(word[: -len(part)])
        else:
            continue
        needs_plain = len(part) == 1 or _FIRST_ABJAD <= word[0] <= _LAST_ABJAD
        if bits and (bits & _PLAIN or not needs_plain):
            return bits & _CUT
    return 0


@lru_cache(maxsize=512)
def ordinary_in(languages: tuple[str, ...]) -> Ordinary:
    return Ordinary(languages)
