"""A recording is heard by whoever may reveal and says why, piece by piece and never by itself; then it is typed."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hotline import audit
from hotline.contact.fetching import FETCHING, LEFT_OUT
from hotline.domain.report import Channel, IncomingMessage
from hotline.reports.tables import messages, reports
from hotline.store import Store
from hotline.vault import stream
from hotline.vault.asked import GRANT
from hotline.vault.attachments import HeldFile, forget
from hotline.vault.tickets import LONGEST
from tests.cast import Member
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House, found_house

CHUNK = stream.CHUNK
VOICE = b"RIFF" + bytes(range(251)) * 1000
SIZE = len(VOICE)
ASKED = {"what": "1 attachments", "purpose": "translation", "why": "to type it", "file": "1"}
SAID = "My name is Maria Lopez. He locked the door and took my passport, I am 16"


class Spoken(HeldFile):
    """What was said in a call."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(name, kind, is_recording=True)


def keeps(
    house: House,
    kind: str = "audio/x-wav",
    *,
    channel: Channel = Channel.VOICE,
    its: type[HeldFile] = Spoken,
) -> str:
    """Keep a recording with a message of a call, and return the report."""
    file = its("recording", kind)
    file.add(VOICE)
    file.finish()
    message = IncomingMessage(channel, "…", "en", media=1)
    reception = house.hotline.reception
    return reception.receive(message, at=house.clock(), files=[file]).report_id


@dataclass
class Player:
    """Noor, who listens; her browser asks for what its player needs."""

    house: House
    noor: Member
    report: str
    page: TestResponse | None = None

    def listens(self) -> "Player":
        self.page = self.noor.sends(f"/console/report/{self.report}/listen", expect=200, **ASKED)
        return self

    @property
    def text(self) -> str:
        return self.page.text if self.page else ""

    @property
    def address(self) -> str:
        found = re.search(r'<source src="([^"]+)"', self.text)
        return found.group(1) if found else ""

    @property
    def key(self) -> str:
        return self.address.rpartition("/")[2]

    def gets(self, asked: str = "", address: str = "") -> TestResponse:
        headers = {"Range": asked} if asked else {}
        return self.noor.client.get(address or self.address, headers=headers, base_url=ORIGIN)

    def types(self, said: str, expect: int = 303, key: str = "") -> TestResponse:
        path = f"/console/report/{self.report}/heard"
        return self.noor.sends(path, expect=expect, said=said, key=key or self.key)

    def row(self):
        with self.house.hotline.store.read() as session:
            return session.execute(select(reports).where(reports.c.id == self.report)).one()


@pytest.fixture
def player(house: House, at_desk: Member) -> Player:
    return Player(house, at_desk, keeps(house))


def lines(house: House) -> list[str]:
    with house.hotline.store.read() as session:
        return [line.did for line in audit.page(session)]


def test_whoever_revealed_what_came_along_is_offered_to_listen(player: Player) -> None:
    shown = player.noor.sends(f"/console/report/{player.report}/reveal", expect=200, **ASKED)
    assert f'formaction="/console/report/{player.report}/listen"' in shown.text
    assert "Listen to 1" in shown.text


@pytest.mark.parametrize("kind", ["text/html", "audio/x-unheard-of", "image/png", "video/mp4"])
def test_what_is_no_sound_is_handed_out_only(house: House, at_desk: Member, kind: str) -> None:
    report = keeps(house, kind)
    shown = at_desk.sends(f"/console/report/{report}/reveal", expect=200, **ASKED)
    assert "Listen to 1" not in shown.text
    at_desk.sends(f"/console/report/{report}/listen", expect=404, **ASKED)


def test_it_is_written_down_before_it_opens_and_without_a_reason_nothing_opens(
    player: Player,
) -> None:
    path = f"/console/report/{player.report}/listen"
    asks = player.noor.sends(path, expect=422, **{**ASKED, "why": ""})
    assert "<audio" not in asks.text
    assert "reveal" not in lines(player.house)
    player.listens()
    assert lines(player.house).count("reveal") == 1
    # The pieces are of that one look.
    player.gets("bytes=0-9")
    player.gets("bytes=10-19")
    assert lines(player.house).count("reveal") == 1


def test_nothing_plays_by_itself_and_a_word_of_care_stands_before_it(player: Player) -> None:
    text = player.listens().text
    player_tag = re.search(r"<audio[^>]*>", text)
    assert player_tag
    assert 'controls preload="none"' in player_tag.group()
    assert "autoplay" not in text
    assert text.index("listen-note") < text.index("<audio")
    policy = player.page.headers["Content-Security-Policy"]
    assert "media-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert (
        "media-src"
        not in player.noor.client.get("/console/", base_url=ORIGIN).headers[
            "Content-Security-Policy"
        ]
    )


