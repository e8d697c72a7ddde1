"""Where the provider keeps one kind of thing: by id, in the order in which things came."""

import itertools
import secrets
import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Kept(Protocol):
    """A thing with the provider's id; *number* orders things, newest last."""

    sid: str
    number: int


T = TypeVar("T", bound=Kept)


class Shelf(Generic[T]):
    """Things of one kind, for many threads."""

    def __init__(self) -> None:
        self._things: dict[str, T] = {}
        self._numbers = itertools.count(1)
        self._guard = threading.Lock()

    def keep(self, thing: T) -> T:
        with self._guard:
            thing.number = next(self._numbers)
            self._things[thing.sid] = thing
        return thing

    def find(self, sid: str) -> T | None:
        return self._things.get(sid)

    def forget(self, sid: str) -> None:
        with self._guard:
            self._things.pop(sid, None)

    def newest(self, accepts: Callable[[T], bool] = lambda _: True) -> list[T]:
        """Return the things that *accepts* accepts, newest first."""
        with self._guard:
            held = list(self._things.values())
        # Numbers are given under the same lock under which things are laid down, so the order holds.
        return [thing for thing in reversed(held) if accepts(thing)]

    def __len__(self) -> int:
        return len(self._things)


def new_sid(kind: str) -> str:
    """Return a fresh id of the provider's shape."""
    return kind + secrets.token_hex(16)
