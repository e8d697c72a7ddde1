"""What never leaves, in any words: the person's immigration status, their own offences, who helps them, who works here.

No yes of theirs lets it out, because it can be used against them, or against who helps them. A lead and a packet for
a provider are held against lists of phrases (one file a language beside this one, ``<language>.toml``; the signs in
them are explained in `lines`) and against the names of staff and of organizations. Every text is held against every
list, because people mix languages. Pure: nothing here reads a database or a clock.

Whoever wants to tell what the *alleged* did can: an offence counts only where the person harmed may be its subject
(`subjects`). What somebody was forced to do is what was done to them, and may be told. In doubt it is refused, and
the caseworker says it in other words. The lists find phrases, not meanings: whoever approves the words still reads
them.
"""

from hotline.consent.never.checking import Kind, Never, NeverLeaves, found, refuse

__all__ = ["Kind", "Never", "NeverLeaves", "found", "refuse"]
