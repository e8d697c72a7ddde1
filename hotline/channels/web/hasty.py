"""Tell whoever only sends from whoever opened the form and wrote, before a thread is given to either.

The form's slip tells it: ours, some seconds old, and not sent again and again. Nobody is refused for the lack of one
(a saved page, a program of somebody's own, a process that began anew): they have a lane of their own, so that
whoever sends thousands without opening the page waits behind others like them. What was sent is only searched here,
so a name that is written in a way that no browser writes counts as an account.
"""

import re
from collections.abc import Callable

from hotline.channels.web.slip import made_at

YOUNGEST, OLDEST = 3.0, 12 * 3600.0
"""Seconds: nobody writes faster; who wrote for longer than a day's half may wait a moment."""
MOST_USES = 4
"""Somebody looks over what they wrote, sends it, and sends it again on a slow network."""
_REMEMBERED = 32_768

_MULTIPART = (
    re.compile(rb'name(?:="account"|\*|=(?!")|="[^"]{0,200}\\)'),
    re.compile(rb'name="slip"\r\n\r\n([0-9a-f]{32})\r\n'),
)
_URLENCODED = (
    re.compile(rb"(?:^|&)(?:account=|[^=&]*%)"),
    re.compile(rb"(?:^|&)slip=([0-9a-f]{32})(?:&|$)"),
)


class Hasty:
    """Knows the slips of this process by its *secret*, and how often each was sent lately."""

    def __init__(self, secret: bytes, now: Callable[[], float]) -> None:
        self._secret, self._now = secret, now
        self._uses: dict[bytes, int] = {}

    def __call__(self, kind: str, body: bytes) -> bool:
        """Tell whether *body*, of a content type *kind*, brings an account and no slip that vouches for it."""
        is_multipart = kind.strip().lower().startswith("multipart/")
        account, slip = _MULTIPART if is_multipart else _URLENCODED
        if not account.search(body.lower()):
            return False
        found = slip.search(body)
        return found is None or not self._vouches(found[1])

    def _vouches(self, slip: bytes) -> bool:
        since = made_at(self._secret, slip.decode())
        if since is None or not YOUNGEST <= self._now() - since <= OLDEST:
            return False
        uses = self._uses.pop(slip, 0)
        self._uses[slip] = uses + 1
        if len(self._uses) > _REMEMBERED:
            del self._uses[next(iter(self._uses))]
        return uses < MOST_USES
