"""What was done, by whom and why: lines that are only ever added.

Whoever acts writes a line in their own transaction (`record`); it waits, is read at once, and a sequencer gives
it its number (`sequence`). The numbered lines are the leaves of a Merkle tree (RFC 6962, 9162), so one root
commits to the whole log: whoever keeps a checkpoint elsewhere notices a line that was changed, removed or put
in between. Lines hold ids and codes; what staff wrote is sealed; never words from a report.
"""

from hotline.audit.checkpoints import (
    Kept,
    LogBroken,
    checkpoint,
    is_checkpoint_due,
    newest_checkpoint,
    signed_now,
)
from hotline.audit.entry import Line
from hotline.audit.erasing import forget, purge
from hotline.audit.merkle import ProofRefused
from hotline.audit.notes import NoteRefused, SignedNote, Signer
from hotline.audit.proving import NothingToProve, Proof, Proven, consistency, export, prove
from hotline.audit.reading import count_recent, of_report, page
from hotline.audit.recording import record, record_each
from hotline.audit.sequencing import sequence
from hotline.audit.tiles import size_of
from hotline.audit.verifying import Finding, Verdict, verify

__all__ = [
    "Finding",
    "Kept",
    "Line",
    "LogBroken",
    "NoteRefused",
    "NothingToProve",
    "Proof",
    "ProofRefused",
    "Proven",
    "SignedNote",
    "Signer",
    "Verdict",
    "checkpoint",
    "consistency",
    "count_recent",
    "export",
    "forget",
    "is_checkpoint_due",
    "newest_checkpoint",
    "of_report",
    "page",
    "prove",
    "purge",
    "record",
    "record_each",
    "sequence",
    "signed_now",
    "size_of",
    "verify",
]
