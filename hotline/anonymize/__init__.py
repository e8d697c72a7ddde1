"""What happened, without who: the account as it may be read, and the spans that were taken out of it.

Default-deny: a word stays only when it is known to be ordinary in the language of the text, in the company it
stands in; every token with a digit goes unless it counts, pays or tells the time. Pure and thread-safe: nothing here
reads the clock, the network or a database, and no input makes it raise.
"""

from hotline.anonymize.explaining import Decision, explain
from hotline.anonymize.placeholders import entities
from hotline.anonymize.reading import Rule
from hotline.anonymize.redacting import redact

__all__ = ["Decision", "Rule", "entities", "explain", "redact"]
