"""The plan review read from an answer: what its frames, findings and layers hold, as values.

Nothing is worked out here but what stands beside what.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ntm_gis.layers.decisions import RULE
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import rows
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.planreview.closing import closing
from ntm_gis.outputs.planreview.model import (
    FRAME,
    Document,
    Dossier,
    Item,
    Matrix,
    Named,
    OfRule,
    Pin,
    Plan,
)
from ntm_gis.results import Finding
from ntm_gis.rules.planning import RuleSet, in_province
from ntm_gis.rules.planning_acts import with_acts

Row = Mapping[str, rows.Value]


class Reading:
    """The plan review of an answer.

    Parameters
    ----------
    answer : Answer
        Frame `plan_findings`, its findings, frames of the annexes.
    layers : Layers
    lang : str
        "vi" or "en".
    """

    def __init__(self, answer: Answer, layers: Layers, lang: str) -> None:
        self.answer, self.layers, self.lang = answer, layers, lang

    @cached_property
    def rules(self) -> RuleSet:
        """The rules in force on the day, of the commune's province, with the commune's own act."""
        who = self.layers.commune.commune
        return with_acts(in_province(who.province, who.as_of), who.code, who.as_of)

    @cached_property
    def pins(self) -> tuple[Pin, ...]:
        """All findings of the review, by rule and number."""
        frame = self.answer.frames.get(FRAME)
        if frame is None or not len(frame):
            return ()
        by_pin = sentences(self.answer)
        shapes = frame.geometry.to_numpy()
        at = shapely.point_on_surface(shapes)
        x, y = shapely.get_x(at), shapely.get_y(at)
        return tuple(
            self._pin(row, by_pin.get(str(row["id"])), shapes[k], (float(x[k]), float(y[k])))
            for k, row in enumerate(_rows(frame))
        )

    def _pin(self, row: Row, finding: Finding | None, shape: Any, at: tuple[float, float]) -> Pin:
        says = proposal = ""
        if finding is not None:
            says = finding.message.of(self.lang).partition(": ")[2]
            proposal = finding.repair.of(self.lang) if finding.repair is not None else ""
        placed = shape is not None and not shape.is_empty and np.isfinite(at).all()
        return Pin(
            id=str(row["id"]), rule=str(row["rule"]), subject=str(row["subject"]),
            plans=_text(row.get("plans")) or "", feature=_text(row.get("feature")),
            severity=str(row["severity"]), state=str(row["state"]),
            says=_upper(text_for_html(says)), proposal=text_for_html(proposal),
            ground_ha=_number(row.get("ground_ha")), grid_ha=_number(row.get("grid_ha")),
            x=at[0] if placed else None, y=at[1] if placed else None,
            shape=shape if placed else None,
            choice=_text(row.get("decision")), by=_text(row.get("decided_by")),
            on=_day(row.get("decided_on")), why=_text(row.get("why")),
            document=_text(row.get("document")),
            until=self._until(row) if row["state"] == "waived" else None,
        )  # fmt: skip

    @cached_property
    def by_rule(self) -> tuple[OfRule, ...]:
        """Rules that found something, in order, with their pins."""
        found: dict[str, list[Pin]] = {}
        for pin in self.pins:
            found.setdefault(pin.rule, []).append(pin)
        return tuple(
            OfRule(rule, tuple(found[rule.id])) for rule in self.rules.rules if rule.id in found
        )

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """The register of plans, as written."""
        return tuple(
            Plan(
                id=str(row["plan_id"]), kind=_text(row.get("kind")),
                former=_text(row.get("former_commune")),
                decision_no=_text(row.get("decision_no")), approved_on=_day(row.get("approved_on")),
                valid_to=_day(row.get("valid_to")), scale=_text(row.get("scale")),
                code_list=_text(row.get("code_list")), area_ha=_number(row.get("area_ha")),
                population=_number(row.get("population")),
                parent=_text(row.get("parent_plan_id")),
            )
            for row in _rows(self.layers["plans"].used)
        )  # fmt: skip

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Planned items."""
        out = []
        for row in _rows(self.layers["plan_items"].used):
            year = _number(row.get("planned_year"))
            item = Item(
                str(row["item_id"]), _text(row.get("plan_id")), _text(row.get("kind")),
                _text(row.get("name")), None if year is None else int(year),
                _text(row.get("built")),
            )  # fmt: skip
            said = self._decided.get(item.subject)
            if said is not None:
                item = replace(
                    item, choice=_text(said["choice"]), by=_text(said["decided_by"]),
                    on=_day(said["decided_on"]), why=_text(said["why"]),
                    document=_text(said["document"]),
                )  # fmt: skip
            out.append(item)
        return tuple(out)

    @cached_property
    def _decided(self) -> dict[str, Row]:
        """The newest decision about each thing, by what it is about."""
        frame = self.answer.frames.get("plan_decisions")
        return {} if frame is None else {str(row["subject"]): row for row in _rows(frame)}

    def _until(self, row: Row) -> dt.date | None:
        """Return the last day of a finding's waiver: of the finding, else of its rule."""
        for subject in (f"{RULE}{row['subject']}", f"{RULE}{row['rule']}"):
            if subject in self._decided:
                return _day(self._decided[subject]["until"])
        return None

    @cached_property
    def areas(self) -> tuple[Named, ...]:
        """Change of land use of each plan that says it."""
        frame = self.answer.frames.get("plan_area_matrix")
        return _matrices(frame, ("plan",), ("old_code", "new_code"))

    @cached_property
    def conflicts(self) -> tuple[Named, ...]:
        """Land use that two plans give the same ground."""
        frame = self.answer.frames.get("plan_conflict_matrix")
        return _matrices(frame, ("first", "second"), ("first_code", "second_code"))

    @cached_property
    def dossiers(self) -> tuple[Dossier, ...]:
        """What the dossier of each plan holds and lacks."""
        frame = self.answer.frames.get("plan_dossier")
        out: dict[str, list[Document]] = {}
        title = "document" if self.lang == "vi" else "document_en"
        for row in () if frame is None else _rows(frame):
            out.setdefault(str(row["plan"]), []).append(
                Document(str(row[title]), str(row["state"]))
            )
        return tuple(Dossier(plan, tuple(parts)) for plan, parts in out.items())


