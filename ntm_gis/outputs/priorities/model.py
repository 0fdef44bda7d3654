"""Frames of priorities and money as plain rows, read once for page, terminal and JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ntm_gis.outputs import rows
from ntm_gis.results.words import is_made_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ntm_gis.layers.values import Answer, Layers

CANDIDATES = "candidates"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One proposed work with its rank; `criteria` are lost without it.

    `code` is blank where nobody gave the work one: people know it by its name then.
    """

    id: str
    rank: int
    chosen: bool
    name: str
    million: float
    fund: str | None
    indicator: str | None
    households: int | None
    criteria: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def code(self) -> str:
        """The id that people gave it; blank where there is none."""
        return "" if is_made_key(self.id) else self.id

    @property
    def named(self) -> str:
        """Its name, with its code where it has one."""
        return f"{self.name} ({self.code})" if self.code else self.name


@dataclass(frozen=True, slots=True)
class Choice:
    """What is met and served: now, with the choice, with more money."""

    id: str
    budget: float
    million: float
    criteria: int
    households: int
    works: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    proven: bool
    official: bool


@dataclass(frozen=True, slots=True)
class Step:
    """The least budget with which so many criteria are met."""

    criteria: int
    million: float
    works: tuple[str, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class Bound:
    """The budget, a fund or a kind of capital: what is left of it and what the choice takes."""

    kind: str
    code: str | None
    name: str
    left: float
    spent: float
    works: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A criterion that the choice does not meet, what it takes at least, and what it lacks."""

    criterion: str
    title: str
    least: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Priorities:
    """Everything that is proposed; empty where no work or no money is known."""

    ranked: tuple[Ranked, ...]
    choices: dict[str, Choice]
    frontier: tuple[Step, ...]
    free: tuple[Step, ...]
    bounds: tuple[Bound, ...]
    lacking: tuple[Lack, ...]

    @property
    def chosen(self) -> tuple[Ranked, ...]:
        """The works that are proposed, by rank."""
        return tuple(one for one in self.ranked if one.chosen)

    @property
    def left_out(self) -> tuple[Ranked, ...]:
        """The others."""
        return tuple(one for one in self.ranked if not one.chosen)

    def called(self, ids: Iterable[str]) -> str:
        """Return what people call works: their codes, or the names of those without one."""
        names = {one.id: one.code or one.name for one in self.ranked}
        return ", ".join(names.get(id_, id_) for id_ in ids)

    @property
    def lacking_together(self) -> tuple[Lack, ...]:
        """What criteria lack; those that lack the same for the same reasons are one row."""
        groups: dict[tuple[float | None, tuple[str, ...]], list[Lack]] = {}
        for one in self.lacking:
            groups.setdefault((one.least, one.reasons), []).append(one)
        return tuple(
            Lack(
                ", ".join(one.criterion for one in same),
                same[0].title if len(same) == 1 else "",
                least,
                reasons,
            )
            for (least, reasons), same in groups.items()
        )


def table(answer: Answer, name: str) -> list[dict[str, Any]]:
    """Return the rows of a frame, what is missing as None; none where the frame is not there."""
    frame = answer.frames.get(name)
    if frame is None:
        return []
    names = [str(column) for column in frame.columns if column != frame.geometry.name]
    columns = [rows.plain(frame[column]) for column in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def read(answer: Answer, lang: str) -> Priorities:
    """Return what an answer proposes, its words in one language."""
    return Priorities(
        ranked=tuple(
            Ranked(
                r["id"], int(r["rank"]), r["state"] == "chosen", r["name"] or r["id"],
                float(r["cost_million"]), r["fund_id"], r["indicator"],
                None if r["households"] is None else int(r["households"]),
                _ids(r["criteria"]), _lines(r[f"reasons_{lang}"]),
            )
            for r in table(answer, "priorities")
        ),
        choices={
            r["id"]: Choice(
                r["id"], r["budget_million"], r["cost_million"], int(r["criteria"]),
                int(r["households"]), _ids(r["works"]), _ids(r["added"]), _ids(r["dropped"]),
                r["proven"] == "yes", r["official"] == "yes",
            )
            for r in table(answer, "priority_choices")
        },
        frontier=_steps(answer, "priority_frontier"),
        free=_steps(answer, "priority_frontier_free"),
        bounds=tuple(
            Bound(
                r["kind"], r["code"], r[f"name_{lang}"] or "", r["left_million"],
                r["spent_million"], _ids(r["works"]),
            )
            for r in table(answer, "priority_limits")
        ),
        lacking=tuple(
            Lack(
                r["criterion"], r[f"title_{lang}"], r["least_million"],
                _lines(r[f"reasons_{lang}"]),
            )
            for r in table(answer, "priority_missing")
        ),
    )  # fmt: skip


def _steps(answer: Answer, name: str) -> tuple[Step, ...]:
    return tuple(
        Step(int(r["criteria"]), r["budget_million"], _ids(r["works"]), r["proven"] == "yes")
        for r in table(answer, name)
    )


def _lines(joined: object) -> tuple[str, ...]:
    return tuple(str(joined).splitlines()) if joined else ()


def _ids(joined: object) -> tuple[str, ...]:
    return tuple(str(joined).split(", ")) if joined else ()


def places(layers: Layers) -> dict[str, tuple[str, str]]:
    """Return the layer and feature that proposed works stand on, by id of the work.

    Where only the layer is said, the feature is blank.
    """
    layer = layers.by_name.get(CANDIDATES)
    if layer is None:
        return {}
    frame = layer.used
    found = zip(
        layer.places.ids, rows.plain(frame["layer"]), rows.plain(frame["feature_id"]), strict=True
    )
    return {key: (str(of), str(feature or "")) for key, of, feature in found if of}


def fund_names(answer: Answer) -> dict[str, str]:
    """Return what funds are called, by id."""
    return {r["id"]: r["name"] or r["id"] for r in table(answer, "funds_tree")}


def as_day(value: object) -> dt.date | None:
    """Return a day of a frame; None where it is none."""
    return value if isinstance(value, dt.date) else None
