"""An interpreter's only room: what was handed to them of one report, once they said that they have no part in it."""

from dataclasses import dataclass

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import triage
from hotline.console.interpreted import written
from hotline.console.placeholders import Piece
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.parts import here
from hotline.triage import translating as works
from hotline.triage.interpreter_work import State
from hotline.triage.translations import LONGEST
from hotline.vault.handed import Handed, Kind, open_handed

assigned = room("assigned", Right.INTERPRET)


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """A text that was handed over, and what the interpreter made of it so far."""

    kind: Kind
    seq: int
    pieces: tuple[Piece, ...]
    language: str
    is_ours: bool
    words: int
    mine: str


@assigned.get("/assigned")
def show_assigned() -> Response:
    return _page()


@assigned.post("/assigned/<work_id>/declare")
def declare(work_id: str) -> AnyResponse:
    """Open the texts to whoever has no part in them; to whoever has, nothing opens."""
    me, at, keyring, form = g.keyholder, g.at, here().keyring, request.form
    answers = {question: form.get(question, "") for question in works.QUESTIONS}
    words = form.get("words", "")
    work = here().store.write(
        lambda session: works.declare(
            session, me, work_id, keyring=keyring, answers=answers, words=words, at=at
        )
    )
    return _page(told="refused") if work.state is State.REFUSED else go("assigned.show_assigned")


@assigned.post("/assigned/<work_id>/stop")
def stop(work_id: str) -> Response:
    me, at, keyring, words = g.keyholder, g.at, here().keyring, request.form.get("words", "")
    here().store.write(
        lambda session: works.stop(session, me, work_id, keyring=keyring, words=words, at=at)
    )
    return _page(told="stopped")


@assigned.post("/assigned/<work_id>/message/<int:seq>")
def translate_message(work_id: str, seq: int) -> AnyResponse:
    return _translate(work_id, Kind.MESSAGE, seq)


@assigned.post("/assigned/<work_id>/draft/<int:seq>")
def translate_draft(work_id: str, seq: int) -> AnyResponse:
    return _translate(work_id, Kind.DRAFT, seq)


@assigned.errorhandler(works.Unanswered)
def ask_again(_error: works.Unanswered) -> Response:
    return _page(status=422, fault="unanswered")


def _translate(work_id: str, kind: Kind, seq: int) -> AnyResponse:
    me, at, keyring, text = g.keyholder, g.at, here().keyring, request.form.get("text", "")
    here().store.write(
        lambda session: works.translate(
            session, me, work_id, keyring=keyring, kind=kind, seq=seq, text=text, at=at
        )
    )
    return go("assigned.show_assigned", _anchor=f"{kind}-{seq}")


def _page(*, status: int = 200, fault: str = "", told: str = "") -> Response:
    with here().store.read() as session:
        work = works.work_of(session, g.keyholder, at=g.at)
        facts = triage.report_facts(session, work.report_id, desk=work.desk) if work else None
        is_open = work is not None and work.state is State.DECLARED
        texts = open_handed(session, g.keyholder, work.id) if work and is_open else {}
    return show(
        "console/assigned.html",
        status=status,
        work=work,
        language=facts.language if facts else "und",
        country=facts.country if facts else "",
        texts=_texts(texts),
        questions=works.QUESTIONS,
        chosen=request.form if fault else {},
        longest=LONGEST,
        fault=fault,
        told=told,
        written=written,
    )


def _texts(found: dict[tuple[Kind, int], Handed]) -> list[Text]:
    """Return what is to be translated: answers that wait to be sent first, then messages in their order."""
    given = [key for key in found if key[0] in (Kind.DRAFT, Kind.MESSAGE)]
    return [
        Text(
            kind,
            seq,
            tuple(written(found[kind, seq].text)),
            found[kind, seq].language,
            found[kind, seq].is_ours,
            len(found[kind, seq].text.split()),
            found[kind.made, seq].text if (kind.made, seq) in found else "",
        )
        for kind, seq in sorted(given)
    ]
