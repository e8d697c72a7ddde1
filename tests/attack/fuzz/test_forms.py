"""Every form that the desk shows, sent as a browser would but for one field: no fault of ours, and nothing echoed."""

import re
from sqlite3 import connect

from tests import examples
from tests.attack.fuzz.filling import WRONG, Form, forms_on
from tests.attack.fuzz.hostile import MARKUP
from tests.cast import Member, Texter
from tests.console.everywhere import ids_in, pages
from tests.console.hanging import hang_everything
from tests.house import ORIGIN, House

SAID = "My boss took my passport and locks the door at night. My name is Maria Lopez"
OTHERS = ("ada", "isa", "ivo", "abel")
_EACH = 193
"""Of what the long run tries, every so manieth is tried each time."""
_ENDS_THE_SESSION = re.compile("/(signout|signin|join)$")


def test_no_field_of_a_form_is_a_fault_of_ours(
    house: House, maria: Texter, noor: Member, ines: Member
) -> None:
    maria.texts(SAID)
    noor.signs_in()
    ines.signs_in()
    report = noor.first_report()
    noor.sends(f"/console/report/{report}/claim")
    hang_everything(house, report, noor, ines)
    others = [Member(house, who) for who in OTHERS if examples.at_length]
    for member in others:
        member.signs_in()
    found = _forms(house, {**ids_in(house), "report_id": report}, noor, ines, *others)
    assert len(found) > 70
    offered = sorted({one for _, form in found for one in form.offered})
    tries = [
        (member, form, name, value)
        for number, (member, form) in enumerate(found)
        for name in form.fields
        for value in (*WRONG, *offered[number :: len(found)])
    ]
    with connect(house.var / "hotline.db") as live, connect(":memory:") as kept:
        live.backup(kept)
        for member, form, name, value in tries if examples.at_length else tries[::_EACH]:
            answer = form.sent(member, name, value)
            assert answer.status_code < 500, (member.username, form.path, name, value[:40])
            assert MARKUP.encode() not in answer.data, (form.path, name)
            # What was done is undone, so that the next form can be sent, too.
            if answer.status_code == 303:
                kept.backup(live)


def _forms(house: House, ids: dict[str, str], *members: Member) -> list[tuple[Member, Form]]:
    """Return each form once, and who was shown it first."""
    found: dict[tuple[str, ...], tuple[Member, Form]] = {}
    for member in members:
        for path in pages(house, ids):
            answer = member.client.get(path, base_url=ORIGIN)
            assert answer.status_code < 500, (member.username, path)
            for form in forms_on(answer.text, path) if answer.mimetype == "text/html" else ():
                shape = (re.sub("[0-9a-f]{32}", "", form.path), form.method, *sorted(form.fields))
                if not _ENDS_THE_SESSION.search(form.path):
                    found.setdefault(shape, (member, form))
    return list(found.values())
