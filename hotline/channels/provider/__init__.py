"""The page of a provider who has no account: a link opens it, and a PIN that was told another way.

Laws of this room: looking at a page changes nothing, so that whatever follows links in mail uses nothing up; only a form
does. What the right PIN opens is shown again to the one browser that opened it, by a cookie that goes to this link's own
address and ends with the browser. A link that opens nothing says the same, whatever the reason. No script is needed, and
none runs. What is answered here is decided in `handoff`, and what follows from it in `triage.providers`.
"""

from hotline.channels.provider.pages import error_page
from hotline.channels.provider.views import provider

__all__ = ["error_page", "provider"]
