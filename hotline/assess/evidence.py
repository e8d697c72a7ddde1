"""What was found in an account: which facts it states and the words that state them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.assess.rules import INDICATORS
from hotline.domain.report import Reason
from hotline.domain.urgency import Indicator

Span = tuple[int, int]


@dataclass(slots=True)
class Evidence:
    """The facts of one account. It only ever grows: a fact once stated stays stated."""

    spans: dict[str, Span] = field(default_factory=dict)

    def add(self, facts: Mapping[str, Span]) -> None:
        for rule, span in facts.items():
            self.spans.setdefault(rule, span)

    def conclude(self, rule: str, *, because: str) -> None:
        """State *rule*, which rests on the same words as the fact *because*."""
        self.spans.setdefault(rule, self.spans.get(because, (0, 0)))

    def has(self, *rules: str) -> bool:
        return all(map(self.spans.__contains__, rules))

    def any(self, *rules: str) -> bool:
        return not self.spans.keys().isdisjoint(rules)

    def first(self, *rules: str) -> str:
        """Return the first of *rules* that was found; one of them must have been."""
        return next(rule for rule in rules if rule in self.spans)

    @property
    def indicators(self) -> frozenset[Indicator]:
        return frozenset(Indicator(rule) for rule in INDICATORS & self.spans.keys())

    @property
    def is_over(self) -> bool:
        """Tell whether the person is free now, or speaks of what is long past."""
        return self.any("free", "long_ago")

    def reasons(self) -> tuple[Reason, ...]:
        return tuple(Reason(rule, start, end) for rule, (start, end) in self.spans.items())
