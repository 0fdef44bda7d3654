"""The sample commune, reviewed once; and with a threshold that its office has confirmed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest

from ntm_gis import analyses, pipeline, shipped
from ntm_gis.analyses.criteria.confirm import Proof, confirmation
from ntm_gis.layers.decisions import NOTHING
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs.scorecard import page
from ntm_gis.rules.criteria import criteria_set

MAPS = ("overview", "roads", "villages", "schools", "irrigation", "environment")
HOSTILE = (
    "<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "{{ 7*7 }}",
    "\u202eartH\u202c",
)  # fmt: skip


@pytest.fixture(scope="session")
def maps_made() -> tuple[str, ...]:
    return MAPS


@pytest.fixture(scope="session")
def evil() -> tuple[str, ...]:
    return HOSTILE


@pytest.fixture(scope="session")
def layers() -> Layers:
    return pipeline.check(shipped.path("data", "sample"))[1]


@pytest.fixture(scope="session")
def answer(layers) -> Answer:
    return analyses.answer(layers)


@pytest.fixture(scope="session")
def html(answer, layers) -> str:
    return page.render(answer, layers, "vi", maps_made=MAPS, record_head="7K3M-Q9TD")


@pytest.fixture(scope="session")
def confirmed(layers) -> Answer:
    """Indicator 2.2 has a limit of 45 %, read by the office in its own copy of the text."""
    proof = Proof("1487/QĐ-UBND", "12", "Lò Văn A", dt.date(2025, 12, 1))
    made = confirmation(criteria_set("vn-2021-2025"), "2.2", "45", proof)
    return analyses.answer(layers, replace(NOTHING, decided=(made,)))


@pytest.fixture(scope="session")
def hostile(layers) -> Layers:
    """The same rows, with names and documents that would be markup."""

    def with_(name: str, column: str) -> dict:
        layer = layers[name]
        frame = layer.frame.copy()
        frame[column] = [HOSTILE[k % len(HOSTILE)] for k in range(len(frame))]
        return {name: replace(layer, frame=frame)}

    changed = with_("roads", "name") | with_("figures", "document") | with_("villages", "name")
    return replace(layers, by_name=MappingProxyType({**layers.by_name, **changed}))
