"""What a file says beside what it shows: its name, who took or wrote it, where and when, and the words in it.

`read_apart` takes a file's bytes and returns its texts, read in a process of their own; `redact_file` takes the
identifiers out of them; `clean_apart` makes a copy of a picture, document, sound or film without what is not shown. Anybody without the reveal right sees only what comes out of both. Fail closed: what cannot be
read is said to be unreadable and its name is hidden; no file makes anything here raise, and none is ever written.
"""

from hotline.anonymize.files.apart import read_apart
from hotline.anonymize.files.cleaning import clean_apart
from hotline.anonymize.files.copies import Clean, CopyBroken, Fact, Made, Unclean, Why
from hotline.anonymize.files.parts import FileText, Gap, Kind, Part
from hotline.anonymize.files.redacting import RedactedFile, RedactedPart, redact_file

__all__ = [
    "Clean",
    "CopyBroken",
    "Fact",
    "FileText",
    "Gap",
    "Kind",
    "Made",
    "Part",
    "RedactedFile",
    "RedactedPart",
    "Unclean",
    "Why",
    "clean_apart",
    "read_apart",
    "redact_file",
]
