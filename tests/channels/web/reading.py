"""What a person reads off a page, and what they send."""

import re
from typing import Any

from sqlalchemy import func, select

from hotline.parts import Hotline
from hotline.reports.tables import messages, reports

STORY = "A woman cleans two houses here. They keep her papers."


def digits(page: str) -> str:
    """Return the code that a page shows."""
    found = re.search(r'class="code__digits"[^>]*>(.*?)</ol>', page)
    assert found
    return " ".join(re.findall(r"<li>(\d{3})</li>", found[1]))


def words(page: str) -> str:
    """Return the same code as the words that a page shows."""
    found = re.search(r'class="code__words"[^>]*>(.*?)</ol>', page)
    assert found
    return " ".join(re.findall(r"<li>(\w+)</li>", found[1]))


def slip(page: str) -> str:
    found = re.search(r'name="slip" value="([0-9a-f]{32})"', page)
    assert found
    return found[1]


def version(page: str) -> str:
    """Return what tells the words of a question on *page* from any others."""
    found = re.search(r'name="words" value="([0-9a-f]{12})"', page)
    assert found
    return found[1]


def count(hotline: Hotline, table: Any = reports) -> int:
    with hotline.store.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def count_messages(hotline: Hotline) -> int:
    return count(hotline, messages)


def multipart(fields: dict[str, str], file: bytes = b"", *others: bytes) -> dict[str, Any]:
    """Return a multipart body, made without the temporary files of the test client."""
    head = '--line\r\nContent-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    for content in filter(None, (file, *others)):
        parts.append(f'{head}files"; filename="a.mp4"\r\n\r\n'.encode() + content + b"\r\n")
    return {
        "data": b"".join(parts) + b"--line--\r\n",
        "content_type": "multipart/form-data; boundary=line",
    }
