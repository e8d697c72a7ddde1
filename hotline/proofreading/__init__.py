"""Who has read our translations: native speakers sign a version of a locale's safety sentences, or mark one as wrong.

A signature counts for the very sentences that were read (`hotline.reviews`), and none does while one of them is marked
as wrong. What was signed here takes effect at once in the process where it was, and within a minute in the others.
"""
