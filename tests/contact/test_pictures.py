"""Pictures that came with a text are kept sealed, beside a clean copy, and erased at the provider."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import delete, insert, select

from hotline import audit
from hotline.contact import fetch_later, fetch_picture
from hotline.contact.carrier import CarrierBusy, CarrierRefused, ProviderFile
from hotline.contact.pictures import FETCHING, LEFT_OUT, MOST_BYTES, MOST_FILES
from hotline.contact.tables import erase_at_provider, pictures
from hotline.jobs import jobs
from hotline.reports.tables import messages, reports
from hotline.store import Store
from hotline.vault.relay import seal_for_relay
from hotline.vault.revealing import Look
from hotline.vault.tables import attachments
from hotline.worker import WORK
from tests.contact.conftest import NOW, signs_in
from tests.house import found_house

MM = "MM" + "7" * 32
OWNER = "Quillmore"
BUDGET = 10_000


def photo(form: str = "JPEG") -> bytes:
    exif, into = Image.Exif(), BytesIO()
    exif[0x013B] = OWNER
    Image.new("RGB", (30, 20), "red").save(into, form, exif=exif)
    return into.getvalue()


def file(number: int, content: bytes, kind: str = "image/jpeg") -> ProviderFile:
    pieces = (content[start : start + 5000] for start in range(0, len(content), 5000))
    return ProviderFile("ME" + str(number) * 32, kind, pieces)


class Album:
    """A report whose first message came with pictures, and the worker who fetches them."""

    def __init__(self, house):
        self.house, self.hotline = house, house.hotline
        self.store, self.carrier = house.hotline.store, house.carrier
        self.report_id = ""
        self.files = lambda: [file(1, b"hello", "text/plain")]
        self.carrier.fetch_media = self._bring

    def _bring(self, message_id):
        assert message_id == MM
        return self.files()

    def message(self, channel="sms"):
        """Keep the message, and ask for its pictures."""
        self.report_id = "a" * 32
        row = {
            "id": self.report_id, "desk": "main", "channel": channel, "locale": "es",
            "language": "es", "day": "2026-03-02", "status": "open", "urgency": 2, "minor": False,
            "bystander": False, "needs": [], "indicators": [], "rules": [], "messages": 1,
            "unanswered": True, "waiting_since": NOW,
        }  # fmt: skip
        said = {
            "report_id": self.report_id, "seq": 1, "direction": "in", "channel": channel,
            "day": "2026-03-02", "at": NOW, "author": "", "state": "", "is_read": False,
        }  # fmt: skip

        def work(session):
            session.execute(insert(reports), row)
            session.execute(insert(messages), said)
            return self.asks(session)

        return self.store.write(work)

    def asks(self, session):
        return fetch_later(
            session,
            self.hotline.relay_public,
            provider_id=MM,
            report_id=self.report_id,
            seq=1,
            at=NOW,
        )

    @property
    def ref(self):
        return self.rows(select(jobs.c.ref).where(jobs.c.name == "fetch_picture"))[0].ref

    def fetches(self, ref="", budget=BUDGET):
        hotline = self.hotline
        fetch_picture(
            self.store,
            self.carrier,
            hotline.relay,
            hotline.keyring,
            ref or self.ref,
            at=NOW,
            budget=budget,
        )

    def rows(self, query):
        with self.store.read() as session:
            return session.execute(query).all()

    def state(self):
        return self.rows(select(messages.c.state))[0].state

    def kept(self):
        return len(self.rows(select(attachments.c.id)))

    def waits(self):
        return len(self.rows(select(pictures.c.id)))

    def to_erase(self):
        query = select(erase_at_provider.c.kind, erase_at_provider.c.provider_id)
        return sorted(tuple(row) for row in self.rows(query))

    def opened(self):
        """Return head and content of each file, as someone with the reveal right opens them."""
        from hotline.triage.revealing import reveal_files

        noor = signs_in(self.house, "noor")
        look = Look(self.report_id, 1, "attachments", "life", "she sent it")
        files = reveal_files(self.store, noor, self.hotline.keyring, look, at=self.house.clock())
        return [(one.head, b"".join(one.pieces(self.store))) for one in files]


@pytest.fixture
def album(house) -> Album:
    album = Album(house)
    assert album.message()
    return album


def test_a_picture_is_kept_sealed_beside_a_clean_copy_and_erased_there(album):
    assert album.state() == FETCHING
    album.files = lambda: [file(1, photo())]
    album.fetches()
    (original, content), (copy, clean) = album.opened()
    assert (content, original.kind, original.copy_of) == (photo(), "image/jpeg", 0)
    assert (copy.kind, copy.copy_of) == ("image/jpeg", 1)
    assert OWNER.encode() in content
    assert OWNER.encode() not in clean
    assert Image.open(BytesIO(clean)).size == (30, 20)
    assert album.state() == ""
    assert album.to_erase() == [("media", f"{MM}/ME{'1' * 32}"), ("message", MM)]
    assert album.waits() == 0


def test_which_bytes_came_is_written_in_the_log(album):
    album.files = lambda: [file(1, photo())]
    album.fetches()
    with album.store.read() as session:
        lines = audit.of_report(session, album.report_id)
    assert sorted(line.what.partition("=")[0] for line in lines) == ["1 file1", "1 file2"]
    assert {line.did for line in lines} == {"receive"}


def test_neither_the_text_nor_its_pictures_can_be_found_in_what_lies_here(album):
    album.files = lambda: [file(1, photo())]
    album.fetches()
    album.store.write(lambda session: session.execute(delete(erase_at_provider)))
    album.store.truncate_log()
    everything = b"".join(path.read_bytes() for path in album.house.var.glob("hotline.db*"))
    for trace in (MM.encode(), OWNER.encode(), b"ME" + b"1" * 32, photo()[200:232]):
        assert trace not in everything


def test_what_is_wanted_lies_sealed_while_it_waits(album):
    (row,) = album.rows(select(pictures))
    assert MM.encode() not in row.sealed
    assert album.report_id.encode() not in row.sealed
    assert row.since == NOW


def test_pictures_of_a_text_are_asked_for_once(album):
    assert not album.store.write(album.asks)
    assert album.waits() == 1
    ref = album.ref
    for _ in range(3):
        album.fetches(ref)
    assert album.kept() == 1


def test_many_files_keep_their_order_and_originals_come_first(album):
    pdf = BytesIO()
    Image.new("RGB", (5, 5)).save(pdf, "PDF")
    album.files = lambda: [
        file(1, b"BEGIN:VCARD", "text/x-vcard"),
        file(2, photo("PNG"), "image/png"),
        file(3, b"OggS", "audio/ogg"),
        file(4, pdf.getvalue(), "application/pdf"),
    ]
    album.fetches()
    heads = [head for head, _ in album.opened()]
    assert [head.kind for head in heads] == [
        "text/x-vcard", "image/png", "audio/ogg", "application/pdf", "image/png", "application/pdf",
    ]  # fmt: skip
    assert [head.copy_of for head in heads] == [0, 0, 0, 0, 2, 4]


@pytest.mark.parametrize(
    "kind", ["text/html", "application/x-msdownload", "image/svg+xml", "", "application/zip"]
)
def test_a_kind_that_nobody_needs_is_left_out_and_erased(album, kind):
    album.files = lambda: [file(1, b"x", kind), file(2, b"x", "Text/Plain; charset=x")]
    album.fetches()
    assert (album.kept(), album.state()) == (1, LEFT_OUT)
    assert len(album.to_erase()) == 3


def test_a_file_that_is_too_large_is_not_read_to_its_end(album):
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1 << 20)
            yield bytes(1 << 20)

    album.files = lambda: [ProviderFile("ME" + "1" * 32, "video/mp4", endless())]
    album.fetches()
    assert sum(read) == MOST_BYTES + (1 << 20)
    assert (album.kept(), album.state()) == (0, LEFT_OUT)
    assert ("message", MM) in album.to_erase()


def test_no_more_is_read_than_a_report_can_hold(album, monkeypatch):
    monkeypatch.setattr("hotline.contact.pictures.MOST_IN_ALL", 12_000)
    album.files = lambda: [file(number, bytes(5000), "audio/ogg") for number in range(3)]
    album.fetches()
    assert (album.kept(), album.state()) == (2, LEFT_OUT)


def test_more_files_than_a_text_can_have_are_left_out(album):
    album.files = lambda: [file(number, b"hello", "text/plain") for number in range(MOST_FILES + 2)]
    album.fetches()
    assert (album.kept(), album.state()) == (MOST_FILES, LEFT_OUT)


def test_a_file_that_is_gone_is_left_out_and_the_others_are_kept(album):
    def gone() -> Iterator[bytes]:
        raise CarrierRefused
        yield b""

    album.files = lambda: [
        ProviderFile("ME" + "9" * 32, "image/png", gone()),
        file(1, b"x", "text/csv"),
    ]
    album.fetches()
    assert (album.kept(), album.state()) == (1, LEFT_OUT)


def test_a_text_whose_pictures_are_all_gone_says_so(album):
    album.files = list
    album.fetches()
    assert (album.kept(), album.state(), album.waits()) == (0, LEFT_OUT, 0)


@pytest.mark.parametrize("pieces", [0, 1])
def test_a_provider_that_breaks_off_is_asked_again_and_nothing_half_is_kept(album, pieces):
    def broken() -> Iterator[bytes]:
        yield from [photo()[:100]] * pieces
        raise CarrierBusy

    def sound(number) -> ProviderFile:
        return file(number, b"OggS", "audio/ogg")

    album.files = lambda: [sound(2), ProviderFile("ME" + "1" * 32, "image/png", broken())]
    for _ in range(2):
        with pytest.raises(CarrierBusy):
            album.fetches()
    assert (album.kept(), album.state(), album.waits()) == (0, FETCHING, 1)
    assert album.to_erase() == []
    album.files = lambda: [sound(2), sound(1)]
    album.fetches()
    assert (album.kept(), album.state()) == (2, "")


def test_a_provider_out_of_reach_is_asked_again(album):
    def away():
        raise CarrierBusy

    album.files = away
    with pytest.raises(CarrierBusy):
        album.fetches()
    assert album.waits() == 1


def test_a_worker_killed_before_it_could_write_down_keeps_nothing_twice(album, monkeypatch):
    ref, write = album.ref, Store.write

    def killed(store, work):
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        album.fetches()
    monkeypatch.setattr(Store, "write", write)
    assert (album.kept(), album.waits()) == (0, 1)
    for _ in range(2):
        album.fetches(ref)
    assert album.kept() == 1


def test_two_workers_who_fetch_the_same_keep_it_once(album):
    ref = album.ref

    def meanwhile():
        album.files = lambda: [file(1, b"x", "text/csv")]
        album.fetches(ref)
        return [file(1, b"x", "text/csv")]

    album.files = meanwhile
    album.fetches(ref)
    assert (album.kept(), album.state()) == (1, "")


def test_nothing_is_fetched_of_a_report_that_was_erased(album):
    album.store.write(lambda session: session.execute(delete(messages)))
    album.files = lambda: pytest.fail("nobody may fetch this")
    album.fetches()
    assert (album.kept(), album.waits()) == (0, 0)
    assert album.to_erase() == [("message", MM)]


def test_a_report_erased_while_they_are_fetched_keeps_nothing(album):
    def erased():
        album.store.write(lambda session: session.execute(delete(messages)))
        return [file(1, b"x", "text/csv")]

    album.files = erased
    album.fetches()
    assert album.kept() == 0
    assert ("message", MM) in album.to_erase()


def test_where_there_is_no_room_originals_come_first_and_what_is_lost_is_said(album):
    album.files = lambda: [file(1, photo())]
    album.fetches(budget=1)
    ((head, _),) = album.opened()
    assert (head.copy_of, album.state()) == (0, "")


def test_without_any_room_the_message_says_that_one_is_left_out(album):
    album.fetches(budget=0)
    assert (album.kept(), album.state()) == (0, LEFT_OUT)


@pytest.mark.parametrize("payload", [b"{}", b"[]", b'["pictures", 1, 2, 3]', b"\xff"])
def test_a_wish_that_nobody_can_read_stops_nothing(album, payload):
    sealed = seal_for_relay(album.hotline.relay_public, payload)
    for broken in (sealed, b"not sealed at all"):
        row = {"id": "b" * 32, "id_hash": b"2" * 32, "sealed": broken, "since": NOW}
        album.store.write(lambda session, row=row: session.execute(insert(pictures), row))
        album.fetches("b" * 32)
    assert album.waits() == 1


def test_the_worker_knows_the_job_and_a_lost_one_is_asked_for_again(album):
    ref = album.ref
    album.store.write(lambda session: session.execute(delete(jobs)))
    WORK["sweep"](album.hotline, "")
    assert album.ref == ref
    WORK["fetch_picture"](album.hotline, ref)
    assert album.kept() == 1


def test_at_a_desk_with_four_eyes_they_are_cut_in_halves(tmp_path):
    house = found_house(tmp_path, four_eyes=True)
    album = Album(house)
    album.message()
    album.fetches()
    assert all(row.wrap2 for row in album.rows(select(attachments.c.wrap2)))
    house.close()


def test_on_postgresql_too(tmp_path, postgres_url):
    house = found_house(tmp_path, database_url=postgres_url)
    album = Album(house)
    assert album.message()
    assert not album.store.write(album.asks)
    album.fetches()
    assert album.kept() == 1
    house.close()
