"""A commune of two former communes with plans, for tests of the plan review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import build as b
import geopandas as gpd
import mergers as m
import pandas as pd

from ntm_gis.analyses.planreview import analysis as planreview
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import NOTHING, Decisions
from ntm_gis.layers.values import Answer, Layers

Row = dict[str, Any]

SIDE = 1000.0
GROUND = b.box(0, 0, 2 * SIDE, SIDE)
WEST, EAST = b.box(0, 0, SIDE, SIDE), b.box(SIDE, 0, 2 * SIDE, SIDE)


def plan(key: str, former: str | None = "F1", **fields: Any) -> Row:
    """A land-use plan in force, with all that the register asks."""
    shape = {"F1": WEST, "F2": EAST}.get(former or "", GROUND)
    row = {
        "plan_id": key, "kind": "land_use", "former_commune": former,
        "decision_no": f"{key}/QĐ-UBND", "approved_on": dt.date(2021, 6, 1),
        "valid_to": dt.date(2030, 12, 31), "code_list": "tt23-2025", "geometry": shape,
    }  # fmt: skip
    return row | fields


def zone(key: str, plan_id: str | None, use: str | None, shape: Any, **fields: Any) -> Row:
    return {"zone_id": key, "plan_id": plan_id, "land_use": use, "geometry": shape} | fields


def formers() -> list[Row]:
    return [
        {"unit_code": code, "name": name, "geometry": shape}
        for code, name, shape in (("03601", "Mường Khoa", WEST), ("03602", "Phúc Khoa", EAST))
    ]


def given(**rows: Any) -> Layers:
    """Layers of the merged commune; two plans side by side where none are told."""
    rows.setdefault("boundary", b.ground(GROUND))
    rows.setdefault("former_communes", formers())
    rows.setdefault("plans", [plan("P1"), plan("P2", "F2")])
    return b.layers(rows.pop("commune", None) or m.commune(), rows.pop("elevation", None), **rows)


def asked(
    decisions: Decisions = NOTHING, rules_as_of: dt.date | None = None, **rows: Any
) -> Answer:
    layers = rows.pop("layers", None) or given(**rows)
    answer = planreview.answer(Question(layers, decisions, rules_as_of=rules_as_of))
    b.check_evidence(answer)
    check_frame(answer)
    return answer


def check_frame(answer: Answer) -> None:
    """What holds for every review: a pin once, in frame and findings alike, with its words."""
    frame = answer.frames["plan_findings"]
    pins = frame["id"].tolist()
    assert len(pins) == len(set(pins))
    assert len(frame["subject"]) == frame["subject"].nunique(), frame["subject"].tolist()
    told = [f.message.vi.partition(":")[0] for f in answer.findings]
    assert told == pins
    for finding in answer.findings:
        assert "{" not in finding.message.vi
        assert "{" not in finding.message.en
    assert frame.crs == b.CRS


def rows(answer: Answer, rule: str) -> pd.DataFrame:
    frame: gpd.GeoDataFrame = answer.frames["plan_findings"]
    return frame[frame["rule"] == rule]


def m2(answer: Answer, rule: str) -> list[float]:
    """Grid areas of what a rule found, in square metres, least first."""
    return sorted(10_000 * ha for ha in rows(answer, rule)["grid_ha"])


def subjects(answer: Answer, rule: str) -> list[str]:
    return [s.partition(":")[2] for s in rows(answer, rule)["subject"]]


def verdicts(answer: Answer, rule: str) -> list[str]:
    return rows(answer, rule)["verdict"].tolist()


def words(answer: Answer, rule: str) -> list[str]:
    return [f.message.vi for f in answer.findings if f.message.vi.startswith(f"{rule}-")]


def squares(n: int, plan_id: str, use: str | Sequence[str] = "LUC", *, x: float = 0.0) -> list[Row]:
    """n × n zones of 1000/n metres, which fill a square of a kilometre."""
    side = SIDE / n
    uses = [use] if isinstance(use, str) else list(use)
    return [
        zone(
            f"{plan_id}-{r * n + c:03}", plan_id, uses[(r * n + c) % len(uses)],
            b.box(x + c * side, r * side, x + (c + 1) * side, (r + 1) * side),
        )
        for r in range(n)
        for c in range(n)
    ]  # fmt: skip
