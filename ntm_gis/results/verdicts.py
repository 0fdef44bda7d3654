"""Verdicts with more than two answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ntm_gis.results.values import Measure


class Verdict(StrEnum):
    """How a measure stands to its threshold."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"
    NO_THRESHOLD = "no_threshold"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit set by law or by the office, with its source and how far it is proven.

    Exactly one of `at_least` and `at_most` is given.
    """

    citation: str
    status: str
    at_least: float | None = None
    at_most: float | None = None

    def admits_all(self, low: float | None, high: float | None) -> bool:
        """Every value between the bounds meets the limit."""
        if self.at_least is not None:
            return low is not None and low >= self.at_least
        return self.at_most is not None and high is not None and high <= self.at_most

    def admits_none(self, low: float | None, high: float | None) -> bool:
        """No value between the bounds meets the limit."""
        if self.at_least is not None:
            return high is not None and high < self.at_least
        return self.at_most is not None and low is not None and low > self.at_most


def judge(measure: Measure, threshold: Threshold | None) -> Verdict:
    """Compare a measure with the threshold in force, honest about what is unknown.

    Examples
    --------
    >>> from ntm_gis.results import Evidence, Words
    >>> m = Measure("x", Words("x", "x"), "%", 61.0, 58.0, 64.0, Evidence(Words("", "")))
    >>> judge(m, Threshold("318/QĐ-TTg", "unverified", at_least=60.0)).value
    'undetermined'
    """
    if threshold is None:
        return Verdict.NO_THRESHOLD
    if threshold.admits_all(measure.low, measure.high):
        return Verdict.MET
    if threshold.admits_none(measure.low, measure.high):
        return Verdict.NOT_MET
    return Verdict.UNDETERMINED
