"""Times of tracks and photos: seconds since 1970 in UTC, or nothing."""

from __future__ import annotations

import datetime as dt

VIETNAM = dt.timezone(dt.timedelta(hours=7))
"""Clock of Viet Nam; it has had no summer time since long before there were phones."""


def epoch(text: str | None) -> float | None:
    """Return the seconds of a time as GPX and KML write it; without a zone it is UTC.

    Examples
    --------
    >>> epoch("2025-03-31T17:30:00Z"), epoch("2025-04-01T00:30:00+07:00"), epoch("hôm qua")
    (1743442200.0, 1743442200.0, None)
    """
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    try:
        return moment.timestamp()
    except (OverflowError, ValueError):
        return None


def day(seconds: float | None) -> dt.date | None:
    """Return the day on which a moment fell in Viet Nam.

    Examples
    --------
    >>> day(1743442200.0).isoformat()
    '2025-04-01'
    """
    if seconds is None:
        return None
    try:
        return dt.datetime.fromtimestamp(seconds, VIETNAM).date()
    except (OverflowError, ValueError, OSError):
        return None
