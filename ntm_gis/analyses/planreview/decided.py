"""Decisions of the record about findings of the review: kept, amended, dropped, waived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.layers.decisions import FINDING, ITEM, RULE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from ntm_gis.layers.decisions import Decision

WAIVE, UNTIL = "waive", "until"


@dataclass(frozen=True)
class Decided:
    """The newest decision about each thing.

    Parameters
    ----------
    by_subject : mapping
        Keep, amend, drop: by "plan_finding:…" and "plan_item:…".
    waived, lapsed : mapping
        Waivers in force on the day, and those whose time is over, by "rule:…".
    """

    by_subject: Mapping[str, Decision]
    waived: Mapping[str, Decision]
    lapsed: Mapping[str, Decision]

    def of_finding(self, subject: str, layer: str | None) -> Decision | None:
        """Return the decision about a finding; of one about a planned item that about the item.

        Parameters
        ----------
        subject : str
            "QH18:P1/HM01".
        layer : str or None
            Where the finding is: one in the layer of planned items bears the item's name.
        """
        own = self.by_subject.get(f"{FINDING}{subject}")
        if own is None and layer == ITEMS:
            return self.by_subject.get(item_of(subject))
        return own


ITEMS = "plan_items"


def item_of(subject: str) -> str:
    """Return what a decision points at about the item that a finding bears the name of.

    Examples
    --------
    >>> item_of("QH18:P1/HM01")
    'plan_item:P1/HM01'
    """
    return f"{ITEM}{subject.partition(':')[2]}"


def decided(decisions: Iterable[Decision], on: dt.date) -> Decided:
    """Sort decisions: a later one about the same thing takes the place of an earlier.

    Parameters
    ----------
    decisions : iterable of Decision
        Oldest first.
    """
    newest: dict[str, Decision] = {}
    for decision in decisions:
        newest[decision.subject] = decision
    of_rules = {s: d for s, d in newest.items() if s.startswith(RULE) and d.choice == WAIVE}
    lapsed = {s: d for s, d in of_rules.items() if _is_over(d, on)}
    return Decided(
        {s: d for s, d in newest.items() if s.startswith((FINDING, ITEM))},
        {s: d for s, d in of_rules.items() if s not in lapsed},
        lapsed,
    )


def until(decision: Decision) -> dt.date | None:
    """Return the last day of a waiver; None where none was given."""
    written = dict(decision.details).get(UNTIL)
    return None if written is None else numbers.parse_date(written).value


def _is_over(decision: Decision, on: dt.date) -> bool:
    last = until(decision)
    return last is not None and last < on
