"""Verdicts with more than two answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ntm_gis.results.values import Measure


_SLACK = 1e-9
"""How far, relative to its size, a number may be off by rounding alone."""


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

    Exactly one of `at_least`, `at_most` and `equals` is given.
    """

    citation: str
    status: str
    at_least: float | None = None
    at_most: float | None = None
    equals: float | None = None

    @property
    def official(self) -> bool:
        """It was read in the legal text, or confirmed by the office against its own copy."""
        return self.status in ("verified", "confirmed")

    def admits_all(self, low: float | None, high: float | None) -> bool:
        """Every value between the bounds meets the limit."""
        if self.at_least is not None:
            return low is not None and _reaches(low, self.at_least)
        if self.equals is not None:
            if low is None or high is None:
                return False
            return _reaches(low, self.equals) and _reaches(-high, -self.equals)
        return self.at_most is not None and high is not None and _reaches(-high, -self.at_most)

    def admits_none(self, low: float | None, high: float | None) -> bool:
        """No value between the bounds meets the limit."""
        if self.at_least is not None:
            return high is not None and not _reaches(high, self.at_least)
        if self.equals is not None:
            above = low is not None and not _reaches(-low, -self.equals)
            return above or (high is not None and not _reaches(high, self.equals))
        return self.at_most is not None and low is not None and not _reaches(-low, -self.at_most)


def _reaches(number: float, limit: float) -> bool:
    """Whether a number is a limit or more, but for the last bits of a division.

    Examples
    --------
    >>> 100 * (57 / 100) >= 57, _reaches(100 * (57 / 100), 57)
    (False, True)
    """
    return number >= limit - _SLACK * max(1.0, abs(limit))


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of an indicator or a criterion.

    Parameters
    ----------
    threshold : Threshold or None
        What it was held against; None for criteria, and where there is none.
    official : bool
        Every threshold used is verified or confirmed by the office.
    """

    verdict: Verdict
    threshold: Threshold | None = None
    official: bool = False


def judge(measure: Measure, threshold: Threshold | None) -> Verdict:
    """Compare a measure with the threshold in force, honest about what is unknown.

    Examples
    --------
    >>> from ntm_gis.results import Evidence, Measure, Words
    >>> m = Measure("x", Words("x", "x"), "%", 61.0, 58.0, 64.0, Evidence(Words("", "")))
    >>> judge(m, Threshold("318/QĐ-TTg", "unverified", at_least=60.0)).value
    'undetermined'
    """
    return numbers_judged(measure.low, measure.high, threshold)


def numbers_judged(low: float | None, high: float | None, threshold: Threshold | None) -> Verdict:
    """Compare bounds (None: no end) with a threshold.

    Examples
    --------
    >>> numbers_judged(None, 9.0, Threshold("x", "cited", at_least=10.0)).value
    'not_met'
    """
    if threshold is None:
        return Verdict.NO_THRESHOLD
    if threshold.admits_all(low, high):
        return Verdict.MET
    if threshold.admits_none(low, high):
        return Verdict.NOT_MET
    return Verdict.UNDETERMINED
