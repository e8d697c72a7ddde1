"""The format of a compiled lexicon, version 1, and what its bits say about a word.

::

    marisa trie | two bytes per word, in the order of the trie's ids | length of the trie (8) | b"hlx1"

The first byte of a word is its Zipf frequency (powers of ten per thousand million words) times 25. The second
says in which company the word may stay in a redacted text; a word that is not listed never stays.
"""

from enum import IntFlag

MAGIC = b"hlx1"
FOOTER = 8 + len(MAGIC)
ZIPF_STEPS = 25
WIDTH = 2


class Stays(IntFlag):
    """Where a word is ordinary enough to stay. Decided when the lexicon is built, once, for every reader."""

    AMONG_CAPITALS = 1  # in lower case, where this writer gives names a capital
    WITHOUT_CASE = 2  # in lower case or a script without case, where nothing marks a name
    OPENING = 4  # with a capital that opens a sentence
    CAPITALIZED = 8  # with a capital inside a sentence
    BESIDE_A_NAME = 16  # next to something hidden
    AFTER_INTRODUCER = 32  # after "my name is", "called", ...
    AS_ENGLISH_LOAN = 64  # inside a text in another language
    SHOUTED = 128  # in capitals throughout
