"""A port of the loopback for a server that is started a moment later."""

import random
import socket

_FROM, _TO = 11_000, 30_000
"""Below those that systems give to connections that go out: such a one would take the port before the server does."""


def free_port() -> int:
    """Return a port of the loopback on which nobody listens.

    Raises:
        OSError: none was found.
    """
    chance = random.SystemRandom()
    for _ in range(200):
        port = chance.randrange(_FROM, _TO)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError
