"""TAXII 2.1, read only: how investigators' tools fetch leads.

One API root: whoever reads more than one country does so in collections, which tools choose among, not in roots, which
they are set up for one by one. An agency has a collection of everything it may read, under its UUID or the alias
``leads``, and one for each country and each theme that it was admitted for; they are views of the same rows.

Every list is paged by `date_added` alone, so a page costs the same at any depth; ``next`` is that number and outlives
any limit. Only the newest version of an object is kept, so every `match[version]` but a time means the same.
"""

from hotline.leads.taxii.views import taxii

__all__ = ["taxii"]
