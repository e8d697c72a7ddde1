"""Lay the papers of the recovery key out as pages that a browser prints, one file a paper.

Each page is whole in itself: words, code and style, and nothing that is fetched from anywhere.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

_TEMPLATES = Path(__file__).parent.parent / "templates" / "papers"


@dataclass(frozen=True, slots=True)
class Cutting:
    """The papers of one recovery key, and what stands on each beside its words."""

    house: str
    made: date
    threshold: int
    key_id: str
    papers: Sequence[str] = field(repr=False)

    def pages(self) -> list[str]:
        """Return the HTML of each paper."""
        count = len(self.papers)
        return [
            _template().render(
                house=self.house,
                day=self.made.isoformat(),
                threshold=self.threshold,
                count=count,
                number=number,
                key_id=self.key_id,
                words=words.split(),
                code=_code(words),
            )
            for number, words in enumerate(self.papers, start=1)
        ]


@cache
def _template() -> Template:
    loader = FileSystemLoader(_TEMPLATES)
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("paper.html")


def _code(words: str) -> str:
    """Return a QR code of *words* as an SVG element."""
    drawn = io.BytesIO()
    code = segno.make(words, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    return drawn.getvalue().decode()
