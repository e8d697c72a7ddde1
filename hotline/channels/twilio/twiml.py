"""Answer a webhook in the provider's XML, always well-formed."""

import re
from xml.sax.saxutils import escape

from flask import Response

# What XML 1.0 cannot carry, not even escaped: one such character ends a call with an error.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def message(text: str) -> Response:
    """Answer with a text, or with silence when *text* is empty."""
    return _answer(f"<Message>{_plain(text)}</Message>" if text else "")


def say(text: str, locale: str) -> Response:
    """Speak *text* once and hang up."""
    return _answer(f'<Say language="{_plain(locale)}">{_plain(text)}</Say><Hangup/>')


def _answer(verbs: str) -> Response:
    body = f"{_HEAD}<Response>{verbs}</Response>" if verbs else f"{_HEAD}<Response/>"
    return Response(body, mimetype="text/xml")


def _plain(text: str) -> str:
    return escape(_NOT_XML.sub("", text), {'"': "&quot;"})
