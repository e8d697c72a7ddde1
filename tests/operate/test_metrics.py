"""`/metrics` tells whoever has the token how the house is, and nothing of anybody in it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from hotline import jobs, worker
from hotline.factory import create_app
from hotline.operate import metrics, stamps
from tests.cast import Texter
from tests.house import House, found_house

TOKEN = "m" * 32
RULES = Path(metrics.__file__).parents[1] / "deploy" / "alerts.yml"
LABELS = {
    "process",
    "kind",
    "outcome",
    "le",
    "channel",
    "urgency",
    "job",
    "of",
    "version",
    "python",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if on_server else ""
    house = found_house(
        tmp_path,
        database_url=url,
        adjust=lambda config: replace(config, metrics_tokens=("o" * 32, TOKEN)),
    )
    house.app = measured(house)
    yield house
    house.close()


def measured(house: House) -> Flask:
    app = create_app(house.hotline)
    metrics.attach(app)
    return app


def asked(app: Flask, said: str = f"Bearer {TOKEN}"):
    return app.test_client().get("/metrics", headers={"Authorization": said} if said else {})


def numbers(house: House) -> dict[str, float]:
    """Return each number by its name and labels, but for the process."""
    found = {}
    for family in text_string_to_metric_families(asked(house.app).text):
        for one in family.samples:
            labels = ",".join(v for k, v in sorted(one.labels.items()) if k != "process")
            found[f"{one.name} {labels}".strip()] = one.value
    return found


def test_there_is_nothing_for_who_shows_no_token(told: House) -> None:
    assert asked(told.app).status_code == 200
    for said in ("", TOKEN, f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN}"):
        assert asked(told.app, said).status_code == 404


def test_without_the_setting_there_is_no_such_address(house: House) -> None:
    answer = measured(house).test_client().get("/metrics", follow_redirects=True)
    assert answer.status_code == 404


def test_what_people_did_is_told_in_fives_and_quarters(told: House) -> None:
    assert numbers(told)["hotline_reports_total"] == 0
    for n in range(6):
        assert Texter(told, f"+1500555{n:04}").texts("They took my passport, I cannot leave")
    # They wrote within the quarter: nobody who reads along learns of it yet,
    before = numbers(told)
    assert before["hotline_reports_total"] == before["hotline_webhook_seconds_bucket +Inf"] == 0
    assert before["hotline_webhooks_total texts,kept"] == 0
    # and afterwards how many they were, nearly.
    told.clock.passes(minutes=15)
    after = numbers(told)
    assert after["hotline_reports_total"] == after["hotline_reports_today sms"] == 5
    assert after["hotline_webhooks_total texts,kept"] == 5
    assert after["hotline_webhook_seconds_bucket +Inf"] == 5
    assert sum(after[f"hotline_waiting_reports {its}"] for its in ("high", "normal", "none")) == 5
    waits = {after[f"hotline_oldest_wait_seconds {its}"] for its in ("high", "normal", "none")}
    assert waits == {0, 900}


def test_what_fails_is_told_at_once(told: House) -> None:
    sent = told.app.test_client().post("/twilio/sms", data={"Body": "x"})
    assert sent.status_code == 403
    assert numbers(told)["hotline_webhooks_total texts,refused"] == 1


def test_nothing_that_is_told_names_anybody(told: House) -> None:
    Texter(told, "+15005550142").texts("Soy María, tengo 16 años")
    told.clock.passes(minutes=15)
    text = asked(told.app).text
    assert set(re.findall(r'[{,](\w+)="', text)) <= LABELS
    for word in ("5550142", "main", "es", "US", "noor"):
        assert f'"{word}"' not in text
    assert not re.search(r'="[0-9a-f]{32}"', text)


def test_jobs_backups_and_rounds_are_told(told: House) -> None:
    store, at = told.hotline.store, told.clock()
    store.write(lambda session: jobs.ensure(session, list(worker.STANDING), at=at))
    while worker.work_off(told.hotline):
        pass
    stamps.stamp(told.hotline.config.keys, stamps.BACKUP, at=at)
    store.write(lambda session: jobs.later(session, jobs.Job("send", "0" * 32, at)))
    told.clock.passes(minutes=90)
    found = numbers(told)
    assert found["hotline_backup_age_seconds"] == found["hotline_round_age_seconds sweep"] == 5400
    assert found["hotline_jobs_late send"] == 1
    assert found["hotline_jobs_late_seconds send"] == 5400
    assert "hotline_drill_age_seconds" not in found


def test_what_the_database_does_not_tell_is_left_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.app = measured(replace_tokens(house))
    house.hotline.store.close()
    (house.var / "hotline.db").write_bytes(b"no database any more, and long enough to be read" * 99)
    found = numbers(house)
    assert found["hotline_database_up"] == 0
    assert found["hotline_process_memory_bytes"] > 0
    assert "hotline_reports_total" not in found


def replace_tokens(house: House) -> House:
    config = replace(house.hotline.config, metrics_tokens=(TOKEN,))
    house.hotline = replace(house.hotline, config=config)
    return house


def test_every_rule_is_about_what_is_told_and_says_what_to_do(told: House) -> None:
    store, at = told.hotline.store, told.clock()
    store.write(lambda session: jobs.ensure(session, list(worker.STANDING), at=at))
    for name in (stamps.BACKUP, stamps.DRILL):
        stamps.stamp(told.hotline.config.keys, name, at=at)
    Texter(told, "+15005550142").texts("They took my passport")
    text = asked(told.app).text
    known = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE)) | {
        "hotline_webhook_seconds_bucket"
    }
    # SQLite's own log is none of a server's.
    known |= {"hotline_wal_bytes"}
    for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]:
        named = set(re.findall(r"\bhotline_\w+", rule["expr"]))
        assert named, rule
        assert named <= known, rule["alert"]
        assert all(rule["annotations"][part].endswith(".") for part in ("summary", "do")), rule
        assert rule["labels"]["severity"] in ("page", "look")
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_the_readme_and_the_rules_name_the_same_sizes() -> None:
    readme = (RULES.parents[3] / "README.md").read_text()
    rules = RULES.read_text()
    for name in ("hotline_process_memory_bytes", "hotline_wal_bytes"):
        (mebibytes,) = re.findall(rf"`{name}` over (\d+) MiB", readme)
        assert f"expr: {name} > {mebibytes} * 1024 * 1024\n" in rules
