"""The one family of errors. Each carries a fixed sentence and an opaque id, never words from a report."""


class HotlineError(Exception):
    """Base of the family; caught only at the edges."""

    default_message = "the hotline could not do this"

    def __init__(self, message: str = "", *, ref: str = "") -> None:
        super().__init__(message or self.default_message)
        self.ref = ref


class NotFound(HotlineError):
    default_message = "there is no such thing"


class Refused(HotlineError):
    default_message = "this is not allowed"


class Conflict(HotlineError):
    default_message = "someone else was faster"


class Unavailable(HotlineError):
    default_message = "this cannot be kept right now"


class Malformed(HotlineError):
    default_message = "this cannot be read"


class Misconfigured(HotlineError):
    default_message = "a setting is missing or malformed"
