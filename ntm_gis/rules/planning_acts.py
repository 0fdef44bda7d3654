"""The act that made a commune, put into the cards that stand on it.

A card of the national set can't name the clause of every commune: it says that it stands on the
act of the merger, and number, day and clause come from the tables of units.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from ntm_gis.rules.units import Units, units

if TYPE_CHECKING:
    from ntm_gis.rules.planning import RuleSet
    from ntm_gis.rules.planning_cards import Law, Rule
    from ntm_gis.rules.units import Row


def with_acts(rules: RuleSet, code: str, on: dt.date, table: Units | None = None) -> RuleSet:
    """Return the rules with the act of a commune where a card stands on the act of its merger.

    Parameters
    ----------
    code : str
        The commune's code.
    on : date
        Later acts don't count.
    table : Units, optional
        Where the act is looked up; left out: the shipped tables. Of a commune that it does not
        know the general words of the card stay.

    Notes
    -----
    The digest stays: what a rule asks is the same in every commune.

    Examples
    --------
    >>> from ntm_gis.rules.planning import planning_rules
    >>> made = with_acts(planning_rules(), "03583", dt.date(2025, 12, 31))
    >>> made.rule("QH01").law[0].text
    'Nghị quyết 1670/NQ-UBTVQH15 ngày 16/06/2025, Điều 1 khoản 17'
    """
    known = units() if table is None else table
    rows = [row for row in known.rows_into(code) if row.valid_from <= on]
    if not rows:
        return rules
    return replace(rules, rules=tuple(_with(rule, rows[-1]) for rule in rules.rules))


def _with(rule: Rule, row: Row) -> Rule:
    if not any(law.of_unit for law in rule.law):
        return rule
    laws = tuple(_named(law, row) if law.of_unit else law for law in rule.law)
    return rule.model_copy(update={"law": laws})


def _named(law: Law, row: Row) -> Law:
    return law.model_copy(
        update={
            "text": row.act.vi, "article": "", "status": row.status,
            "seen_in": _SOURCES.get(row.source[0] if row.source else "", law.seen_in),
        }
    )  # fmt: skip


_SOURCES = {"NQ1670": "bản chép trong kho công khai dvhcvn/20250701, chưa đối chiếu với công báo"}
"""What `data/units/README.md` says of where the acts were seen."""
