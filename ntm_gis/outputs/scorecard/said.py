"""Small words of the scorecard: verdicts, thresholds, numbers, days."""

from __future__ import annotations

import datetime as dt

from ntm_gis import numbers
from ntm_gis.outputs.scorecard.model import Limit, Verdict
from ntm_gis.results import Judged, Threshold, shown
from ntm_gis.rules.terms import say, term

DASH = "–"
MARKS = {
    "met": "met", "not_met": "not", "undetermined": "und", "not_applicable": "na",
    "no_threshold": "none",
}  # fmt: skip
"""Verdict -> the mark of the pages that stands for it."""


def words(key: str, lang: str, /, **params: object) -> str:
    """Return a term of the scorecard, its values put in."""
    return say(f"scorecard.{key}", lang, **params)


def verdict(code: str, lang: str) -> Verdict:
    """Return a verdict as it is shown.

    Examples
    --------
    >>> verdict("not_met", "vi")
    Verdict(code='not_met', mark='not', word='Chưa đạt')
    """
    return Verdict(code, MARKS[code], term(f"verdict.{code}").of(lang))


def of_judged(judged: Judged | None, lang: str) -> Verdict:
    """Return the verdict of a measure; without one there is no threshold."""
    return verdict("no_threshold" if judged is None else judged.verdict.value, lang)


def number(value: float | None, digits: int, lang: str) -> str:
    """Return a number; a dash where there is none."""
    if value is None or value != value:  # noqa: PLR0124 - not a number
        return DASH
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(value, "", digits)


def plain(value: float | None, lang: str) -> str:
    """Return a number with no more digits than it needs, two at most.

    Examples
    --------
    >>> plain(70.0, "vi"), plain(54.3, "vi"), plain(1249.25, "vi")
    ('70', '54,3', '1.249,25')
    """
    if value is None or value != value:  # noqa: PLR0124 - not a number
        return DASH
    digits = next(n for n in (0, 1, 2, 2) if n == 2 or round(value, n) == value)
    return number(value, digits, lang)


def day(value: dt.date | None) -> str:
    """Return a day; a dash where there is none."""
    return DASH if value is None else numbers.format_date_vi(value)


def limit(
    threshold: Threshold | None, unit: str, lang: str, *, why: str = "", citation: str = ""
) -> Limit:
    r"""Return a threshold as it is printed.

    Parameters
    ----------
    why, citation : str
        Where there is none: why not, and the text that says so.

    Examples
    --------
    >>> found = limit(Threshold("318/QĐ-TTg", "unverified", at_most=13.0), "%", "vi")
    >>> found.text.replace("\u00a0", " "), found.official
    ('≤ 13 %', False)
    """
    if threshold is None:
        none = why or term("verdict.no_threshold").of(lang)
        return Limit(none, citation, "", official=False, given=False)
    return Limit(
        _text(threshold, unit, lang), threshold.citation,
        term(f"law_status.{threshold.status}").of(lang), official=threshold.official, given=True,
    )  # fmt: skip


def _text(threshold: Threshold, unit: str, lang: str) -> str:
    if unit == "verdict":
        return term("verdict.met").of(lang)
    sign, value = next(
        (sign, value)
        for sign, value in (
            ("≥", threshold.at_least), ("≤", threshold.at_most), ("=", threshold.equals),
        )
        if value is not None
    )  # fmt: skip
    name = shown.unit_name(unit, lang)
    if unit == "level":
        return f"{name} {sign}\u00a0{plain(value, lang)}"
    return f"{sign}\u00a0{plain(value, lang)}\u00a0{name}".rstrip("\u00a0")
