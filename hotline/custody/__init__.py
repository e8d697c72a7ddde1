"""The chain of custody of a report: which bytes came in, whether they are the same today, and whose hands they were in.

One document for a court, which a stranger can check without us and without learning who anybody is: digests from the
log, proofs that these lines stand in it, the checkpoint that others hold, and staff by their pseudonyms. What identifies
a person stands in it only where somebody revealed it for the law in the same act; the log says that too.
"""

from hotline.custody.document import Document, Revealed
from hotline.custody.making import document
from hotline.custody.matching import Match, Part, matches
from hotline.custody.printing import to_html

__all__ = ["Document", "Match", "Part", "Revealed", "document", "matches", "to_html"]
