"""Closed periods: `periods/NAME/`, written once and read ever after."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ntm_gis.outputs.report.telling import Previous
from ntm_gis.results import LANGUAGES, Finding, Words

FOLDER, HEAD, RESULTS = "periods", "period.json", "results.json"
NAME = re.compile(r"[0-9]{4}([-_][A-Za-z0-9]{1,12}){0,2}")
"""Names of periods: "2025", "2025-Q3", "2025-6T"."""
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """A finding of a closed period: what tells it from others, its weight and its sentence."""

    key: str
    severity: str
    message: Words


@dataclass(frozen=True)
class Period:
    """A closed period as it was handed in.

    Parameters
    ----------
    values : dict of str to float or None
        Measure's id -> its value then.
    inputs : dict of str to str
        File -> the digest of its bytes.
    findings : tuple of Told
        What was found then, in the order of its list.
    verdicts : dict of str to (str, bool)
        Measure's id -> how it was judged then, and whether that was official.
    criteria_set : str or None
        The set of `criterion.CODE` and `indicator.CODE` then.
    """

    name: str
    as_of: dt.date
    values: dict[str, float | None]
    inputs: dict[str, str]
    findings: tuple[Told, ...] = ()
    verdicts: dict[str, tuple[str, bool]] = field(default_factory=dict)
    criteria_set: str | None = None

    @property
    def previous(self) -> dict[str, Previous]:
        """Values as later figures show them beside their own."""
        return {name: Previous(self.name, value) for name, value in self.values.items()}


def read(home: Path) -> tuple[tuple[Period, ...], tuple[Finding, ...]]:
    """Return the closed periods of a commune folder, the earliest first.

    One that cannot be read, or whose results are no longer those that were closed, is a finding
    and is left out.

    Examples
    --------
    >>> read(Path("no such folder"))
    ((), ())
    """
    places = [p for p in sorted((home / FOLDER).glob("*")) if NAME.fullmatch(p.name)]
    found: list[Period] = []
    findings: list[Finding] = []
    for place in places:
        try:
            found.append(_period(place))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            findings.append(Finding.of("PERIOD_UNREADABLE", file=f"{FOLDER}/{place.name}/{HEAD}"))
    return tuple(sorted(found, key=lambda period: (period.as_of, period.name))), tuple(findings)


def before(periods: tuple[Period, ...], day: dt.date) -> Period | None:
    """Return the last period closed for a day before another."""
    return next((p for p in reversed(periods) if p.as_of < day), None)


def _period(place: Path) -> Period:
    head = _json(place / HEAD)
    content = (place / RESULTS).read_bytes()
    if hashlib.sha256(content).hexdigest() != head["results_sha256"]:
        message = "results were changed"
        raise ValueError(message)
    results = json.loads(content)
    return Period(
        place.name,
        dt.date.fromisoformat(head["as_of"]),
        {str(one["id"]): _number(one["value"]) for one in results["measures"]},
        {str(one["file"]): str(one["sha256"]) for one in head["inputs"]},
        tuple(_told(one) for one in results["findings"]),
        {
            str(one["id"]): (str(one["verdict"]), bool(one["official"]))
            for one in results["measures"]
            if one.get("verdict") is not None
        },
        _set(results.get("made_with")),
    )


def _set(made_with: Any) -> str | None:
    """Return the name of a criteria set as results bear it: "vn-2021-2025@sha256:…"."""
    found = made_with.get("criteria_set") if isinstance(made_with, dict) else None
    return str(found).partition("@")[0] if found else None


def _told(one: Any) -> Told:
    message = Words(*(str(one["message"][lang]) for lang in LANGUAGES))
    # Those of the first version had no key of their own.
    return Told(str(one.get("key") or one["code"]), str(one["severity"]), message)


def _json(path: Path) -> Any:
    if path.stat().st_size > _LARGEST:
        message = "too large"
        raise ValueError(message)
    return json.loads(path.read_text(encoding="utf-8"))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