def test_the_whole_comes_as_sound_without_a_name_and_is_kept_by_nobody(player: Player) -> None:
    answer = player.listens().gets()
    assert (answer.status_code, answer.data) == (200, VOICE)
    assert answer.headers["Content-Type"] == "audio/wav"
    assert answer.headers["Content-Length"] == str(SIZE)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Disposition" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, SIZE),
        (f"bytes={SIZE - 1}-{SIZE - 1}", SIZE - 1, SIZE),
        ("bytes=-1", SIZE - 1, SIZE),
        (f"bytes={CHUNK - 3}-{CHUNK + 2}", CHUNK - 3, CHUNK + 3),
        (f"bytes={CHUNK}-{2 * CHUNK - 1}", CHUNK, 2 * CHUNK),
        (f"bytes={CHUNK - 1}-{3 * CHUNK}", CHUNK - 1, 3 * CHUNK + 1),
        (f"bytes=100-{SIZE * 9}", 100, SIZE),
        (f"bytes=-{SIZE * 9}", 0, SIZE),
    ],
)
def test_a_part_is_exactly_what_was_asked_for(
    player: Player, asked: str, start: int, stop: int
) -> None:
    answer = player.listens().gets(asked)
    assert (answer.status_code, answer.data) == (206, VOICE[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.headers["Content-Length"] == str(stop - start)


@pytest.mark.parametrize(
    "asked", [f"bytes={SIZE}-", "bytes=5-2", "bytes=x-y", "lines=1-2", "bytes=0-1,5-6", "nonsense"]
)
def test_a_part_that_there_is_not_is_refused(player: Player, asked: str) -> None:
    answer = player.listens().gets(asked)
    assert (answer.status_code, answer.data) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"


def test_only_the_chunks_that_are_needed_are_opened(player: Player, monkeypatch) -> None:
    player.listens()
    opened: list[int] = []
    real = stream._Cipher.open

    def watch(cipher, number, sealed, **more):
        opened.append(number)
        return real(cipher, number, sealed, **more)

    monkeypatch.setattr(stream._Cipher, "open", watch)
    assert len(player.gets(f"bytes={2 * CHUNK - 1}-{2 * CHUNK}").data) == 2
    assert opened == [1, 2]


def test_a_ticket_is_good_for_nobody_else_nor_elsewhere_nor_for_ever(
    house: House, player: Player, supervisor: Member
) -> None:
    player.listens()
    assert supervisor.client.get(player.address, base_url=ORIGIN).status_code == 404
    other = player.address.replace(player.report, keeps(house))
    assert player.gets(address=other).status_code == 404
    for key in ("x", player.key[:-4], player.key[:-8] + "AAAAAAAA", "!" * 40):
        assert player.gets(address=player.address.replace(player.key, key)).status_code == 404
    stranger = house.app.test_client().get(player.address, base_url=ORIGIN)
    assert (stranger.status_code, stranger.headers["Location"]) == (303, "/console/signin")

    # Whoever is at work stays signed in, but the recording closes.
    for _ in range(int(LONGEST / timedelta(minutes=20))):
        assert player.gets("bytes=0-0").status_code == 206
        house.clock.passes(minutes=20)
    assert player.gets("bytes=0-0").status_code == 404


def test_a_ticket_says_nothing_in_its_address(player: Player) -> None:
    player.listens()
    assert player.gets().data == VOICE
    assert not re.search(r"[0-9a-f]{32}", player.key)
    player.noor.client.post("/console/signout", base_url=ORIGIN)
    assert player.gets().status_code == 303


def test_what_was_erased_is_heard_no_more(player: Player) -> None:
    player.listens()
    player.house.hotline.store.write(lambda session: forget(session, player.report))
    assert player.gets().status_code == 404


def test_whoever_may_not_reveal_hears_nothing(player: Player, auditor: Member) -> None:
    player.listens()
    auditor.sends(f"/console/report/{player.report}/listen", expect=403, **ASKED)
    assert auditor.client.get(player.address, base_url=ORIGIN).status_code == 403


def test_what_is_typed_is_kept_as_their_words_without_names(player: Player) -> None:
    before = player.row()
    sent = player.listens().types(SAID)
    assert sent.headers["Location"].endswith("#message-2")
    page = player.noor.opens(f"/console/report/{player.report}")
    assert "He locked the door" in re.sub(r"<[^>]+>", "", page)
    assert "Maria Lopez" not in page
    assert "typed by Noor" in re.sub(r"<[^>]+>", "", page)
    assert "heard in message 1" in page
    after = player.row()
    assert set(after.rules) > set(before.rules)
    assert after.minor
    assert (after.messages, after.unanswered, after.waiting_since, after.claimed_by) == (
        2, before.unanswered, before.waiting_since, before.claimed_by,
    )  # fmt: skip
    assert lines(player.house)[:2] == ["opened", "typed"]


def test_only_a_reveal_shows_what_was_typed_with_its_names(player: Player) -> None:
    player.listens().types(SAID)
    what = {**ASKED, "what": "2 words"}
    shown = player.noor.sends(f"/console/report/{player.report}/reveal", expect=200, **what)
    assert SAID in shown.text


def test_words_of_a_caller_never_lie_here_unsealed(player: Player) -> None:
    player.listens().types(SAID)
    store: Store = player.house.hotline.store
    store.truncate_log()
    everything = b"".join(
        path.read_bytes() for path in player.house.var.rglob("*") if path.is_file()
    )
    for trace in (b"locked the door", b"Maria Lopez", VOICE[:64]):
        assert trace not in everything


def test_without_words_nothing_is_kept_and_the_page_comes_again(player: Player) -> None:
    page = player.listens().types(" \n ", expect=422).text
    assert "A few words are needed. Nothing is kept yet." in page
    assert player.address in page
    assert player.row().messages == 1


def test_nothing_is_typed_without_having_listened(
    house: House, player: Player, supervisor: Member
) -> None:
    player.types(SAID, expect=404, key="x")
    path = f"/console/report/{player.report}/heard"
    answer = player.noor.client.post(path, data={"said": SAID, "seq": "1"}, base_url=ORIGIN)
    assert answer.status_code == 404
    # Nor with the ticket of somebody else, nor of another report.
    theirs = Player(house, supervisor, player.report).listens()
    player.types(SAID, expect=404, key=theirs.key)
    other = Player(house, player.noor, keeps(house)).listens()
    player.types(SAID, expect=404, key=other.key)
    assert (player.row().messages, other.row().messages) == (1, 1)


@pytest.mark.parametrize(
    ("channel", "its"),
    [(Channel.WEB, HeldFile), (Channel.VOICE, HeldFile), (Channel.WEB, Spoken)],
)
def test_only_what_was_said_in_a_call_is_typed_as_their_words(
    house: House, at_desk: Member, channel: Channel, its: type[HeldFile]
) -> None:
    player = Player(house, at_desk, keeps(house, channel=channel, its=its)).listens()
    assert player.gets().data == VOICE
    player.types(SAID, expect=404)
    assert player.row().messages == 1


def test_a_sound_that_was_uploaded_is_heard_and_there_is_nothing_to_type(
    house: House, at_desk: Member
) -> None:
    player = Player(house, at_desk, keeps(house, channel=Channel.WEB, its=HeldFile)).listens()
    assert "<audio" in player.text
    assert "<textarea" not in player.text


def test_our_own_answer_is_never_typed_as_their_words(player: Player) -> None:
    player.listens()
    its = update(messages).values(direction="out")
    player.house.hotline.store.write(lambda session: session.execute(its))
    player.types(SAID, expect=404)
    assert player.row().messages == 1


def test_words_typed_too_late_are_not_kept_and_not_lost(player: Player) -> None:
    player.listens()
    for _ in range(int(LONGEST / timedelta(minutes=20))):
        player.gets("bytes=0-0")
        player.house.clock.passes(minutes=20)
    page = player.types(SAID, expect=403).text
    assert "your time to listen is over" in page
    assert SAID in page
    assert "<audio" not in page
    assert '<button class="act act--main">' not in page
    assert faults_in(page) == []
    assert player.row().messages == 1


def test_at_a_desk_with_four_eyes_it_is_open_no_longer_than_what_was_approved(
    tmp_path: Path,
) -> None:
    house = found_house(tmp_path, four_eyes=True)
    noor, ines = Member(house, "noor"), Member(house, "ines")
    noor.signs_in()
    ines.signs_in()
    player = Player(house, noor, keeps(house))
    noor.sends(f"/console/report/{player.report}/reveal", **ASKED)
    (request,) = re.findall(r'id="request-([0-9a-f]{32})"', ines.opens("/console/approvals"))
    ines.approves(request)
    ends = house.clock.at + GRANT
    house.clock.passes(minutes=10)
    path = f"/console/report/{player.report}/listen"
    player.page = noor.sends(path, expect=200, request=request, file="1")
    assert f"open to you until {ends:%H:%M} UTC" in player.text
    assert player.gets().data == VOICE
    house.clock.at = ends - timedelta(seconds=1)
    assert player.gets("bytes=0-0").status_code == 206
    house.clock.at = ends
    assert player.gets("bytes=0-0").status_code == 404
    player.types(SAID, expect=403)
    assert player.row().messages == 1
    house.close()


def test_a_report_that_is_closed_stays_closed(player: Player) -> None:
    its = update(reports).values(status="closed", waiting_since=None, unanswered=False)
    player.house.hotline.store.write(lambda session: session.execute(its))
    player.listens().types(SAID)
    after = player.row()
    assert (after.status, after.waiting_since, after.messages) == ("closed", None, 2)


def test_a_report_of_another_desk_is_not_heard(house: House, player: Player) -> None:
    its = update(reports).values(desk="elsewhere")
    player.listens()
    house.hotline.store.write(lambda session: session.execute(its))
    assert player.gets().status_code == 404
    assert (
        player.noor.client.post(
            f"/console/report/{player.report}/heard",
            data={"said": SAID, "key": player.key},
            base_url=ORIGIN,
        ).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [(FETCHING, "Its recording is being fetched."), (LEFT_OUT, "No recording is kept")],
)
def test_the_message_says_what_is_with_its_recording(
    player: Player, state: str, words: str
) -> None:
    its = update(messages).values(state=state, channel="voice")
    player.house.hotline.store.write(lambda session: session.execute(its))
    assert words in player.noor.opens(f"/console/report/{player.report}")
