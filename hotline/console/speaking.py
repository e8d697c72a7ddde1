"""Staff say for themselves which languages they read and write; whom a report in one of them is given to."""

from flask import g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.console.speech import locale
from hotline.domain.staff import Right
from hotline.i18n import name_of
from hotline.parts import here
from hotline.store import Session
from hotline.triage.languages import languages_of
from hotline.triage.rota import say_languages

speaking = room("speaking", Right.READ, Right.INTERPRET)

_ASKED = (  # noqa: SIM905 - one line of codes is read more easily.
    "am ar bg bn ckb en es fa fil fr ha hi ht hu id ig ka kk km kmr ky lo mg ml ms my ne om pa pcm pl ps pt ro ru rw si"
    " so sq sr sw ta te tg th ti tk tr uk ur uz vi wo yo zh zu"
).split()
"""The languages that people are asked for: those of the people who most often write to such lines, and of staff."""


@speaking.post("/account/languages")
def say() -> AnyResponse:
    me, at, said = g.keyholder, g.at, request.form.getlist("language")
    here().store.write(
        lambda session: say_languages(
            session, me.staff_id, desk=me.desk, codes=said, by=me.staff_id, at=at
        )
    )
    return go("account.show_account", _anchor="languages")


def spoken(session: Session, staff_id: str) -> list[tuple[str, str, bool]]:
    """Return the languages to ask for, by their names in the reader's language: code, name, and whether they read it."""
    mine, speaks = set(languages_of(session, staff_id)), locale()
    asked = [(code, name_of(code, speaks), code in mine) for code in {*_ASKED, *mine}]
    return sorted(asked, key=lambda one: one[1].casefold())
