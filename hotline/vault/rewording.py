"""Another code word for a return code that somebody has already."""

import hmac

from sqlalchemy import update

from hotline.store import Session
from hotline.vault.reporters import ReporterKey
from hotline.vault.tables import return_codes


def change_word(session: Session, reporter: ReporterKey, word: str) -> None:
    """Let *word* be the code word of *reporter*'s code from now on; an empty one changes nothing."""
    check = reporter.word_check(word)
    if not hmac.compare_digest(check, reporter.word_check("")):
        its = update(return_codes).where(return_codes.c.lookup == reporter.lookup)
        session.execute(its.values(word_check=check))
