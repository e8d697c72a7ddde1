"""A provider that holds nothing and forgets at once: what erasing there costs is ours alone.

A process of its own that needs nothing but Python: ``python provider.py PORT``.
"""

import asyncio
import sys

_GONE = b"HTTP/1.1 204 No Content\r\n\r\n"
_NOTHING = b'{"messages":[],"calls":[],"recordings":[],"next_page_uri":null,"meta":{"next_page_url":null,"key":"messages"}}'
_EMPTY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(_NOTHING),
    _NOTHING,
)


class Desk(asyncio.Protocol):
    def __init__(self) -> None:
        self._came = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while b"\r\n\r\n" in self._came and self._transport:
            head, _, self._came = self._came.partition(b"\r\n\r\n")
            self._transport.write(_GONE if head.startswith(b"DELETE") else _EMPTY)


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Desk, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
