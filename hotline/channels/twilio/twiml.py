"""Answer a text in the provider's XML: always well-formed, and never larger than the provider reads."""

import re
from xml.sax.saxutils import escape

from flask import Response

LONGEST_TEXT = 1600
"""Characters; a longer text the provider would not send at all."""
MOST_TEXTS = 5
LARGEST_ANSWER = 64 * 1024
"""Bytes that the provider reads. The two limits above keep every answer below it, whatever its letters."""

# What XML 1.0 cannot carry, not even escaped: one such character ends a call with an error.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def message(*texts: str) -> Response:
    """Answer with *texts* in their order; empty ones are none, and without any the answer is silence."""
    said = [text for text in map(sayable, texts) if text.strip()][:MOST_TEXTS]
    return _answer("".join(f"<Message>{_plain(text[:LONGEST_TEXT])}</Message>" for text in said))


def _answer(verbs: str) -> Response:
    body = f"{_HEAD}<Response>{verbs}</Response>" if verbs else f"{_HEAD}<Response/>"
    return Response(body, mimetype="text/xml")


def sayable(text: str) -> str:
    """Return *text* without what no document can carry."""
    return _NOT_XML.sub("", text)


def _plain(text: str) -> str:
    return escape(text, {'"': "&quot;"})
