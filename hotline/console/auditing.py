"""The audit as a page: what was done, by whom, why, and whether it still is what was written."""

from flask import Response, g, request

from hotline import audit
from hotline.console.numbers import number_in
from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.staff import Right
from hotline.parts import here

auditing = room("auditing", Right.AUDIT)

# What the views show, by the codes with which rooms write their lines.
KINDS: dict[str, tuple[str, ...]] = {
    "all": (),
    "reveals": ("reveal",),
    "out": ("publish", "recall", "offer_referral", "reply"),
    "decisions": ("urgency", "close", "reopen", "consent", "consent_revoked"),
    "keys": ("found", "agency_admitted", "agency_renewed", "agency_rescoped", "agency_dismissed"),
}
_PAGE = 50


@auditing.get("/audit")
def show_audit() -> Response:
    return _page(is_asked=False)


@auditing.post("/audit/verify")
def verify() -> Response:
    """Check every line against its leaf."""
    return _page(is_asked=True)


def _page(*, is_asked: bool) -> Response:
    before = number_in(request.args, "before")
    kind = request.args.get("kind", "all")
    kind = kind if kind in KINDS else "all"
    with here().store.read() as session:
        lines = audit.page(session, before=before, limit=_PAGE + 1, kinds=KINDS[kind])
        is_whole = audit.verify(session).is_whole if is_asked else None
    more = len(lines) > _PAGE
    return show(
        "console/audit.html",
        lines=lines[:_PAGE],
        next=lines[_PAGE - 1].cursor if more else 0,
        before=before,
        kind=kind,
        kinds=list(KINDS),
        is_whole=is_whole,
        checked_at=g.at,
    )
