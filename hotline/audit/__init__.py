"""What was done, by whom and why: lines that are only ever added.

Each line carries the leaf hash of an RFC 6962 Merkle tree, so `root` commits to the whole log: whoever keeps a
`Checkpoint` elsewhere notices a line that was changed, removed or put in between. A line holds ids, short codes
and what staff wrote as a purpose; never words from a report.
"""

from hotline.audit.log import Checkpoint, Line, checkpoint, page, record, verify
from hotline.audit.tables import audit_log

__all__ = ["Checkpoint", "Line", "audit_log", "checkpoint", "page", "record", "verify"]
