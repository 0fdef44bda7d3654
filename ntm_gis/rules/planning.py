"""Rules of the plan review: numbered cards in `data/plan_rules/SET/`, dated, with their law.

A card says what is required, which test finds out, within which tolerance, how grave a breach is,
who may waive it, and the legal text behind it with its status. A profile of a province stands
over the national set: it changes values of cards and adds some; what differs can be printed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field

from ntm_gis import shipped, text
from ntm_gis.errors import RuleError
from ntm_gis.results import Words
from ntm_gis.rules.planning_cards import Rule, Said, Severity
from ntm_gis.rules.toml import Strict, load

FOLDER, SET_FILE, PROFILE_FILE = "plan_rules", "set.toml", "profile.toml"
NATIONAL = "national"
TABLES = ("compatible.csv", "dossiers.toml")
"""What cards rest on besides: land uses that may stand together, documents of a dossier."""


class _Change(Strict):
    """What a profile says otherwise about one card."""

    severity: Severity | None = None
    tolerance: dict[str, float] = Field(default_factory=dict)
    parameters: dict[str, Any] = Field(default_factory=dict)
    until: dt.date | None = None
    why: Said


class _Set(Strict):
    """The table of a set: what it is called, and which version of it this is."""

    id: str
    title: Said
    version: str


class _Profile(Strict):
    """A set that stands over another."""

    id: str
    title: Said
    version: str
    over: str
    change: dict[str, _Change] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that a profile changes, as it is printed.

    Parameters
    ----------
    key : str
        "severity", "tolerance.width_m", "parameters.metres", or "added".
    """

    rule: str
    key: str
    before: object
    after: object
    why: Words


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force for a review.

    Parameters
    ----------
    digest : str
        SHA-256 over the rules in force, and the tables that go with them: two reviews of one
        digest were made by the same rules. Cards that hold on other days don't enter.
    """

    id: str
    title: Words
    version: str
    digest: str
    rules: tuple[Rule, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def label(self) -> str:
        """What results say of the rules they were made by."""
        return f"{self.id}@sha256:{self.digest}"

    def rule(self, name: str) -> Rule:
        """Return a rule by its id; of several dated cards the newest.

        Raises
        ------
        RuleError
            The set has none.
        """
        for rule in reversed(self.rules):
            if rule.id == name:
                return rule
        raise RuleError("PLAN_RULE_UNKNOWN", rule=name, known=_names(self.rules))


def sets() -> tuple[str, ...]:
    """Return the names of the sets and profiles that are shipped.

    Examples
    --------
    >>> "national" in sets()
    True
    """
    return tuple(sorted(path.name for path in shipped.path("data", FOLDER).iterdir()
                        if path.is_dir()))  # fmt: skip


def planning_rules(name: str = NATIONAL, on: dt.date | None = None) -> RuleSet:
    """Return the rules of a set in force on a day.

    Parameters
    ----------
    name : str
        A set, or the profile of a province.
    on : date, optional
        All cards where left out.

    Raises
    ------
    RuleError
        There is no such set, or a file of it is not well formed: an unknown key or test, two
        cards of one id, a profile that changes a card that is not there.

    Examples
    --------
    >>> planning_rules("national").rule("QH01").test
    'uncovered'
    """
    return read_set(shipped.path("data", FOLDER), name, on)


def in_province(province: str, on: dt.date | None = None) -> RuleSet:
    """Return the rules in force on a day in a province: its profile where there is one.

    Examples
    --------
    >>> in_province("Lai Châu").id, in_province("Cà Mau").id
    ('lai-chau', 'national')
    """
    profile = text.slug(province)
    return planning_rules(profile if profile in sets() else NATIONAL, on)


def read_set(home: Path, name: str, on: dt.date | None = None) -> RuleSet:
    """Return the rules of a set in a folder of sets; see `planning_rules`."""
    return _read(home, name).on(home, on)


@dataclass(frozen=True, slots=True)
class _Read:
    """A set as its files have it, whatever the day."""

    id: str
    title: Words
    version: str
    rules: tuple[Rule, ...]
    differences: tuple[Difference, ...] = ()

    def on(self, home: Path, day: dt.date | None) -> RuleSet:
        rules = tuple(rule for rule in self.rules if day is None or rule.holds_on(day))
        return RuleSet(
            self.id, self.title, self.version, _digest(home, rules), rules, self.differences
        )


def _digest(home: Path, rules: tuple[Rule, ...]) -> str:
    digest = hashlib.sha256()
    for rule in rules:
        # Until when a card holds is no part of what it asks while it does.
        asks = rule.model_dump(mode="json", exclude={"since", "until"})
        said = json.dumps(asks, sort_keys=True, ensure_ascii=False)
        digest.update(said.encode())
    for table in TABLES:
        if (home / table).is_file():
            # Line ends are those of a checkout; the text is what counts.
            digest.update((home / table).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


@lru_cache(maxsize=8)
def _read(home: Path, name: str) -> _Read:
    folder = home / name
    if not name or Path(name).name != name or not folder.is_dir():
        known = tuple(sorted(p.name for p in home.iterdir() if p.is_dir()))
        raise RuleError("PLAN_RULES_NONE", value=name, known=known)
    cards = _cards(folder)
    if (folder / PROFILE_FILE).is_file():
        profile = load(folder / PROFILE_FILE, _Profile, RuleError)
        below = _read(home, profile.over)
        rules, differences = _changed(below, profile, cards)
        return _Read(profile.id, profile.title.words, profile.version, rules, differences)
    table = load(folder / SET_FILE, _Set, RuleError)
    return _Read(table.id, table.title.words, table.version, _ordered(cards))


def _cards(folder: Path) -> list[Rule]:
    """Return the cards of a folder; of one id several, where no day has two of them."""
    cards: list[Rule] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name in (SET_FILE, PROFILE_FILE):
            continue
        rule = load(path, Rule, RuleError)
        if not path.stem.startswith(rule.id) or any(rule.meets(other) for other in cards):
            raise RuleError("PLAN_RULE_TWICE", rule=rule.id, file=path.name)
        cards.append(rule)
    return cards


def _ordered(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: (rule.id, rule.since or dt.date.min)))


def _names(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.id for rule in rules))


def _changed(
    below: _Read, profile: _Profile, added: list[Rule]
) -> tuple[tuple[Rule, ...], tuple[Difference, ...]]:
    names = _names(below.rules)
    for name in profile.change:
        if name not in names:
            raise RuleError("PLAN_RULE_UNKNOWN", rule=name, known=names)
    rules: list[Rule] = []
    differences = list(below.differences)
    for before in below.rules:
        change = profile.change.get(before.id)
        after = before if change is None else _with(before, change)
        rules.append(after)
        if change is not None:
            differences += [
                Difference(before.id, key, old, new, change.why.words)
                for key, old, new in _values(before, after)
                if old != new
            ]
    for rule in added:
        if any(rule.meets(other) for other in rules):
            raise RuleError("PLAN_RULE_TWICE", rule=rule.id, file=f"{rule.id}.toml")
        rules.append(rule)
        differences.append(Difference(rule.id, "added", None, rule.title.words, rule.says.words))
    return _ordered(rules), tuple(differences)


def _with(rule: Rule, change: _Change) -> Rule:
    raw = rule.model_dump()
    raw["tolerance"] = {**raw["tolerance"], **change.tolerance}
    raw["parameters"] = {**raw["parameters"], **change.parameters}
    if change.severity is not None:
        raw["severity"] = change.severity
    if change.until is not None:
        raw["until"] = change.until
    return Rule.model_validate(raw)


def _values(before: Rule, after: Rule) -> list[tuple[str, object, object]]:
    out: list[tuple[str, object, object]] = [
        ("severity", before.severity, after.severity),
        ("until", before.until, after.until),
    ]
    for name in ("tolerance", "parameters"):
        old, new = getattr(before, name), getattr(after, name)
        out += [(f"{name}.{key}", old.get(key), new.get(key)) for key in sorted({*old, *new})]
    return out
