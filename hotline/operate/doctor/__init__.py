"""`hotline doctor`: looks at this installation, its machine and its account with the provider, and says what is wrong.

It changes nothing, sends nobody anything, and makes no report. What the provider's interface does not tell it calls
unknown, with where to look. Its words hold no token, no id and of our own numbers only the end.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.operate.doctor.examining import examine
from hotline.operate.doctor.telling import COULD_NOT_LOOK, as_json, in_words, status_of
from hotline.operate.doctor.visit import House

__all__ = ["examine", "run"]


def run(env: Mapping[str, str], *, is_json: bool) -> int:
    """Examine what *env* describes, print what is found, and return the exit status."""
    try:
        config = Config.from_env(env)
    except Misconfigured as error:
        print(f"hotline: {error}", file=sys.stderr)
        return COULD_NOT_LOOK
    findings = examine(House(config, env, lambda: datetime.now(UTC)))
    print(as_json(findings) if is_json else in_words(findings))
    return status_of(findings)
