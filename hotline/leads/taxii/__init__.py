"""TAXII 2.1, read only: how investigators' tools fetch leads.

One API root with one collection for each agency, under its UUID or the alias ``leads``. Every list is paged by
`date_added` alone, so a page costs the same at any depth; ``next`` is that number and outlives any limit. Only
the newest version of an object is kept, so every `match[version]` but a time means the same.
"""

from hotline.leads.taxii.views import taxii

__all__ = ["taxii"]