def sentences(answer: Answer) -> dict[str, Finding]:
    """Return the findings of the review by their pins: each sentence begins with its own."""
    return {
        finding.message.vi.partition(": ")[0]: finding
        for finding in answer.findings
        if finding.code.startswith("PLAN_")
    }


def _matrices(frame: Any, names: Sequence[str], codes: tuple[str, str]) -> tuple[Named, ...]:
    groups: dict[tuple[str, str | None], list[Row]] = {}
    for row in () if frame is None else _rows(frame):
        key = (str(row[names[0]]), str(row[names[1]]) if len(names) > 1 else None)
        groups.setdefault(key, []).append(row)
    return tuple(
        Named(first, second, None if _broken(found) else _matrix(found, codes))
        for (first, second), found in groups.items()
    )


def _broken(found: Sequence[Row]) -> bool:
    return any(row["state"] == "not_computable" for row in found)


def _matrix(found: Sequence[Row], codes: tuple[str, str]) -> Matrix:
    ground = [_number(row["ground_m2"]) or 0.0 for row in found]
    whole = dict(
        zip(((row[codes[0]], row[codes[1]]) for row in found), closing(ground), strict=True)
    )
    sides = [
        sorted({row[name] for row in found}, key=lambda code: (code is None, str(code)))
        for name in codes
    ]
    cells = tuple(tuple(whole.get((a, b), 0) for b in sides[1]) for a in sides[0])
    grid = sum(_number(row["grid_m2"]) or 0.0 for row in found)
    left, right = (tuple(_text(code) for code in side) for side in sides)
    return Matrix(left, right, cells, sum(ground), grid)


def _rows(frame: Any) -> list[dict[str, rows.Value]]:
    geometry = frame.geometry.name
    columns = {
        str(name): rows.plain(series.tolist())
        for name, series in pd.DataFrame(frame).items()
        if name != geometry
    }
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def _text(value: rows.Value) -> str | None:
    text = None if value is None else text_for_html(str(value)).strip()
    return text or None


def _number(value: rows.Value) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _day(value: rows.Value) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
