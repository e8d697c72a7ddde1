"""Audio that the provider plays in calls: by the digest of its bytes, so that it never changes and is kept for good."""

from flask import Blueprint, Response, request

from hotline.errors import NotFound
from hotline.pages import with_headers
from hotline.parts import here

sounds = Blueprint("voice_sounds", __name__, url_prefix="/twilio/voice/sound")


@sounds.get("/<string(length=64):digest>", merge_slashes=False, strict_slashes=False)
def sound(digest: str) -> Response:
    """Return one prompt. It is the same for everybody who calls, and tells nothing of anybody."""
    found = here().prompts.content(digest)
    if found is None:
        raise NotFound
    kind, content = found
    response = Response(content, mimetype=kind)
    response.set_etag(digest)
    response.cache_control.public = True
    response.cache_control.max_age = 365 * 24 * 60 * 60
    response.cache_control.immutable = True
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    # An upload may hold any bytes: no browser takes them for a page.
    with_headers(response)
    return response
