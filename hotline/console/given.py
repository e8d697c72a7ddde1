"""Words that caseworkers gave back, as a page for whoever decides about them: never whose report they stood in.

A word that waits stands in no address and on no other page. What was accepted stands below it, and can be taken out.
"""

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.triage import given_back, kept_words
from hotline.triage.given_back import AlsoAName, OwnWord

given = room("given", Right.OVERSEE)

_PAGE = 50


@given.get("/given")
def show_given() -> Response:
    return _page()


@given.post("/given")
def show_more() -> Response:
    """Show the kept words behind one that a form names: it is a form because words stand in no address."""
    return _page(after=(request.form.get("language", ""), request.form.get("word", "")))


@given.post("/given/<candidate_id>/keep")
def keep(candidate_id: str) -> AnyResponse:
    """Keep a word; one that people bear as a name, only when that is said a second time."""
    hotline = here()
    given_back.accept(
        hotline.store,
        g.keyholder,
        hotline.keyring,
        candidate_id,
        is_sure="sure" in request.form,
        at=g.at,
    )
    hotline.kept_words.refresh()
    return go("given.show_given")


@given.post("/given/<candidate_id>/refuse")
def refuse(candidate_id: str) -> AnyResponse:
    hotline = here()
    given_back.refuse(hotline.store, g.keyholder, hotline.keyring, candidate_id, at=g.at)
    return go("given.show_given")


@given.post("/given/out")
def take_out() -> AnyResponse:
    """Mask a word again that was accepted."""
    hotline, me, at = here(), g.keyholder, g.at
    its = {name: request.form.get(name, "") for name in ("language", "word")}
    hotline.store.write(
        lambda session: given_back.take_out(session, me, hotline.keyring, at=at, **its)
    )
    hotline.kept_words.refresh()
    return go("given.show_given")


@given.errorhandler(AlsoAName)
def ask_again(error: AlsoAName) -> Response:
    """Show the page again, with the question at the word that it is about."""
    return _page(status=422, fault="name", at_word=error.ref)


@given.errorhandler(OwnWord)
def leave_to_others(error: OwnWord) -> Response:
    return _page(status=403, fault="own", at_word=error.ref)


def _page(
    *, status: int = 200, fault: str = "", at_word: str = "", after: tuple[str, str] = ("", "")
) -> Response:
    with here().store.read() as session:
        candidates = given_back.candidates(session, g.keyholder)
        kept = kept_words.page(session, after=after, limit=_PAGE + 1)
    return show(
        "console/given.html",
        status=status,
        candidates=candidates,
        pseudonym=_pseudonym,
        kept=kept[:_PAGE],
        next=kept[_PAGE - 1] if len(kept) > _PAGE else None,
        fault=fault,
        at_word=at_word,
    )


def _pseudonym(staff_id: str) -> str:
    """Return what everybody may call whoever gave a word back; empty for somebody who left."""
    member = here().keyring.member(staff_id)
    return member.pseudonym if member else ""
