"""Check, with nothing but Python, that acts stand in a log: python3 check_proof.py PROOF [CHECKPOINT]

PROOF is what `hotline audit prove` wrote. CHECKPOINT is the file that you kept; it must be the one that the
proof was made for. Without it you believe the one inside PROOF: check then who signed it.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that *path* leads to from the leaf at *index* among *size* (RFC 9162, 2.1.3.2)."""
    last = size - 1
    if not 0 <= index <= last:
        return b""
    for sibling in path:
        if index & 1 or index == last:
            leaf = hashlib.sha256(b"\1" + sibling + leaf).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            leaf = hashlib.sha256(b"\1" + leaf + sibling).digest()
        index, last = index >> 1, last >> 1
    return leaf if last == 0 else b""


def main(proof: str, checkpoint: str = "") -> int:
    """Print each act with whether it stands in the log, and return 0 when there are any and all do."""
    told = json.loads(Path(proof).read_text())
    note = Path(checkpoint).read_text() if checkpoint else told["checkpoint"]
    _origin, size, root = note.split("\n")[:3]
    bad = 0
    for act in told["lines"]:
        salt, entry = bytes.fromhex(act["salt"]), act["entry"].encode()
        leaf = hashlib.sha256(b"\0" + salt + entry).digest()
        path = [bytes.fromhex(one) for one in act["path"]]
        stands = root_from(leaf, act["n"] - 1, int(size), path) == base64.b64decode(root)
        about = hashlib.sha256(salt + told["report"].encode()).hexdigest()
        stands = stands and json.loads(entry)["report"] == about
        bad += not stands
        said = "stands in the log:" if stands else "DOES NOT STAND:   "
        print(said, act["entry"])  # noqa: T201 - it speaks to whoever runs it.
    if not told["lines"]:
        print("Nothing to check: no line stands under this checkpoint yet.")  # noqa: T201
    return 1 if bad or not told["lines"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
