"""The measurements keep what they find, and a ratio that got worse does not pass."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hotline import cli
from hotline.errors import Malformed
from hotline.operate import bench, measuring
from hotline.operate.bench import Bench, plotting, ratios

STORED = """\
[made-up]
"time over floor" = { was = 10, tolerance = 1.5, better = "lower" }
"speed over peer" = { was = 8, tolerance = 2, better = "higher" }
"""
FIGURES = {"  time over floor": 10.0, "speed over peer": 8.0, "beside": 3.0}


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Check figures of a made-up measurement against `STORED` and return the exit status."""
    stored = tmp_path / "ratios.toml"
    stored.write_text(STORED)
    monkeypatch.setattr(bench.check, "__kwdefaults__", {"path": stored})
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))

    def run(*words: str, **changed: float) -> int:
        its = {**FIGURES, **{name.replace("_", " "): value for name, value in changed.items()}}
        monkeypatch.setattr(bench, "BENCHES", {"made-up": Bench(lambda: its)})
        return cli.main(["bench", "--check", *words])

    run.stored, run.folder = stored, tmp_path / "bench"
    return run


def test_an_equal_run_passes_and_so_does_a_better_one(check, capsys) -> None:
    assert check() == 0
    assert check(**{"  time_over_floor": 2.0, "speed_over_peer": 80.0}) == 0
    assert check(**{"  time_over_floor": 14.9, "speed_over_peer": 4.1}) == 0
    assert "WORSE" not in capsys.readouterr().out


def test_a_made_up_regression_fails_and_is_named(check, capsys) -> None:
    assert check(**{"  time_over_floor": 15.1}) == 1
    assert check(speed_over_peer=3.9) == 1
    worse = [line for line in capsys.readouterr().out.splitlines() if "WORSE" in line]
    assert [line.split("  ")[1].strip() for line in worse] == [
        "made-up: time over floor",
        "made-up: speed over peer",
    ]


def test_a_ratio_that_is_measured_no_more_fails(check, capsys) -> None:
    check.stored.write_text(STORED.replace("time over floor", "time over another"))
    assert check() == 1
    assert "NOT MEASURED" in capsys.readouterr().out


def test_writing_renews_what_was_and_nothing_else(check) -> None:
    worse = {"  time_over_floor": 99.0, "speed_over_peer": 1.0}
    assert check(**worse) == 1
    assert check("--write", **worse) == 0
    assert check(**worse) == 0
    one, other = ratios.read(check.stored)
    assert (one.was, one.tolerance, one.is_lower_better) == (99.0, 1.5, True)
    assert (other.was, other.tolerance, other.is_lower_better) == (1.0, 2.0, False)


def test_what_was_measured_is_kept_with_the_machine(check) -> None:
    check()
    kept = json.loads((check.folder / "made-up.json").read_text())
    assert kept["figures"] == FIGURES
    assert kept["machine"]["cores"] >= 1
    assert set(kept["machine"]["load"]) == {"before", "after"}


def test_the_stored_ratios_are_ratios_of_measurements_that_there_are() -> None:
    stored = ratios.read(ratios.STORED)
    assert {one.bench for one in stored} <= set(bench.BENCHES)
    assert all(one.was > 0 and 1 < one.tolerance <= 2 for one in stored)
    assert not [one.figure for one in stored if one.figure.endswith((", ms", ", s", "/s"))]
    assert tuple(bench.BENCHES) == measuring.NAMES


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ratios.toml"
    for text in ("[", '[a]\nb = { was = 1, tolerance = 2, better = "sideways" }', "a = 1"):
        path.write_text(text)
        with pytest.raises(Malformed):
            ratios.read(path)


def test_a_plot_has_each_point_where_it_belongs_and_says_what_its_axes_count() -> None:
    drawn = plotting.log_log(
        "Costs & <sizes>", "kept", "ms", {"flat": [(1e3, 5), (1e6, 5)], "steep": [(1e3, 1), (1e6, 1000)]}
    )  # fmt: skip
    root = ET.fromstring(drawn)
    of = "{http://www.w3.org/2000/svg}"
    words = [text.text for text in root.iter(f"{of}text")]
    assert {"Costs & <sizes>", "kept", "ms", "flat", "steep", "1,000", "1,000,000"} <= set(words)
    points = [(float(one.get("cx")), float(one.get("cy"))) for one in root.iter(f"{of}circle")]
    assert points[0][1] == points[1][1]
    assert points[2][1] > points[3][1]
    assert points[0][0] == points[2][0] < points[1][0] == points[3][0]
