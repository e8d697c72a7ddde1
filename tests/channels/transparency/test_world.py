"""The map has every country that a report may come from, within its drawing."""

import csv
import re
from pathlib import Path

import hotline.leads
from hotline.channels.transparency.world import FILE, HEIGHT, STEPS, WIDTH, shade_of, shaded

COUNTRIES = Path(hotline.leads.__file__).parent / "countries.tsv"
UNINHABITED = {"AQ", "BV", "UM"}


def test_every_country_can_be_seen_and_lies_within_the_drawing() -> None:
    with COUNTRIES.open(encoding="utf-8") as file:
        codes = {row["code"] for row in csv.DictReader(file, delimiter="\t")}
    drawn = {one.code: one for one in shaded(dict.fromkeys(codes, 5))}
    assert codes - drawn.keys() == UNINHABITED
    for one in drawn.values():
        assert 0 <= one.x <= WIDTH, one.code
        assert 0 <= one.y <= HEIGHT, one.code
        assert one.path or one.is_small, one.code
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)*", one.path), one.code
    assert len(FILE.read_bytes()) < 120_000


def test_outlines_stay_within_the_drawing() -> None:
    for one in shaded({}):
        assert one.shade == 0
        for ring in filter(None, one.path.split("M")):
            x = y = 0
            for dx, dy in re.findall(r"(-?\d+) ?(-?\d+)", ring):
                x, y = x + int(dx), y + int(dy)
                assert 0 <= x <= WIDTH, one.code
                assert 0 <= y <= HEIGHT, one.code


def test_shades_follow_numbers() -> None:
    assert [shade_of(value) for value in (None, 0, 5, 10, 15, 50, 55, 250, 255, 9000)] == [
        0, 0, 1, 1, 2, 2, 3, 3, 4, 4,
    ]  # fmt: skip
    assert [(step.least, step.most) for step in STEPS] == [
        (5, 10),
        (15, 50),
        (55, 250),
        (255, None),
    ]
    codes = [one.code for one in shaded({"MT": 5, "KE": 300})]
    # What is told is drawn over what is not, and marks over outlines.
    assert codes[-2:] == ["KE", "MT"]
