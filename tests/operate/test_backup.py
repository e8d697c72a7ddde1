"""A backup is one moment, encrypted; it comes back whole on either database, or not at all."""

import json
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, inspect, select, update

from hotline import audit
from hotline.audit.tables import audit_log
from hotline.cli import main
from hotline.errors import Misconfigured
from hotline.migrations import every_table
from hotline.operate.backup import back_up
from hotline.operate.backup_age import decrypted, new_key, recipients
from hotline.operate.backup_format import LEFT_OUT, BackupUnreadable, kept_tables
from hotline.operate.restore import restore
from hotline.operate.restore_keys import KeyFolderDiffers, RosterOlder
from hotline.reports.tables import counters, messages, reports
from hotline.retention import asking, endings
from hotline.retention.erasing import named
from hotline.store import Store
from hotline.vault.attest import is_attested
from hotline.vault.erasedlist import ErasedList
from hotline.vault.logkey import LogKey, LogSigner, LogVerifier
from hotline.vault.tables import return_codes
from tests.cast import AMINA, MARIA, Member, Texter
from tests.house import ORIGIN
from tests.servers import postgres_url as second_postgres_url  # noqa: F401 - a second empty database.

pytestmark = pytest.mark.xdist_group("backup")
on_each = pytest.mark.parametrize("told", ["sqlite", "postgresql"], indirect=True)
"""For what each database does in its own way; `make bench` tries the others on both, too."""


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that a backup keeps, but the line that says that one was restored."""
    with store.read() as session:
        return {
            table.name: sorted(
                (row for row in map(tuple, session.execute(select(table))) if "restore" not in row),
                key=repr,
            )
            for table in kept_tables()
        }


def busy(house) -> None:
    """Let something stand in many tables."""
    maria, noor = Texter(house, MARIA), Member(house, "noor")
    maria.texts("I am Maria Lopez, he keeps my passport and locks the door")
    noor.signs_in()
    report = noor.first_report()
    noor.sends(f"/console/report/{report}/note", note="Ask her about the door.")


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("sqlite", "postgresql"),
        ("postgresql", "sqlite"),
        pytest.param("sqlite", "sqlite", marks=pytest.mark.exhaustive),
        pytest.param("postgresql", "postgresql", marks=pytest.mark.exhaustive),
    ],
    indirect=["told"],
)
def test_what_was_backed_up_comes_back_on_either_database(told, safe, elsewhere, kind):
    busy(told)
    backup = safe.holds(told)
    url, keys = elsewhere(kind)
    restored = restore(backup, safe.identity, url=url, keys=keys)
    again = Store(url)
    before = everything(told.hotline.store)
    assert everything(again) == before
    assert restored.rows == {name: len(rows) for name, rows in before.items() if rows}
    assert before["envelopes"]
    with again.read() as session:
        for metadata in every_table():
            for table in metadata.sorted_tables:
                if table.name in LEFT_OUT:
                    assert not session.execute(select(table)).first(), table.name
    again.close()


def test_the_house_opens_again_where_its_locks_are(told, safe, elsewhere):
    # A report is told, backed up, and the machine is lost; the locks had a copy of their own.
    busy(told)
    backup = safe.holds(told)
    url, keys = elsewhere("sqlite")
    shutil.copytree(told.hotline.config.keys / "locks", keys / "locks")
    restored = restore(backup, safe.identity, url=url, keys=keys)
    assert restored.kept.open_epochs == restored.kept.epochs > 0

    # A caseworker signs in at the new machine with what she knows, and reads it.
    from dataclasses import replace

    from hotline.factory import build, create_app
    from hotline.vault.argon import CHEAPEST

    config = replace(told.hotline.config, database_url=url, keys=keys)
    languages = told.hotline.languages
    hotline = build(config, clock=told.clock, profile=CHEAPEST, languages=languages)
    told.app, old = create_app(hotline), told.hotline
    told.hotline = hotline
    try:
        noor = Member(told, "noor")
        noor.signs_in()
        assert "keeps my passport" in noor.opens(f"/console/report/{noor.first_report()}")
    finally:
        hotline.store.close()
        told.hotline = old


def test_nothing_opens_whose_key_period_was_closed_after_the_backup(told, safe, elsewhere):
    busy(told)
    backup = safe.holds(told)
    shutil.rmtree(told.hotline.config.keys / "locks")
    url, keys = elsewhere("sqlite")
    restored = restore(backup, safe.identity, url=url, keys=keys)
    assert restored.kept.open_epochs == 0 < restored.kept.epochs


def test_what_was_erased_after_the_backup_stays_erased(told, safe, elsewhere):
    busy(told)
    Texter(told, AMINA).texts("They sell our coats.")
    backup = safe.holds(told)
    with told.hotline.store.read() as session:
        first, second = session.execute(select(reports.c.id).order_by(reports.c.id)).scalars()
    url, keys = elsewhere("sqlite")
    ErasedList(keys / "erased.list").add([first], at=told.clock())
    restored = restore(backup, safe.identity, url=url, keys=keys)
    assert restored.erased == 1
    store = Store(url)
    with store.read() as session:
        assert session.execute(select(reports.c.id)).scalars().all() == [second]
        assert named(session, [first]) == set()
        assert session.execute(select(func.sum(counters.c.open))).scalar_one() == 1
    store.close()


def test_nothing_ends_at_once_that_was_held_or_taken_back_after_the_backup(told, safe, elsewhere):
    busy(told)
    store, before = told.hotline.store, datetime.now(UTC)
    at = before - timedelta(days=200)
    with store.read() as session:
        report_id = session.execute(select(reports.c.id)).scalar_one()
    store.write(lambda session: asking.ask(session, report_id, at=at))
    store.write(lambda session: endings.begin(session, report_id, desk="main", at=at))
    url, keys = elsewhere("sqlite")
    restore(safe.holds(told), safe.identity, url=url, keys=keys)
    again = Store(url)
    with again.read() as session:
        soon = before + timedelta(hours=71)
        assert asking.due(session, at=soon) == []
        assert asking.due(session, at=soon + timedelta(hours=3)) != []
        assert endings.due(session, at=before + timedelta(days=2)) == []
        assert endings.due(session, at=soon + timedelta(days=2)) != []
    again.close()


@on_each
def test_numbers_of_the_log_go_on_where_they_were(told, safe, elsewhere):
    # Whoever acts first after a restore writes a line, which must find a number that is free.
    busy(told)
    backup = safe.holds(told)
    for kind in ("sqlite", "postgresql"):
        if kind == "postgresql" and told.hotline.store.is_sqlite:
            continue
        url, keys = elsewhere(kind)
        restore(backup, safe.identity, url=url, keys=keys)
        store = Store(url)
        store.write(lambda session: audit.record(session, at=told.clock(), who="x", did="note"))
        store.write(lambda session: audit.sequence(session, at=told.clock()))
        store.close()
        shutil.rmtree(keys.parent)


def test_codes_are_vouched_for_again_where_the_houses_key_was_lost(told, safe, elsewhere):
    web = told.app.test_client()
    page = web.post("/en/new", data={"account": "They lock the door."}, base_url=ORIGIN)
    assert page.status_code == 200
    signs(told, told.hotline.log_key)
    backup = safe.holds(told)
    url, keys = elsewhere("sqlite")
    restored = restore(backup, safe.identity, url=url, keys=keys)
    assert restored.log.is_whole
    assert "log.key" in restored.kept.files
    assert restored.kept.vouched == 1
    store = Store(url)
    with store.read() as session:
        row = session.execute(select(return_codes)).one()
        its = {"report_id": row.report_id, "public": row.public_key}
        public = (keys / "log.pub").read_bytes()
        assert is_attested(public, row.attested, **its)
        # The checkpoints of before are no forgeries to the new key.
        name = told.hotline.config.log_name
        assert audit.verify(session, public=LogVerifier(name, public)).is_whole
    store.close()


def signs(house, key) -> None:
    """Let the log be numbered, and signed with *key*."""
    at, signer = house.clock.passes(days=2), LogSigner(house.hotline.config.log_name, key)
    house.hotline.store.write(lambda session: audit.sequence(session, at=at))
    assert house.hotline.store.write(lambda session: audit.checkpoint(session, signer, at))


def test_a_log_that_somebody_else_signed_is_told(told, safe, elsewhere):
    """Whoever has the public key of the backups can make one; the log in it was not signed by the house."""
    busy(told)
    signs(told, LogKey.fresh())
    url, keys = elsewhere("sqlite")
    restored = restore(safe.holds(told), safe.identity, url=url, keys=keys)
    assert restored.log.kind == "forged_checkpoint"


def test_a_log_that_was_changed_is_told_and_the_rest_comes_back(told, safe, elsewhere):
    busy(told)
    store = told.hotline.store
    store.write(lambda session: audit.sequence(session, at=told.clock.passes(hours=2)))
    store.write(lambda session: session.execute(update(audit_log).values(did="nothing")))
    url, keys = elsewhere("sqlite")
    restored = restore(safe.holds(told), safe.identity, url=url, keys=keys)
    assert not restored.log.is_whole
    assert restored.rows["reports"] == 1


@on_each
def test_a_backup_under_load_is_one_moment(told, safe, elsewhere):
    stopping, faults = threading.Event(), []

    def text_all_the_time(number: int) -> None:
        try:
            for turn in range(500):
                if stopping.is_set():
                    return
                Texter(told, f"+1500555{number}{turn:03}").texts("They lock the door at night.")
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=text_all_the_time, args=(number,)) for number in (2, 3)]
    for thread in threads:
        thread.start()
    backups = [safe.holds(told, f"{turn}.age") for turn in range(3)]
    stopping.set()
    for thread in threads:
        thread.join()
    assert not faults
    url, keys = elsewhere("sqlite")
    restored = restore(backups[-1], safe.identity, url=url, keys=keys)
    store = Store(url)
    with store.read() as session:
        told_of = session.execute(select(func.sum(counters.c.open))).scalar_one() or 0
        held = session.execute(select(func.count()).select_from(reports)).scalar_one()
        said = session.execute(select(func.count()).select_from(messages)).scalar_one()
        inside = session.execute(select(func.sum(reports.c.messages))).scalar_one() or 0
    store.close()
    assert told_of == held == restored.rows.get("reports", 0)
    assert said == inside


@pytest.fixture
def sealed(house, safe) -> Path:
    from alembic import command

    from hotline import migrations

    store = house.hotline.store
    store.write(lambda session: command.stamp(migrations.configuration(session), "head"))
    busy(house)
    return safe.holds(house)


def test_no_word_of_it_is_readable_without_the_key(sealed, safe):
    content = sealed.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert b"reports" not in content
    assert b"noor" not in content
    with decrypted(sealed, safe.identity) as lines:
        first = json.loads(lines.readline())
        rest = lines.read()
    assert first["backup"] == 1
    assert b"passport" not in rest
    assert not {"relay.key", "log.key", "threads.key"} & set(first["files"])


@pytest.mark.parametrize("place", [0, 30, 200, 5000, -5000, -1])
def test_a_changed_byte_is_refused_and_nothing_is_half_restored(sealed, safe, elsewhere, place):
    content = bytearray(sealed.read_bytes())
    content[place] ^= 1
    sealed.write_bytes(content)
    refused(sealed, safe.identity, elsewhere)


@pytest.mark.parametrize("kept", [0, 20, 300, -20_000, -1])
def test_a_backup_that_was_cut_is_refused(sealed, safe, elsewhere, kept):
    content = sealed.read_bytes()
    sealed.write_bytes(content[:kept])
    refused(sealed, safe.identity, elsewhere)


def test_another_key_is_refused(sealed, safe, elsewhere, tmp_path):
    new_key(tmp_path / "another")
    refused(sealed, tmp_path / "another", elsewhere)


def refused(backup, identity, elsewhere) -> None:
    url, keys = elsewhere("sqlite")
    with pytest.raises(BackupUnreadable):
        restore(backup, identity, url=url, keys=keys)
    assert not list(keys.parent.rglob("*.db*"))
    assert not list(keys.iterdir())


def rewritten(sealed: Path, safe, change) -> Path:
    """Return a backup as whoever knows the recipient can forge it: age does not say who wrote."""
    import io

    from hotline.operate.backup_age import encrypt
    from hotline.operate.backup_format import Counted, line

    with decrypted(sealed, safe.identity) as file:
        lines = [json.loads(each) for each in file.read().splitlines()]
    end = lines.pop()
    lines, end = change(lines, end)
    counted = Counted()
    for content in lines:
        counted.take(line(content))
        if isinstance(content, list) and content:
            counted.count(content[0])
    out = io.BytesIO()
    encrypt(
        iter([*map(line, lines), *([line(end or counted.end)])]), out, recipients([safe.recipient])
    )
    sealed.write_bytes(out.getvalue())
    return sealed


def test_other_counts_than_rows_are_refused(sealed, safe, elsewhere):
    forged = rewritten(sealed, safe, lambda lines, end: (lines[:-1], end))
    refused(forged, safe.identity, elsewhere)


def test_another_shape_is_refused(sealed, safe, elsewhere):
    def older(lines, _end):
        return [{**lines[0], "revision": "0000"}, *lines[1:]], None

    refused(rewritten(sealed, safe, older), safe.identity, elsewhere)


def test_another_version_is_refused(sealed, safe, elsewhere):
    forged = rewritten(
        sealed, safe, lambda lines, _: ([{**lines[0], "backup": 2}, *lines[1:]], None)
    )
    refused(forged, safe.identity, elsewhere)


@pytest.mark.parametrize(
    "row", [["sessions", 1], ["nowhere"], ["reports", 1], [], ["messages", *[{}] * 8], 7]
)
def test_rows_that_do_not_fit_are_refused(sealed, safe, elsewhere, row):
    forged = rewritten(sealed, safe, lambda lines, _: ([*lines, row], None))
    refused(forged, safe.identity, elsewhere)


def test_a_roster_that_the_root_did_not_appoint_is_refused(sealed, safe, elsewhere):
    def forge(lines, _end):
        return [
            [*row[:2], "AAAA" + row[2][4:], *row[3:]]
            if isinstance(row, list) and row[0] == "rosters"
            else row
            for row in lines
        ], None

    from hotline.errors import Refused

    url, keys = elsewhere("sqlite")
    with pytest.raises(Refused):
        restore(rewritten(sealed, safe, forge), safe.identity, url=url, keys=keys)
    assert not list(keys.parent.rglob("*.db*"))
    assert not [path for path in keys.iterdir() if not path.name.startswith(".")]


def test_a_database_that_holds_something_is_left_alone(sealed, safe, house):
    url, before = house.hotline.config.database_url, everything(house.hotline.store)
    with pytest.raises(Misconfigured, match="not empty"):
        restore(sealed, safe.identity, url=url, keys=house.hotline.config.keys)
    assert everything(house.hotline.store) == before


def test_another_houses_key_folder_is_left_alone(sealed, safe, elsewhere):
    url, keys = elsewhere("sqlite")
    (keys / "root.pub").write_bytes(bytes(32))
    with pytest.raises(KeyFolderDiffers):
        restore(sealed, safe.identity, url=url, keys=keys)
    assert [path.name for path in keys.iterdir()] == ["root.pub"]


def test_an_older_roster_than_was_seen_is_refused(sealed, safe, elsewhere, house):
    url, keys = elsewhere("sqlite")
    pinned = json.loads((house.hotline.config.keys / "roster.pin").read_bytes())
    pinned["roster"][0] += 1
    (keys / "roster.pin").write_text(json.dumps(pinned))
    with pytest.raises(RosterOlder):
        restore(sealed, safe.identity, url=url, keys=keys)
    assert not list(keys.parent.rglob("*.db*"))


def test_a_failed_restore_leaves_no_table_in_postgresql(sealed, safe, postgres_url, tmp_path):
    content = bytearray(sealed.read_bytes())
    content[-1] ^= 1
    sealed.write_bytes(content)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackupUnreadable):
        restore(sealed, safe.identity, url=postgres_url, keys=tmp_path / "empty")
    engine = create_engine(postgres_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_backup_that_cannot_be_written_leaves_no_file(house, safe, tmp_path):
    class Full:
        def write(self, _content):
            raise OSError(28, "full")

        def flush(self):
            raise OSError(28, "full")

    from alembic import command

    from hotline import migrations
    from hotline.errors import Unavailable

    store = house.hotline.store
    store.write(lambda session: command.stamp(migrations.configuration(session), "head"))
    with pytest.raises(Unavailable):
        back_up(store, house.hotline.config.keys, recipients([safe.recipient]), Full())


def test_the_commands_say_what_they_did(house, sealed, safe, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("LINES", raising=False)
    for name, value in {
        "PUBLIC_URL": "https://line.example",
        "DATABASE_URL": house.hotline.config.database_url,
        "KEYS_DIR": str(house.hotline.config.keys),
        "HOTLINE_BACKUP_TO": safe.recipient,
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["backup", "--new-key", str(tmp_path / "fresh")]) == 0
    assert capsys.readouterr().out.startswith("age1")
    assert main(["backup", "--new-key", str(tmp_path / "fresh")]) == 1
    assert main(["backup", "--to", "nonsense", "--out", str(tmp_path / "no.age")]) == 1
    assert not (tmp_path / "no.age").exists()
    assert main(["backup", "--out", str(tmp_path / "b.age")]) == 0
    assert "rows" in capsys.readouterr().err
    (tmp_path / "new").mkdir()
    words = ["restore", str(tmp_path / "b.age"), "--identity", str(safe.identity)]
    words += ["--into", f"sqlite:///{tmp_path / 'new.db'}", "--keys", str(tmp_path / "new")]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "Restored: everything of" in said
    assert "The log is whole" in said
    assert "Not restored:" in said
    assert "locks/" in said
    assert "THERE IS NO LIST OF WHAT WAS ERASED" in said
    assert "is a member again" in said
    assert main(words) == 1
    assert "not empty" in capsys.readouterr().err
