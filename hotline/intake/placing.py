"""In which report a phone speaks from now on, and whether we reach them there."""

from dataclasses import dataclass, replace

from hotline.intake.keeping import Token
from hotline.intake.recognizing import Returned
from hotline.intake.threads import CODE, LEFT, Thread
from hotline.vault.threads import Ticket


@dataclass(frozen=True, slots=True)
class Place:
    """By what the sender's phone is known from now on; *is_moving* says that we reach them there instead of elsewhere."""

    token: Token | None
    is_moving: bool = False


def place_of(
    returned: Returned | None,
    thread: Thread,
    mine: Thread | None,
    tickets: tuple[Ticket, ...],
    *,
    said_word: bool,
) -> Place:
    """Return where a phone speaks from now on.

    With a return code it speaks in that report; where a code word is agreed and did not come, by that word alone, and
    a phone that has a report of its own keeps it.
    """
    if not tickets:
        return Place(None)
    known_as = tuple(ticket.token for ticket in tickets)
    token = Token(tickets[0].token, tickets[0].seal(thread.secret), known_as=known_as)
    is_elsewhere = mine is not None and mine.report_id != thread.report_id
    if mine and not is_elsewhere and mine.invited == CODE:
        # It came with the code before, and now with the word.
        how = "" if said_word else CODE
        return Place(replace(token, moves=said_word, invited=how), is_moving=said_word)
    if returned is None:
        return Place(replace(token, moves=is_elsewhere))
    if mine and mine.invited == LEFT and not is_elsewhere:
        # They left this phone: they are back with code and word, and not with the code alone.
        if returned.needs_word:
            return Place(replace(token, invited=LEFT))
        return Place(replace(token, moves=True), is_moving=True)
    if mine and not is_elsewhere:
        return Place(token)
    if not returned.needs_word:
        return Place(replace(token, moves=True), is_moving=True)
    has_own = mine is not None and not mine.invited
    return Place(None if has_own else replace(token, moves=True, invited=CODE))
