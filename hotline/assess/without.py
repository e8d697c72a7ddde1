"""What the urgency would be if the words of one reason meant something else: so that a reader sees what it hangs on."""

from collections.abc import Collection, Iterable

from hotline.assess.evidence import Evidence
from hotline.assess.indicators import conclude_indicators
from hotline.assess.urgency import urgency_of
from hotline.domain.report import Reason
from hotline.domain.urgency import Urgency

_DECIDED = "urgency_"
_IN_DOUBT = frozenset({"unreadable", "unknown_language", "not_assessed"})
_NOWHERE = (0, 0)


def urgency(said: Iterable[Collection[Reason]], *, leave_out: str = "") -> Urgency:
    """Return the highest urgency of messages by their reasons, without what rests on the words of the rule *leave_out*.

    What could not be read is high, whatever else is said. A message without any reason counts for nothing here.
    """
    return Urgency.highest(Urgency.NONE, *(_of(reasons, leave_out) for reasons in said))


def _of(reasons: Collection[Reason], leave_out: str) -> Urgency:
    gone = [one for one in reasons if _name(one) == leave_out]
    kept = (one for one in reasons if one not in gone and not _shares_words(one, gone))
    names = {_name(one) for one in kept}
    if not names - {"unclear"}:
        return Urgency.HIGH if "unclear" in names else Urgency.NONE
    evidence = Evidence(dict.fromkeys(names, _NOWHERE))
    conclude_indicators(evidence)
    found, _ = urgency_of(evidence)
    in_doubt = Urgency.HIGH if names & _IN_DOUBT else Urgency.NONE
    return Urgency.highest(found, in_doubt)


def _shares_words(reason: Reason, others: Iterable[Reason]) -> bool:
    return any(reason.start < other.end and other.start < reason.end for other in others)


def _name(reason: Reason) -> str:
    return reason.rule.removeprefix(_DECIDED)
