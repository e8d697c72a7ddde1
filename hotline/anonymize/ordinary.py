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
        return together or self._as_loan(word) or self._without_clitics(word)

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
