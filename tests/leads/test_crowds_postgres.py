"""Whom a lead could be of is counted on PostgreSQL as on SQLite."""

import pytest

from hotline.leads.disclose import LeadRefused
from hotline.leads.wording import Fact
from tests.leads.desk import Desk
from tests.leads.test_crowds import K, come, knows, size
from tests.leads.test_postgres import desk, postgres, postgres_url

__all__ = ["desk", "postgres", "postgres_url"]


def test_languages_children_and_what_was_told_are_counted(desk: Desk) -> None:
    desk.admits("National unit", "RO")
    first, *others = come(desk, K, language="hu")
    come(desk, 2, language="hu", minor=True)
    assert size(desk, first, person_language="hu") == K + 2
    assert size(desk, first, person_language="hu", minor=True) == 3
    with pytest.raises(LeadRefused) as refused:
        desk.publishes(first, gender="Feminine")
    assert refused.value.facts == {Fact.FEW}
    knows(desk, others, gender="Feminine")
    desk.publishes(first, gender="Feminine")
