"""Which words are ordinary, which are names: compiled word lists, mapped into memory on first use.

One file per language under ``compiled/``, made by `build` from the sources in ``SOURCES.md`` and the
hand-written lists in ``keep/`` and ``never/``. Opening a lexicon reads nothing but its footer: pages come in as
words are looked up, and processes on one machine share them.
"""

from hotline.lexicon.opening import Lexicon, available_languages, open_lexicon, open_names

__all__ = ["Lexicon", "available_languages", "open_lexicon", "open_names"]
