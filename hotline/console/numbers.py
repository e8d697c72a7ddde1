"""Numbers that a browser sends, such as that of a message."""

from werkzeug.datastructures import MultiDict

from hotline.errors import Malformed

# Rows are numbered in 32 bits; a database fails over more.
_DIGITS = 10
_GREATEST = 2**31 - 1


def number_in(sent: MultiDict[str, str], name: str) -> int | None:
    """Return the number *name* of a form or an address, None where none was sent.

    Raises:
        Malformed: no row can have it.
    """
    text = sent.get(name, "")
    if not text:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    if not is_number or int(text) > _GREATEST:
        raise Malformed
    return int(text)
