"""The doctor says in which languages people are answered, which wait for a reader, and what was read by nobody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline import migrations
from hotline.config import Config
from hotline.operate.doctor import languages
from hotline.operate.doctor.findings import Finding
from hotline.operate.doctor.visit import House
from hotline.proofreading.signing import sign
from hotline.reviews import State
from hotline.store import Store
from tests.rules.test_reviews import Shelf


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf(tmp_path / "shelf")
    shelf.folder.mkdir()
    shelf.writes("es")
    shelf.writes("fr")
    shelf.says("fr", "cross-checked")
    monkeypatch.setattr(languages, "TRANSLATIONS", shelf.folder)
    return shelf


def found(tmp_path: Path, least: State, *only: str) -> dict[str, Finding]:
    url = f"sqlite:///{tmp_path / 'hotline.db'}"
    config = Config("https://line.example", url, tmp_path, offer_locales=least, locales=only)
    house = House(config, {}, lambda: datetime.now(UTC))
    return {one.code: one for one in languages.check_languages(house)}


def test_only_english_remains_where_nobody_has_read_anything(tmp_path: Path, shelf: Shelf) -> None:
    its = found(tmp_path, State.REVIEWED)
    assert set(its) == {"languages", "languages-waiting", "languages-only-english"}
    assert its["languages"].what == "Offered are: en."
    assert its["languages-waiting"].what.endswith("es, fr.")
    assert "no native speaker has read" in its["languages-only-english"].do
    # Who names English alone wants it so.
    assert set(found(tmp_path, State.REVIEWED, "en")) == {"languages"}
    assert not (tmp_path / "hotline.db").exists()


def test_what_no_native_speaker_has_read_is_named(tmp_path: Path, shelf: Shelf) -> None:
    its = found(tmp_path, State.CROSS_CHECKED)
    assert set(its) == {"languages", "languages-waiting", "languages-unread"}
    assert its["languages-unread"].what.endswith("no native speaker has read, fr.")
    assert found(tmp_path, State.DRAFTED)["languages-unread"].what.endswith(" es, fr.")


def test_what_was_signed_in_the_house_counts(tmp_path: Path, shelf: Shelf) -> None:
    store = Store(f"sqlite:///{tmp_path / 'hotline.db'}")
    migrations.create_all(store)
    sentences, at = shelf.languages().safety("es"), datetime.now(UTC)
    store.write(
        lambda session: sign(
            session, "es", sentences, version=shelf.version("es"), by="1" * 32, at=at
        )
    )
    store.close()
    its = found(tmp_path, State.REVIEWED)
    assert its["languages"].what == "Offered are: en, es."
    assert "languages-only-english" not in its


def test_a_review_that_cannot_be_read_is_wrong(tmp_path: Path, shelf: Shelf) -> None:
    (shelf.folder / "REVIEW.toml").write_text("[es")
    assert set(found(tmp_path, State.REVIEWED)) == {"review-unreadable"}
