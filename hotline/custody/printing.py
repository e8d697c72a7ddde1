"""The document as one page of HTML that needs nothing else: to be read, printed, kept, and checked by a stranger."""

import json
from datetime import UTC, date
from pathlib import Path

from babel.dates import format_date, format_datetime
from markupsafe import Markup

from hotline.audit import check_proof
from hotline.custody.document import Document
from hotline.i18n import CONSOLE, Languages

_PROGRAM = Path(check_proof.__file__)


def to_html(made: Document, languages: Languages, locale: str) -> str:
    """Return *made* in the language *locale*, with its JSON and the program that checks it inside."""
    babel = locale.replace("-", "_")
    codes = languages.environment(locale, CONSOLE).get_template("console/codes.html").module

    def word(kind: str, *facts: object) -> Markup:
        said: Markup = getattr(codes, kind)(*facts)
        return said

    return languages.render(
        "console/custody/print.html",
        locale,
        CONSOLE,
        made=made,
        word=word,
        day=lambda iso: (
            format_date(date.fromisoformat(iso), "d MMM y", locale=babel) if iso else ""
        ),
        hour=lambda at: format_datetime(at, "d MMM y HH", tzinfo=UTC, locale=babel),
        json=_inside_a_page(made),
        program=_PROGRAM.read_text(encoding="utf-8"),
    )


def _inside_a_page(made: Document) -> Markup:
    """Return the JSON so that nothing in it ends the element that holds it."""
    text = json.dumps(made.facts(), ensure_ascii=True)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no sign that HTML reads is left.
