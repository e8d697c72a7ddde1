"""How many complaints a desk got in a quarter, written down by who oversees it: they come by every way there is."""

from flask import g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.console.speech import quarter_text
from hotline.domain.staff import Right
from hotline.errors import Malformed
from hotline.parts import here
from hotline.store import Session
from hotline.triage import tallying

complaints = room("complaints", Right.OVERSEE)


@complaints.post("/charts/complaints")
def write_down() -> AnyResponse:
    me, at, typed = g.keyholder, g.at, request.form.get("count", "").strip()
    if not (
        typed.isascii() and typed.isdigit() and len(typed) <= len(str(tallying.MOST_COMPLAINTS))
    ):
        raise Malformed
    name, count = request.form.get("quarter", ""), int(typed)
    here().store.write(
        lambda session: tallying.write_complaints(
            session, name, count, desk=me.desk, by=me.staff_id, at=at
        )
    )
    return go("charts.show_charts", _anchor="told")


def written_down(session: Session, speaks: str) -> list[tuple[str, str, int | None]]:
    """Return the quarters that are not told yet, by code and in words, with what the reader's desk wrote down of each."""
    names = tallying.open_quarters(session, at=g.at)
    counts = tallying.complaints(session, g.keyholder.desk, names)
    return [(name, quarter_text(name, speaks), counts.get(name)) for name in names]
