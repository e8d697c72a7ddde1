"""Save what is written and go on later: nothing is kept in the browser, and nobody reads it before it is sent.

It is sealed to the code that the page shows, and to the code word where one was made up; with these the form comes
back as it was left. What is saved may be saved again, sent, or thrown away; after a week it is gone.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from flask import request

from hotline.channels.web.body import Sent
from hotline.channels.web.desk import desk
from hotline.dialogue.form import HOW, NOT_TO, TYPED, answers
from hotline.errors import Unavailable
from hotline.parts import here
from hotline.vault.codes import ReturnCode, mint, parse
from hotline.vault.drafts import Locked, forget_draft, open_draft, save_draft
from hotline.vault.reporters import ReporterKey, find_reporter

THROW_AWAY = "throw"
"""What a form is sent for that is not to be kept any more."""


@dataclass(frozen=True, slots=True, repr=False)
class Resumed:
    """The code under which a form was saved before; *is_sent* where it opens a report meanwhile."""

    code: ReturnCode
    key: ReporterKey
    is_sent: bool = False


def resumed(sent: Sent) -> Resumed | None:
    """Return by which code the form that was *sent* is known already; None for one that was never saved.

    A code alone takes no draft over that asks for a word: then the form gets a code of its own. So it does while too
    many try codes or words: what is to be kept is never refused for that.

    Raises:
        Unavailable: too many try at this moment, and the form is to be thrown away.
    """
    code = parse(sent.text("code"))
    if code is None:
        return None
    try:
        return _known(code, sent.text("locked"))
    except Unavailable:
        if request.args.get("act") == THROW_AWAY:
            raise
        return None


def _known(code: ReturnCode, locked: str) -> Resumed | None:
    brake = desk().brake
    with brake.turn() as begun:
        if begun is None:
            raise Unavailable
        key = here().codes.derive(code)
    with here().store.read() as session:
        if find_reporter(session, key.lookup) is not None:
            return Resumed(code, key, is_sent=True)
    found = opened(key, locked)
    if found is None:
        brake.wait_out(begun)
    return Resumed(code, key) if isinstance(found, Sent) else None


def save(sent: Sent, before: Resumed | None, new_code: Callable[[], ReturnCode]) -> ReturnCode:
    """Keep what stands in the form, and return the code that opens it.

    Raises:
        Unavailable: it could not be kept, or there is no room for more today.
    """
    if before and not before.is_sent and _saved(before.key, sent):
        return before.code
    # A form that was sent and is saved afterwards is another one.
    for code in (new_code(), mint()):
        if _saved(here().codes.derive_new(code), sent):
            return code
    raise Unavailable


def opened(key: ReporterKey, word: str) -> Sent | Locked | None:
    """Return the form as it was saved; None where nothing is saved. A wrong word takes its time, whatever it is.

    Raises:
        Unavailable: too many wrong words were tried for this form.
    """
    found = _read(key, "")
    if not isinstance(found, Locked) or not word:
        return found
    with desk().words.turn(key.lookup) as was_right:
        if was_right is None:
            raise Unavailable
        found = _read(key, word)
        if not isinstance(found, Locked):
            was_right()
    return found


def _read(key: ReporterKey, word: str) -> Sent | Locked | None:
    with here().store.read() as session:
        found = open_draft(session, key, word)
    return found if found is None or isinstance(found, Locked) else Sent(found)


def throw_away(before: Resumed) -> None:
    """Delete what was saved; where that fails it ends by itself."""
    with suppress(Unavailable):
        here().store.write(partial(forget_draft, lookup=before.key.lookup))


def _saved(key: ReporterKey, sent: Sent) -> bool:
    word, at, fields = sent.text("word"), here().clock(), _fields(sent)
    return here().store.write(lambda session: save_draft(session, key, fields, word=word, at=at))


def _fields(sent: Sent) -> dict[str, tuple[str, ...]]:
    """Return what stands in the form: of choices those that we offer, of what is typed each field once."""
    chosen = {
        name: (codes,) if isinstance(codes, str) else tuple(codes)
        for name, codes in answers(sent.all).items()
    }
    typed = {name: (sent.text(name),) for name in ("account", *TYPED, NOT_TO) if sent.text(name)}
    how = {"how": (sent.text("how"),)} if sent.text("how") in HOW else {}
    return chosen | typed | how
