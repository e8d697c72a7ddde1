"""Make every guess of a passphrase or a code cost memory and time (Argon2id, RFC 9106).

Costs are named: PRODUCTION as measured (96 MiB, 3 passes, 4 lanes: above the second profile that the RFC
recommends, and a third of a second for staff; 19 MiB, 2 passes: 30 ms for codes), DEMO for a machine that only
shows, CHEAPEST for tests.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


@dataclass(frozen=True, slots=True)
class Cost:
    """Memory in KiB, passes over it, and lanes that are filled side by side."""

    memory: int
    passes: int
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Profile:
    """What a passphrase of staff and a return code cost."""

    staff: Cost
    code: Cost


PRODUCTION = Profile(staff=Cost(96 * 1024, 3, 4), code=Cost(19 * 1024, 2))
DEMO = Profile(staff=Cost(32 * 1024, 2), code=Cost(8 * 1024, 1))
CHEAPEST = Profile(staff=Cost(8, 1), code=Cost(8, 1))


class Stretcher:
    """Stretches, at most *at_once* at a time: a crowd of guesses waits instead of eating the memory.

    It has threads of its own, because each thread that ever stretched keeps the memory for the next time.
    """

    def __init__(self, at_once: int = 1) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="stretch")

    def stretch(self, secret: bytes, *, salt: bytes, cost: Cost) -> bytes:
        """Return 32 bytes that follow from *secret*."""
        return self._threads.submit(_stretched, secret, salt, cost).result()


def _stretched(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    return Argon2id(
        salt=salt,
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    ).derive(secret)
