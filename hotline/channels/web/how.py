"""What happens next: who reads it, what we pass on, what we cannot hide, and how to have it erased."""

from flask import Response

from hotline.channels.web.door import web
from hotline.channels.web.pages import named, show


@web.get("/<locale>/how")
def how(locale: str) -> Response:
    """Say, before anybody writes, what we do with it."""
    return show("how", named(locale))
