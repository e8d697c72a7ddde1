"""Which of the rules that fired a page names first."""

from collections.abc import Iterable

from hotline.domain.urgency import Indicator

_DECIDED = "urgency_"
# Facts that count only together with others; alone they tell a reader nothing.
_BACKGROUND = frozenset({"promise", "otherwise", "child", "answered", "homely", "laughs"})
# Why the machine could not tell more: of use only where nothing else is told.
_IN_DOUBT = frozenset({"unclear", "unknown_language", "unreadable", "not_assessed"})
_DANGERS = (
    "self_harm",
    "fire_or_water",
    "moved_soon",
    "violence_now",
    "breaking_in",
    "weapon_drawn",
    "captive",
    "caller_watched",
    "help_refused",
    "injury",
    "minor",
    "cry_for_help",
    "nowhere",
)
_INDICATORS = tuple(indicator.value for indicator in Indicator)
_ORDER = {rule: place for place, rule in enumerate((*_DANGERS, *_INDICATORS))}


def telling(rules: Iterable[str]) -> tuple[str, ...]:
    """Return *rules* in the order in which a caseworker wants to hear them.

    First what decided the urgency, then dangers, then indicators, then the rest as it was found, and
    last what the machine could not read.
    """
    kept = list(rules)
    decided = [rule.removeprefix(_DECIDED) for rule in kept if rule.startswith(_DECIDED)]
    others = [rule for rule in kept if not rule.startswith(_DECIDED) and rule not in _BACKGROUND]
    others.sort(key=lambda rule: _ORDER.get(rule, len(_ORDER)))
    told = dict.fromkeys([*decided, *others])
    return tuple(sorted(told, key=lambda rule: rule in _IN_DOUBT))
