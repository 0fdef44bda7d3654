"""Road works made by hand: one road of 7 km, one work on it, and reports in a line each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b

from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Decisions, Dispute, Survey
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Finding

ROAD = {"road_id": "D05", "road_class": "village", "surface": "earth",
        "geometry": b.line((0, 0), (0, 7000))}  # fmt: skip
WORK = {"work_id": "CT01", "road_id": "D05", "planned_length_m": 7000.0, "from_m": 0.0,
        "to_m": 7000.0, "min_width_m": 3.0, "name": "Đường Hô Tra"}  # fmt: skip


def report(
    key: str, since: float | None, until: float | None, stage: str | None = "poured",
    on: str | None = "2025-06-30", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    row = {"report_id": key, "work_id": "CT01", "from_m": since, "to_m": until, "stage": stage,
           "reported_on": on, "verified_by": "Phòng Kinh tế", "reported_by": "UBND xã",
           "width_m": 3.5}  # fmt: skip
    return {**row, **more}


def layers(*reports: dict[str, Any], **more: Any) -> Layers:
    return b.layers(
        **{"roads": [ROAD], "road_works": [WORK], "road_reports": list(reports), **more}
    )


def answered(*reports: dict[str, Any], decisions: Decisions | None = None, **more: Any) -> Answer:
    found = progress.answer(Question(layers(*reports, **more), decisions or Decisions()))
    b.check_evidence(found)
    return found


def bounds(found: Answer, what: str, work: str = "CT01") -> tuple[float | None, ...]:
    measure = b.by_id(found)[f"progress.{work}.{what}"]
    return measure.value, measure.low, measure.high


def km(found: Answer) -> tuple[float | None, ...]:
    """Reported, poured, accepted where all three are certain."""
    out = []
    for kind in ("reported", "poured", "accepted"):
        value, low, high = bounds(found, f"{kind}_km")
        assert value == low == high
        out.append(value)
    return tuple(out)


def told(found: Answer, code: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.code == code]


def dispute(since: float, until: float, **more: Any) -> Dispute:
    return Dispute("", "CT01", int(since * 100), int(until * 100), dt.date(2025, 11, 1),
                   "Trưởng bản", "Chưa thấy bê tông", **more)  # fmt: skip


def survey(key: str, *spans: tuple[int, int], on: dt.date | None = dt.date(2025, 6, 1)) -> Survey:
    return Survey("", key, "CT01", on, "cán bộ", spans)
