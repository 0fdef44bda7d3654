"""The frame of pins with words beside its codes: what map, GeoPackage and QGIS show of it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import shapely

from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.planreview.model import FRAME
from ntm_gis.outputs.planreview.reading import Reading
from ntm_gis.outputs.planreview.said import decided, laws
from ntm_gis.rules.terms import term

ADDED = ("says", "proposal", "rule_title", "law", "law_status", "weight", "decision_said")

_MOST_SHARE = 0.1
"""A finding about more of the commune than this is about a plan as a whole."""


def worded(answer: Answer, layers: Layers, lang: str) -> Answer:
    """Return the same answer; its frame of pins has columns of words, if it has the frame.

    Where there was no plan to review the frame is left out: a map of it would be empty. Its
    findings stand all the same.

    `says` the finding, `proposal`, `rule_title` and `law` of the rule, `law_status`, `weight`,
    `decision_said`: the decision taken, with who, when and why; `extent` is "part" for ground
    that can be drawn, "whole" for what is about a plan as a whole, "none" without ground.
    """
    frame = answer.frames.get(FRAME)
    if frame is None or "says" in frame:
        return answer
    if not reviewed(layers):
        others = {name: other for name, other in answer.frames.items() if name != FRAME}
        return replace(answer, frames=MappingProxyType(others))
    read = Reading(answer, layers, lang)
    rules = {rule.id: rule for rule in read.rules.rules}
    rows = []
    for pin in read.pins:
        rule = rules.get(pin.rule)
        status = "none" if rule is None or rule.status is None else rule.status
        rows.append((
            pin.says, pin.proposal, "" if rule is None else rule.title.words.of(lang),
            "" if rule is None else laws(rule, lang), term(f"law_status.{status}").of(lang),
            term(f"severity.{pin.severity}").of(lang),
            decided(pin, lang),
        ))  # fmt: skip
    told = frame.copy()
    for k, name in enumerate(ADDED):
        told[name] = pd.Series([row[k] for row in rows], told.index, dtype=object)
    told["extent"] = pd.Series(_extents(read, layers), told.index, dtype=object)
    return replace(answer, frames=MappingProxyType({**answer.frames, FRAME: told}))


def reviewed(layers: Layers) -> bool:
    """Whether there was anything to review: a plan, a zone or a planned item."""
    return any(len(layers[name].used) for name in ("plans", "plan_zones", "plan_items"))


def _extents(read: Reading, layers: Layers) -> list[str]:
    most = float("inf") if layers.boundary is None else layers.boundary.area * _MOST_SHARE
    out = []
    for pin in read.pins:
        if pin.shape is None or shapely.get_dimensions(pin.shape) < 1:
            out.append("none")
        else:
            out.append("part" if pin.shape.area <= most else "whole")
    return out
