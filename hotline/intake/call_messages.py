"""What is heard in a call, as a message of a report."""

import hashlib
from dataclasses import replace

from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Effect, Heard, Turn
from hotline.domain.report import Channel, IncomingMessage, reference
from hotline.intake.call_settings import Call
from hotline.intake.understanding import HIDDEN


def linked(turn: Turn) -> Turn:
    """Let the desk know the report of the same number that this call may not touch."""
    if not turn.state.beside:
        return turn
    return replace(turn, answers={**turn.answers, "beside": reference(turn.state.beside)})


def message_of(
    call: Call,
    state: CallState,
    turn: Turn | None = None,
    heard: Heard | None = None,
    before: CallState | None = None,
) -> IncomingMessage:
    """Return what was *heard* as a message; digits that are secret do not stand in it.

    Its id says which step it answers, and what it says: a retry is known by both.
    """
    words = turn.words if turn else ""
    contact = dict(turn.contact) if turn else {}
    if turn and turn.new_code and turn.word:
        contact["word"] = turn.word
    if contact and state.how:
        # Each record of it says whole where they are reached.
        contact["how"] = state.how
    count = before.count if before else 0
    return IncomingMessage(
        channel=Channel.VOICE,
        text=words or (turn.keys if turn else "") or HIDDEN,
        locale=state.locale,
        provider_id=f"{call.id}:{count}:{_digest(heard)}" if heard else "",
        sender=call.sender,
        line=call.line,
        answers=dict(turn.answers) if turn else {},
        earlier=dict(before.answers) if before else {},
        contact=contact,
        locale_is_chosen=state.is_chosen,
        caller=state.caller,
        is_key=not words,
        is_doubted=bool(turn and Effect.DURESS in turn.effects),
    )


def _digest(heard: Heard) -> str:
    said = "\0".join((heard.digits, heard.speech, heard.event))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
