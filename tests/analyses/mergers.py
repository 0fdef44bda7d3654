"""Communes with former communes, and figures of these, for tests of the merger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import build as b

from ntm_gis.analyses.merger import analysis as merger
from ntm_gis.layers.values import Answer
from ntm_gis.results import Measure
from ntm_gis.rules.commune import Commune, Predecessor
from ntm_gis.rules.units import Row as UnitRow
from ntm_gis.rules.units import Units

FORMERS = (
    Predecessor(id="F1", code="03601", name="Mường Khoa (cũ)", valid_to=dt.date(2025, 6, 30)),
    Predecessor(id="F2", code="03602", name="Phúc Khoa", valid_to=dt.date(2025, 6, 30)),
)
LAST = dt.date(2025, 5, 31)


def commune(*formers: Predecessor, **changes: Any) -> Commune:
    made = b.commune(valid_from=dt.date(2025, 7, 1), criteria_set="vn-2021-2025", **changes)
    return made.model_copy(update={"predecessors": formers or FORMERS})


def figure(indicator: str, unit: str | None, **fields: Any) -> dict[str, Any]:
    return {"indicator": indicator, "unit_code": unit, "as_of": LAST, **fields}


def asked(*rows: dict[str, Any], villages: Sequence[dict[str, Any]] = (), **made: Any) -> Answer:
    given_rows: dict[str, Any] = {"figures": list(rows)}
    if villages:
        given_rows["villages"] = list(villages)
    answer = b.ask(merger, made.pop("commune", None) or commune(), **given_rows, **made)
    b.check_evidence(answer)
    return answer


def numbers(answer: Answer, name: str) -> tuple[float | None, float | None, float | None]:
    measure = b.by_id(answer)[name]
    return measure.value, measure.low, measure.high


def notes(measure: Measure) -> list[str]:
    return [note.code for note in measure.notes]


def village(key: str, former: str | None, **fields: Any) -> dict[str, Any]:
    return {"village_id": key, "name": f"Bản {key}", "former_commune": former, **fields}


def split(share: float | None, code: str = "00002") -> Units:
    """A table in which a part of 03602 came to 03601, the rest to another commune."""
    row = {
        "old_kind": "commune", "new_kind": "commune", "valid_from": "2025-07-01",
        "decided_on": "2025-06-16", "document": "1/NQ", "place": "1.1", "status": "cited",
        "source": "X",
    }  # fmt: skip
    rest = None if share is None else 1 - share
    return Units(
        (
            UnitRow(old_code="03601", old_name="Mường Khoa", new_code="03601",
                    new_name="Mường Khoa", extent="whole", share=1, **row),
            UnitRow(old_code="03602", old_name="Phúc Khoa", new_code="03601",
                    new_name="Mường Khoa", extent="part", share=share, **row),
            UnitRow(old_code="03602", old_name="Phúc Khoa", new_code=code, new_name="Khác",
                    extent="part", share=rest, **row),
        )
    )  # fmt: skip
