"""Criteria sets: `data/criteria/SET/`, dated and cited, one over another.

A set is `set.toml` (its law, its criteria), files of indicators and thresholds, patches of later
decisions (`patch-*.toml`) and worked cases (`cases*.toml`), without which it is refused.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules import criteria_checks
from ntm_gis.rules.criteria_cases import Case, Cases
from ntm_gis.rules.criteria_files import Head, Lines, Patch, Retired
from ntm_gis.rules.criteria_model import Indicator, Row
from ntm_gis.rules.toml import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ntm_gis.results import Words

FOLDER, SET_FILE = "criteria", "set.toml"
_MOST_STEPS = 6


@dataclass(frozen=True, slots=True)
class Where:
    """Which commune a limit is asked for."""

    region: str | None = None
    group: int | None = None
    special_difficulty: bool | None = None


@dataclass(frozen=True)
class CriteriaSet:
    """A criteria set as it is in force, with what it takes from its parent.

    Parameters
    ----------
    indicators : mapping of str to Indicator
        Lines and parts known, in the order of their criteria.
    rows : mapping of str to tuple of Row
        Thresholds of its own by line; `parent` is asked where none of them holds.
    digest : str
        SHA-256 over every file it was made of, those of its parents too.
    """

    head: Head
    indicators: Mapping[str, Indicator]
    rows: Mapping[str, tuple[Row, ...]]
    digest: str
    home: Path
    parent: CriteriaSet | None = None
    patches: tuple[Patch, ...] = ()
    retired: Mapping[str, dt.date] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()

    @property
    def id(self) -> str:
        """Its name, as commune.toml has it."""
        return self.head.id

    @property
    def title(self) -> Words:
        """What it is called."""
        return self.head.title.words

    @property
    def label(self) -> str:
        """Name and digest, as results.json holds them."""
        return f"{self.id}@sha256:{self.digest}"

    def lines(self, on: dt.date) -> tuple[Indicator, ...]:
        """Return the indicators that count on a day: no parts, none that a patch took out."""
        return tuple(
            line
            for line in self.indicators.values()
            if line.part_of is None and on <= self.retired.get(line.code, dt.date.max)
        )

    def of_criterion(self, code: str, on: dt.date) -> tuple[Indicator, ...]:
        """Return the indicators of a criterion."""
        return tuple(line for line in self.lines(on) if line.criterion == code)

    def known(self, on: dt.date) -> tuple[int, int]:
        """Return how many indicators are known here, and how many the text has.

        Examples
        --------
        >>> criteria_set("vn-2026-2030").known(dt.date(2026, 6, 30))
        (3, 47)
        """
        return len(self.lines(on)), self.head.counts.indicators

    def in_force(self, on: dt.date) -> bool:
        """Whether the set holds on a day."""
        return self.head.effective_from <= on <= (self.head.effective_to or on)

    def place(self, where: Where) -> Where:
        """Return whose limits a commune takes: in special difficulty perhaps another region's.

        Examples
        --------
        >>> criteria_set("vn-2021-2025").place(Where("mekong-delta", None, True)).region
        'northern-midlands-mountains'
        """
        for override in self.head.overrides:
            if where.special_difficulty:
                region, group = override.region or where.region, override.group or where.group
                return Where(region, group, where.special_difficulty)
        return where

    def row(self, code: str, where: Where, on: dt.date) -> Row | None:
        """Return the threshold of a line in force on a day for a commune; None: there is none."""
        here = self.place(where)
        fitting = [r for r in self.rows.get(code, ()) if _fits(r, here, on)]
        if fitting:
            return max(fitting, key=lambda r: r.since)
        if self.parent is not None and self.head.carries:
            return self.parent.row(code, where, on)
        return None

    def resolved(self, code: str, where: Where, on: dt.date, _steps: int = 0) -> Row | None:
        """Return the threshold with a relative limit worked out from the one it follows."""
        found = self.row(code, where, on)
        if found is None or found.relative is None:
            return found
        if _steps > _MOST_STEPS:
            raise RuleError("CRITERIA_CIRCLE", set=self.id, indicator=code)
        to = found.relative
        other = self if to.set == self.id else read_set(self.home, to.set)
        base = other.resolved(to.indicator, where, on, _steps + 1)
        return criteria_checks.followed(found, base)


def _fits(row: Row, where: Where, on: dt.date) -> bool:
    return (
        row.since <= on <= (row.until or on)
        and row.region in (None, where.region)
        and row.group in (None, where.group)
        and row.special_difficulty in (None, where.special_difficulty)
    )


def sets() -> tuple[str, ...]:
    """Return the names of the sets that are shipped.

    Examples
    --------
    >>> sets()
    ('lai-chau-2022', 'lai-chau-2024', 'vn-2021-2025', 'vn-2026-2030')
    """
    home = shipped.path("data", FOLDER)
    return tuple(sorted(p.name for p in home.iterdir() if (p / SET_FILE).is_file()))


def national_on(day: dt.date) -> str | None:
    """Return the national set in force on a day, None where none of those shipped is.

    Examples
    --------
    >>> national_on(dt.date(2025, 12, 31)), national_on(dt.date(2026, 6, 30))
    ('vn-2021-2025', 'vn-2026-2030')
    """
    for name in sets():
        head = criteria_set(name).head
        until = head.effective_to or day
        if head.issuer == "national" and head.effective_from <= day <= until:
            return name
    return None


def criteria_set(name: str) -> CriteriaSet:
    """Return a set that is shipped.

    Raises
    ------
    RuleError
        There is no such set, or a file of it is not well formed: an unknown key, two thresholds
        for one day and region, a threshold of a line that is not there, a limit looser than the
        parent's, no worked case.

    Examples
    --------
    >>> where = Where("northern-midlands-mountains")
    >>> criteria_set("vn-2021-2025").row("10", where, dt.date(2025, 12, 31)).at_least
    48.0
    """
    return read_set(shipped.path("data", FOLDER), name)


@lru_cache(maxsize=32)
def read_set(home: Path, name: str) -> CriteriaSet:
    """Return a set of a folder of sets; see `criteria_set`."""
    folder = home / name
    if not name or Path(name).name != name or not (folder / SET_FILE).is_file():
        known = tuple(sorted(p.name for p in home.iterdir() if p.is_dir()))
        raise RuleError("CRITERIA_NO_SET", value=name, known=known)
    head = load(folder / SET_FILE, Head, RuleError)
    if head.id != name:
        raise RuleError("CRITERIA_ID", file=SET_FILE, set=name, id=head.id)
    patches, cases = _read_patches(folder), _read_cases(folder)
    if not cases:
        raise RuleError("CRITERIA_WITHOUT_CASES", set=name)
    parent = None if head.parent is None else read_set(home, head.parent)
    files = [
        *(load(p, Lines, RuleError) for p in sorted(folder.glob("*.toml")) if _is_lines(p)),
        *patches,
    ]
    own = criteria_checks.only_once(name, [i for f in files for i in f.indicators])
    carried = parent if parent is not None and head.carries else None
    indicators = _joined(head, own, carried)
    rows: dict[str, list[Row]] = {}
    for row in (r for f in files for r in f.thresholds):
        rows.setdefault(row.indicator, []).append(row)
    out = CriteriaSet(
        head,
        indicators,
        {code: tuple(found) for code, found in rows.items()},
        _digest(folder, parent),
        home,
        parent,
        patches,
        _retired(patches, carried),
        cases,
    )
    criteria_checks.check(out)
    return out


def _is_lines(path: Path) -> bool:
    return path.name != SET_FILE and not path.name.startswith(("cases", "patch-"))


def _read_patches(folder: Path) -> tuple[Patch, ...]:
    return tuple(load(p, Patch, RuleError) for p in sorted(folder.glob("patch-*.toml")))


def _read_cases(folder: Path) -> tuple[Case, ...]:
    files = sorted(folder.glob("cases*.toml"))
    return tuple(case for p in files for case in load(p, Cases, RuleError).cases)


def _retired(patches: Sequence[Patch], parent: CriteriaSet | None) -> dict[str, dt.date]:
    own: list[Retired] = [gone for patch in patches for gone in patch.retired]
    above = {} if parent is None else dict(parent.retired)
    return above | {gone.indicator: gone.after for gone in own}


def _joined(
    head: Head, own: Sequence[Indicator], parent: CriteriaSet | None
) -> dict[str, Indicator]:
    """Return the lines of the parent, but those that are split or said anew, and the own ones."""
    said = {line.code for line in own} | {line.splits for line in own if line.splits}
    above = () if parent is None else parent.indicators.values()
    every = [*(line for line in above if line.code not in said), *own]
    order = {c.code: n for n, c in enumerate(head.criteria)}
    ranked = sorted(every, key=lambda line: (order.get(line.criterion, 99), _natural(line.code)))
    return {line.code: line for line in ranked}


def _natural(code: str) -> tuple[tuple[int, str], ...]:
    """Sort 17.9 before 17.10."""
    parts = code.replace("-", ".").split(".")
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)


def _digest(folder: Path, parent: CriteriaSet | None) -> str:
    digest = hashlib.sha256(b"" if parent is None else parent.digest.encode("ascii"))
    for path in sorted(folder.glob("*.toml")):
        # Line ends are those of a checkout; the text is what counts.
        digest.update(f"{path.name}\n".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
