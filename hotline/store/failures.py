"""What a database says that cannot be asked: whether waiting helps, or people must mend something first."""

import re
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from hotline.errors import Unavailable

GONE = (DBAPIError, NoneFree)
"""What SQLAlchemy raises where the database cannot be asked."""


class Refusing(Unavailable):
    """The database is there and does not let itself be used: no waiting mends that."""


_KEPT_OUT = (
    "the database does not let us in: look at the user and the password in DATABASE_URL,"
    " and at whom the server lets in (pg_hba.conf)"
)
_NO_SUCH = "the server has no database of the name in DATABASE_URL, or the file there is none"
_SHAPE = (
    "the database lacks tables or columns of this version: `hotline init` founds a house,"
    " `hotline upgrade` brings one to this version"
)
_NOT_SAFE = (
    "no safe line to the database: look at TLS on the server, and at sslmode and certificates"
    " in DATABASE_URL"
)
_POOLER = (
    "what stands before the database refuses the options of our connections: PgBouncer needs"
    " `ignore_startup_parameters = options` and `pool_mode = session`"
)
_STATES: Mapping[str, str] = {
    "28": _KEPT_OUT,
    "3D": _NO_SUCH,
    "42501": _KEPT_OUT,
    "42703": _SHAPE,
    "42P01": _SHAPE,
}
"""By how PostgreSQL's codes begin (SQLSTATE): it gives them for statements, and to whom it lets in."""
_WORDS: Mapping[str, str] = {
    r"authentication failed|no password supplied|pg_hba\.conf|not permitted to log in": _KEPT_OUT,
    r'role ".*" does not exist|permission denied for database': _KEPT_OUT,
    r'database ".*" does not exist|file is not a database': _NO_SUCH,
    r"no such table|no such column": _SHAPE,
    r"does not support SSL|certificate verify failed|root certificate file": _NOT_SAFE,
    r"unsupported startup parameter": _POOLER,
}
"""By its words, where there is no code. What is not among them, such as *is starting up*, may pass."""


def failure_of(error: DBAPIError | NoneFree) -> Unavailable:
    """Return *error* as one of ours, with a fixed sentence: what the database says itself holds names and addresses."""
    cause = getattr(error, "orig", None)
    code, said = getattr(cause, "sqlstate", None), str(cause)
    for begins, sentence in _STATES.items():
        if code and code.startswith(begins):
            return Refusing(sentence)
    for words, sentence in _WORDS.items():
        if not code and re.search(words, said):
            return Refusing(sentence)
    return Unavailable()
