"""What ends when: closed reports by the rules of their desk, erasures that people ask for, remnants that nobody needs.

A person's own wish comes before the rules, and a hold by law before both. Nothing ends without a day that was known
before, but for what a supervisor erases on closing.

How long is decided in `rules`, the days are drawn in `endings`, a person's wish waits in `asking`, the law's is kept in
`holds` and `legal` and read in `docket`; `ending` does what is due, by `erasing`. `copying` hands a person a copy, `idle`
shows what lies untouched.
"""

from hotline.retention.ending import Sweeper
from hotline.retention.erasing import Certificate, Eraser, ErasureHeld, StillThere
from hotline.retention.sweep import sweep

__all__ = ["Certificate", "Eraser", "ErasureHeld", "StillThere", "Sweeper", "sweep"]
