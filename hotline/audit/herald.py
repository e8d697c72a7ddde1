"""What the log needs of the world outside: somebody who carries a text to those who hold us to it."""

from typing import Protocol


class Herald(Protocol):
    def tell(self, place: str, *, subject: str, text: str) -> None:
        """Bring *text* to *place*, an ``https://`` or ``mailto:`` address.

        Raises:
            Unavailable: it did not arrive; it may be tried again later.
        """
