"""Whatever a member's forms and addresses hold: no fault of ours, nothing echoed, and no change by what is refused."""

from sqlite3 import connect

from hypothesis import strategies as st

from tests.attack.fuzz.asking import Asked, requests
from tests.attack.fuzz.hostile import MARKUP, fuzz
from tests.cast import Member
from tests.console.test_desks import everything
from tests.house import House

WHO = ("noor", "ines", "ada", "isa", "ivo", "abel")
LARGEST = 1 << 20
ENDS_THE_SESSION = ("account.leave_everywhere", "door.leave")


def signed_in(house: House, who: str) -> Member:
    member = Member(house, who)
    member.signs_in()
    return member


class Watch:
    """Tells whether anything was changed since it was last asked; where the database cannot tell, nothing was."""

    def __init__(self, house: House) -> None:
        self.house, file = house, house.var / "hotline.db"
        self.rows, self.connection = everything(house), connect(file) if file.exists() else None
        self.version = self._version()

    def has_changed(self) -> bool:
        version, before = self._version(), self.rows
        if version != self.version:
            self.version, self.rows = version, everything(self.house)
        return self.rows != before

    def _version(self) -> object:
        return self.connection and self.connection.execute("PRAGMA data_version").fetchone()


def test_no_form_and_no_address_of_the_console_is_a_fault_of_ours(anywhere: House) -> None:
    members, watch = [signed_in(anywhere, who) for who in WHO], Watch(anywhere)

    @fuzz(80, 5_000, requests(anywhere, "/console", but=ENDS_THE_SESSION), st.sampled_from(members))
    def ask(asked: Asked, member: Member) -> None:
        answer = asked.of(member.client)
        assert answer.status_code < 500
        assert len(answer.data) < LARGEST
        assert MARKUP.encode() not in answer.data
        assert not (watch.has_changed() and answer.status_code >= 400)

    ask()
