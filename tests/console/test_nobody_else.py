"""Whoever has no business with a report learns nothing of it: not a word, not that it is there, not by how it is looked up.

Eve has no session, Isa investigates, Ada runs the house, Tala works at another desk, Ivo interprets and was handed
nothing, and from Omar, who works here, the report is kept. Each tries every address of the desk that names anything,
with the ids of what is there and with ids that never were.
"""

import pytest

from hotline.triage.excluding import exclude
from tests.cast import Member, Texter
from tests.console.everywhere import asks, ids_in, statements, tries
from tests.house import House

SAID = "My boss took my passport and locks the door at night. My name is Maria Lopez"
TOLD = ("passport", "Maria", "Lopez", "locks the door")


@pytest.fixture
def ids(house: House, maria: Texter, noor: Member, ines: Member, agency: str) -> dict[str, str]:
    """Real ids of everything that hangs on a report, which only Ines and Noor may see."""
    maria.texts(SAID)
    noor.signs_in()
    ines.signs_in()
    report = noor.first_report()
    path = f"/console/report/{report}"
    noor.sends(f"{path}/claim")
    noor.sends(f"{path}/note", text="Ask for the blue door.")
    house.hotline.store.write(
        lambda session: exclude(
            session, house.hotline.keyring, report, kind="words", words=TOLD[0], at=house.clock()
        )
    )
    noor.sends(f"{path}/under-18")
    staff = {member.username: member.id for member in house.hotline.keyring.members}
    ines.sends(f"{path}/restrict", to=[staff["ines"], staff["noor"]])
    return {**ids_in(house), "report_id": report, "member_id": staff["noor"], "key": "0" * 32}


OF_COLLEAGUES = {
    "approvals.give_half",
    *(f"staffing.{act}" for act in ("block", "unblock", "dismiss", "readmit", "end_sessions")),
}
"""What is done to people: who works at a desk is known to those who work there or administer it."""

WHO = ("", "isa", "ada", "tala", "ivo", "omar", "abel")


@pytest.mark.parametrize("who", WHO)
def test_what_is_there_and_what_never_was_answer_alike(
    house: House, ids: dict[str, str], who: str
) -> None:
    stranger = Member(house, who) if who else None
    if stranger:
        stranger.signs_in()
    walked = 0
    for one in tries(house, ids):
        if one.endpoint in OF_COLLEAGUES:
            continue
        answers = []
        for path in (one.real, one.never):
            with statements() as asked:
                answer = asks(stranger, house, one.method, path)
            shown = answer.text.replace(path, "")
            answers.append((answer.status_code, shown, answer.headers.get("Location"), asked))
        assert answers[0] == answers[1], (who, one)
        assert answers[0][0] in (303, 400, 403, 404, 405, 422), (who, one, answers[0][0])
        for word in (*TOLD, ids["report_id"]):
            assert word not in answers[0][1], (who, one, word)
        walked += 1
    assert walked > 60
