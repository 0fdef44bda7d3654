"""A commune of two former communes with plans by hand: known areas, hostile texts, decisions."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from types import MappingProxyType, ModuleType

from ntm_gis.analyses import plan_tables
from ntm_gis.analyses.planreview import analysis as planreview
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Decision, Decisions
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Finding


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_small = _beside("conftest")
CRS, HOSTILE, X0, Y0 = _small.CRS, _small.HOSTILE, _small.X0, _small.Y0
box, commune, layer, line = _small.box, _small.commune, _small.layer, _small.line

BOOK = "sources/Quy hoạch.xlsx"
EVIL = f"HM {HOSTILE[2]}"


def layers(**more: list[dict[str, object]]) -> Layers:
    """West of 1,000 m plan P1, east P2, which reaches 50 m over the seam; P3 without anything."""
    plans = [
        {"plan_id": "P1", "kind": "land_use", "former_commune": "F1", "decision_no": "1/QĐ-UBND",
         "approved_on": dt.date(2021, 6, 1), "valid_to": dt.date(2030, 12, 31),
         "scale": "1:10000", "code_list": "tt27-2018", "area_ha": 100.0, "population": 100,
         "geometry": box(0, 0, 1000, 1000)},
        {"plan_id": "P2", "kind": "land_use", "former_commune": "F2", "decision_no": HOSTILE[1],
         "approved_on": dt.date(2020, 6, 1), "valid_to": dt.date(2030, 12, 31),
         "geometry": box(950, 0, 1050, 1000)},
        {"plan_id": "P3", "kind": "detailed_centre", "former_commune": "F1"},
    ]  # fmt: skip
    zones = [
        {"zone_id": "Z1", "plan_id": "P1", "land_use": "LUC", "period": "existing",
         "geometry": box(0, 0, 1000, 500)},
        {"zone_id": "Z2", "plan_id": "P1", "land_use": "CLN", "period": "existing",
         "geometry": box(0, 500, 1000, 500)},
        {"zone_id": "Z3", "plan_id": "P1", "land_use": "ONT", "period": "planned",
         "geometry": box(0, 0, 1000, 250), "name": HOSTILE[2]},
        {"zone_id": "Z4", "plan_id": "P1", "land_use": "LUC", "period": "planned",
         "geometry": box(0, 250, 1000, 750)},
        {"zone_id": "Z5", "plan_id": "P2", "land_use": "CLN", "period": "planned",
         "geometry": box(950, 0, 1050, 1000)},
    ]  # fmt: skip
    items = [
        {"item_id": "HM01", "plan_id": "P1", "kind": "DGT", "name": "Đường Hô Tra",
         "planned_year": 2018, "built": "no", "geometry": line((0, 0), (800, 100))},
        {"item_id": EVIL, "plan_id": "P1", "kind": "DVH", "name": HOSTILE[0],
         "planned_year": 2019, "built": "no"},
    ]  # fmt: skip
    documents = [
        {"plan_id": "P1", "kind": "Quyết định phê duyệt", "present": True},
        {"plan_id": "P1", "kind": "Thuyết minh", "present": True},
    ]
    given = {
        "boundary": [{"unit_code": "03601", "name": "Mường Khoa",
                      "geometry": box(0, 0, 2000, 1000)}],
        "former_communes": [
            {"unit_code": "03601", "name": "Mường Khoa", "geometry": box(0, 0, 1000, 1000)},
            {"unit_code": "03602", "name": HOSTILE[3], "geometry": box(1000, 0, 1000, 1000)},
        ],
        "plans": plans, "plan_zones": zones, "plan_items": items, "plan_documents": documents,
        **more,
    }  # fmt: skip
    found = {name: layer(name, BOOK, rows, name) for name, rows in given.items()}
    found |= {
        name: layer(name, BOOK, [])
        for name in ("neighbours", "roads", "hazards", "forest", "water", "irrigation", "villages",
                     "facilities", "schools", "environment", "buildings", "crossings", "tea_areas")
        if name not in found
    }  # fmt: skip
    accounts = tuple(account for x in found.values() for account in x.accounts)
    return Layers(commune(), MappingProxyType(found), accounts=accounts)


def decision(subject: str, choice: str = "keep", why: str = "Đã thống nhất", **more) -> Decision:
    return Decision("", subject, choice, dt.date(2025, 12, 1), "Lò Văn Páo", why, **more)


DRAWING = Finding.of("FORMAT_DWG", file="sources/bản vẽ.dwg")


def answer(found: Layers, *decided: Decision, findings: tuple[Finding, ...] = ()) -> Answer:
    """Ask the review and its annexes."""
    question = Question(found, Decisions(decided=decided))
    asked = planreview.answer(question) + plan_tables.answer(question)
    return asked + Answer(findings=findings)
