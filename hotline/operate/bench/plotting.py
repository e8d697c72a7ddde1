"""Lines over two axes that both grow by factors of ten, as SVG: a curve that stays level costs the same at any size."""

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 220, 50, 60
_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
    f'height="{_HEIGHT}" font-family="sans-serif" font-size="13" role="img">'
)
_COLOURS = ("#0b5cad", "#b3261e", "#2e7d32", "#7b3fa0", "#a15c00", "#00696b")
_DASHES = ("", "8 4", "2 3", "10 3 2 3", "4 4", "1 4")


def log_log(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """Return the curves *lines*, each by its name; *across* and *up* say what the axes count. Every value is above 0."""
    every = [point for points in lines.values() for point in points]
    xs, ys = _powers(x for x, _ in every), _powers(y for _, y in every)
    parts = [
        _HEAD,
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="26" font-size="16">{escape(title)}</text>',
        *_grid(xs, ys),
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) // 2}" y="{_HEIGHT - 16}" text-anchor="middle">{escape(across)}</text>',
        f'<text transform="translate(20 {(_TOP + _HEIGHT - _BOTTOM) // 2}) rotate(-90)" text-anchor="middle">{escape(up)}</text>',
    ]
    for number, (name, points) in enumerate(lines.items()):
        parts += _curve(number, name, [(_x(x, xs), _y(y, ys)) for x, y in points])
    return "\n".join([*parts, "</svg>", ""])


def _powers(values: Iterable[float]) -> range:
    """Return the powers of ten that enclose *values*, two at least."""
    some = list(values)
    low, high = math.floor(math.log10(min(some))), math.ceil(math.log10(max(some)))
    return range(low, max(high, low + 1) + 1)


def _x(value: float, powers: range) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * _share(value, powers)


def _y(value: float, powers: range) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * _share(value, powers)


def _share(value: float, powers: range) -> float:
    return (math.log10(value) - powers[0]) / (powers[-1] - powers[0])


def _grid(xs: range, ys: range) -> list[str]:
    """Return a line and a number at each power of ten."""
    bottom, right, parts = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT, []
    for power in xs:
        x = _x(10.0**power, xs)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{bottom}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{_number(power)}</text>'
        )
    for power in ys:
        y = _y(10.0**power, ys)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_number(power)}</text>'
        )
    return parts


def _number(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"


def _curve(number: int, name: str, points: Points) -> list[str]:
    """Return a curve with a mark at each point, and its name in a list beside the plot."""
    colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    stroke = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
    left, top = _WIDTH - _RIGHT + 16, _TOP + 12 + number * 24
    return [
        f'<path d="M{path}" {stroke}/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points),
        f'<path d="M{left} {top}h28" {stroke}/>',
        f'<text x="{left + 36}" y="{top + 4}">{escape(name)}</text>',
    ]
