"""An upgrade backs up what is there before it touches it, and keeps away from what is newer."""

import json

import pytest
from sqlalchemy import text

from hotline import migrations
from hotline.errors import Misconfigured
from hotline.operate import stamps
from hotline.operate.backup_age import decrypted
from hotline.operate.backup_commands import drill
from hotline.operate.upgrading import upgrade
from hotline.store import Store
from tests.operate.test_backup import busy

pytestmark = pytest.mark.xdist_group("backup")


def settings(house, **more):
    config = house.hotline.config
    return {
        "PUBLIC_URL": config.public_url,
        "DATABASE_URL": config.database_url,
        "KEYS_DIR": str(config.keys),
        **more,
    }


def older(house):
    """Let the database be of a version before: a table has a column more, another is missing."""
    scripts = migrations.scripts()
    before = scripts.get_revision(migrations.newest()).down_revision

    def write(session):
        session.execute(text("ALTER TABLE reports ADD COLUMN mood TEXT DEFAULT 'calm'"))
        session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": before})

    house.hotline.store.write(write)
    return before


def test_what_is_there_is_backed_up_as_it_is_before_it_is_changed(told, safe, monkeypatch):
    busy(told)
    before = older(told)
    env = settings(told, HOTLINE_BACKUP_TO=safe.recipient)
    monkeypatch.setattr(migrations, "upgrade", lambda _store: None)
    backed, done = upgrade(env, backups=safe.folder)

    (file,) = safe.folder.glob("before-upgrade-*.age")
    assert str(file) in backed
    assert before in done
    with decrypted(file, safe.identity) as lines:
        head = json.loads(lines.readline())
        rest = lines.read()
    assert head["revision"] == before
    assert "mood" in head["tables"]["reports"]
    assert b'"calm"' in rest
    assert stamps.stamped(told.hotline.config.keys, stamps.BACKUP)


def test_without_a_key_to_back_up_to_nothing_is_changed(told, safe):
    older(told)
    with pytest.raises(Misconfigured, match="HOTLINE_BACKUP_TO"):
        upgrade(settings(told), backups=safe.folder)


def test_a_database_that_is_newer_is_left_alone_and_one_that_fits_too(told, safe):
    assert "Nothing to do" in upgrade(settings(told), backups=safe.folder)[0]
    newer = text("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    told.hotline.store.write(lambda session: session.execute(newer))
    with pytest.raises(Misconfigured, match="newer"):
        upgrade(settings(told), backups=safe.folder, without_backup=True)


def test_an_empty_database_gets_its_shape(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    env = {"PUBLIC_URL": "https://line.example", "DATABASE_URL": url, "KEYS_DIR": str(tmp_path)}
    assert migrations.newest() in upgrade(env, backups=tmp_path)[-1]
    store = Store(url)
    with store.read() as session:
        assert session.execute(text("SELECT count(*) FROM reports")).scalar_one() == 0
    store.close()


def test_a_drill_brings_a_backup_back_and_leaves_only_that_it_was_done(
    told, safe, tmp_path, capsys, monkeypatch
):
    busy(told)
    backup = safe.holds(told)
    (tmp_path / "throw").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "throw"))
    assert drill(settings(told), backup, identity=safe.identity) == 0
    said = capsys.readouterr().out
    assert "came back whole" in said
    assert "The log is whole" in said
    assert stamps.stamped(told.hotline.config.keys, stamps.DRILL)
    assert not list((tmp_path / "throw").iterdir())
