"""Cards stand on the act of the commune at hand, not on that of another."""

from __future__ import annotations

import datetime as dt

import pytest

from ntm_gis.rules.planning import planning_rules
from ntm_gis.rules.planning_acts import with_acts

DAY = dt.date(2025, 12, 31)
STANDING = ("QH01", "QH02", "QH16", "QH30")


@pytest.mark.parametrize(
    ("code", "clause"), [("03601", "Điều 1 khoản 8"), ("03583", "Điều 1 khoản 17")]
)
def test_each_commune_has_its_own_clause(code: str, clause: str) -> None:
    made = with_acts(planning_rules("lai-chau"), code, DAY)
    for name in STANDING:
        first = made.rule(name).law[0]
        assert first.text.startswith("Nghị quyết 1670/NQ-UBTVQH15")
        assert first.text.endswith(clause)
        assert first.status == "cited"


def test_a_commune_that_no_table_knows_is_given_no_clause() -> None:
    rules = planning_rules()
    for code, day in (("31000", DAY), ("03583", dt.date(2025, 6, 30))):
        made = with_acts(rules, code, day)
        assert all("khoản" not in made.rule(name).law[0].text for name in STANDING)
        assert all("1670" not in law.text for name in STANDING for law in made.rule(name).law)


def test_what_a_rule_asks_stays() -> None:
    rules = planning_rules("lai-chau")
    made = with_acts(rules, "03583", DAY)
    assert made.label == rules.label
    assert [rule.model_dump(exclude={"law"}) for rule in made.rules] == [
        rule.model_dump(exclude={"law"}) for rule in rules.rules
    ]
