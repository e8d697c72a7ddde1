"""Leads for whoever reads without TAXII: a JSON feed, CSV, a MISP feed and a signed bundle for closed networks.

The same leads and the same tokens. Everything is paged by `added`, newest first, but the bundle, which is carried
somewhere one after the other. An answer names the state of the collection in its ETag, so who asks again for what has
not changed is sent nothing; errors are problem details (RFC 9457) with fixed words.
"""

from hotline.leads.feeds.views import feeds

__all__ = ["feeds"]
