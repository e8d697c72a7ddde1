"""Who works here, and what each role may do."""

from enum import StrEnum

HOUSE = ""
"""The desk of those who belong to none: administrators, investigators, auditors of the whole house."""


class Role(StrEnum):
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    INTERPRETER = "interpreter"
    AUDITOR = "auditor"
    INVESTIGATOR = "investigator"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """READ an account, WRITE notes on it; KEYS: who may read at a desk; OVERSEE: what supervisors decide;

    STAFF: manage people without reading anything; FOLLOW: read what was released to investigators; INTERPRET: put
    into another language what a caseworker hands over of one report, and read nothing else.
    """

    READ = "read"
    WRITE = "write"
    REPLY = "reply"
    REVEAL = "reveal"
    PUBLISH = "publish"
    REFER = "refer"
    AUDIT = "audit"
    KEYS = "keys"
    OVERSEE = "oversee"
    STAFF = "staff"
    FOLLOW = "follow"
    INTERPRET = "interpret"


_CASEWORK = frozenset(
    {Right.READ, Right.WRITE, Right.REPLY, Right.REVEAL, Right.PUBLISH, Right.REFER}
)

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CASEWORKER: _CASEWORK,
    Role.SUPERVISOR: _CASEWORK | {Right.AUDIT, Right.KEYS, Right.OVERSEE},
    Role.INTERPRETER: frozenset({Right.INTERPRET}),
    Role.AUDITOR: frozenset({Right.AUDIT}),
    Role.INVESTIGATOR: frozenset({Right.FOLLOW}),
    Role.ADMINISTRATOR: frozenset({Right.STAFF}),
}
