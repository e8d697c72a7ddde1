"""The reporters' pages: write, keep a code, come back with it, leave at once.

Laws of this room: a page works whole without scripts; titles and addresses say nothing; nothing that a
person typed is refused, put into an address, a cookie, a log or a temporary file; no address of a caller
is read. What a browser can remember of us is that a small note page was open.
"""

from hotline.channels.web.again import come_back
from hotline.channels.web.door import web
from hotline.channels.web.first_word import first_word
from hotline.channels.web.how import how
from hotline.channels.web.log import log
from hotline.channels.web.new import write
from hotline.channels.web.numbers import numbers
from hotline.channels.web.sooner import sooner
from hotline.channels.web.uploads import drop_begun

__all__ = ["come_back", "first_word", "how", "log", "numbers", "sooner", "web", "write"]

web.teardown_request(drop_begun)
