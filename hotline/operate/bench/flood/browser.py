"""What sends a form and reads a page, as a browser does: connections of its own, and no address but this machine's."""

import re
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from secrets import token_hex

_CODE = re.compile(r'class="code__digits"[^>]*>(.*?)</ol>', re.DOTALL)
_GROUP = re.compile(r"<li>(\d{3})</li>")
_HERE = "127.0.0.1"


class Browser:
    """Asks the hotline on *port*, for *patience* seconds; every answer notes how long it *took*."""

    def __init__(self, port: int, patience: float, cookie: str = "") -> None:
        self._port, self._patience, self._cookie = port, patience, cookie
        self.took = 0.0

    def with_cookie(self, cookie: str) -> "Browser":
        return Browser(self._port, self._patience, cookie)

    def loads(self, address: str) -> str | None:
        """Return a page; None where none came."""
        return self._asks("GET", address, b"", {})

    def sends(
        self,
        address: str,
        fields: dict[str, str],
        file: bytes = b"",
        *,
        slowly: float = 0.0,
    ) -> str | None:
        """Send a form, *slowly* for so many seconds, and return the page that answers it; None where none came."""
        boundary = token_hex(8)
        body = _multipart(boundary, fields, file)
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._asks("POST", address, body, kind, slowly)

    def _asks(
        self, method: str, address: str, body: bytes, headers: dict[str, str], slowly: float = 0.0
    ) -> str | None:
        if self._cookie:
            headers["Cookie"] = self._cookie
        began = time.perf_counter()
        try:
            with closing(HTTPConnection(_HERE, self._port, timeout=self._patience)) as line:
                if slowly:
                    _begin(line, address, body, headers, slowly)
                else:
                    line.request(method, address, body or None, headers)
                with line.getresponse() as response:
                    page = response.read().decode()
        except (OSError, HTTPException):
            return None
        finally:
            self.took = time.perf_counter() - began
        return page


def _begin(
    line: HTTPConnection, address: str, body: bytes, headers: dict[str, str], seconds: float
) -> None:
    """Send *body* in ten pieces, with pauses."""
    line.putrequest("POST", address)
    for name, value in headers.items():
        line.putheader(name, value)
    line.putheader("Content-Length", str(len(body)))
    line.endheaders()
    size = max(1, len(body) // 10)
    for start in range(0, len(body), size):
        line.send(body[start : start + size])
        time.sleep(seconds / 10)


def code_on(page: str | None) -> str:
    """Return the code that *page* shows; nothing where it shows none."""
    found = _CODE.search(page or "")
    return " ".join(_GROUP.findall(found[1])) if found else ""


def _multipart(boundary: str, fields: dict[str, str], file: bytes) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    if file:
        kind = "Content-Type: image/jpeg\r\n\r\n"
        parts.append(f'{head}files"; filename="a.jpg"\r\n{kind}'.encode() + file + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()
