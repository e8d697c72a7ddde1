"""What a process holds in memory stays there: no core file, and no reading by other programs of the same user."""

import ctypes
import os
import resource
import sys

_PR_SET_DUMPABLE = 4


def harden() -> None:
    """Write no core files, let only root look into this process, and let new files be read by nobody else.

    A child that is forked inherits it; one that starts another program must call it again.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
