"""Which locales whoever is signed in reads: a native speaker is known by the languages that they say they read."""

from flask import g

from hotline import locales
from hotline.i18n import SOURCE
from hotline.parts import here
from hotline.store import Session
from hotline.triage.languages import languages_of


def reads(session: Session) -> frozenset[str]:
    """Return the locales, English aside, in which the sentences of this house may be judged by whoever asks."""
    mine = {locales.language_of(code) for code in languages_of(session, g.keyholder.staff_id)}
    known = here().languages.locales()
    return frozenset(one for one in known if one != SOURCE and locales.language_of(one) in mine)
