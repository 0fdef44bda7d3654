"""The scorecard of a commune under its own criteria set, or under another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.criteria import analysis as criteria
from ntm_gis.analyses.question import Question
from ntm_gis.errors import UsageError
from ntm_gis.rules.criteria import CriteriaSet, criteria_set, sets

if TYPE_CHECKING:
    from ntm_gis.layers.values import Answer
    from ntm_gis.pipeline import Review


@dataclass(frozen=True)
class Card:
    """A set, and the answer whose frame `scorecard` and counts are of it."""

    set: CriteriaSet
    answer: Answer


def require_set(name: str) -> CriteriaSet:
    """Return a criteria set by name.

    Raises
    ------
    UsageError
        There is none of that name.

    Examples
    --------
    >>> require_set("vn-2026-2030").head.counts.indicators
    47
    """
    if name not in sets():
        raise UsageError("CRITERIA_NO_SET", value=name, known=sets())
    return criteria_set(name)


def card(found: Review, name: str | None = None) -> Card | None:
    """Return the scorecard of a review.

    Parameters
    ----------
    found : Review
        As `pipeline.review` gives it.
    name : str, optional
        Another set than the commune's; it is judged by the limits of its first day where it is
        not in force yet.

    Returns
    -------
    Card or None
        None: the commune names no set, and none is asked for.
    """
    own = found.commune.commune.criteria_set
    if name in (None, own):
        return None if own is None else Card(criteria_set(own), found.answer)
    assert name is not None  # noqa: S101 - said above
    question = Question(found.layers, found.decisions, found.answer.measures)
    return Card(require_set(name), criteria.under(question, name))
