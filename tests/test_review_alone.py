"""The command `review` asks the plan review alone: it says what it says among all analyses."""

from __future__ import annotations

import pandas as pd
import pytest

from ntm_gis import pipeline, shipped
from ntm_gis.outputs import plan_status
from ntm_gis.rules.schema import layer_names

FOLDER = shipped.path("data", "sample")


@pytest.fixture(scope="module")
def both():
    whole = pipeline.review(FOLDER)
    return whole, pipeline.review(FOLDER, only=pipeline.PLANS, layers=pipeline.PLAN_LAYERS)


def test_plan_layers_are_layers():
    assert set(layer_names()) >= pipeline.PLAN_LAYERS


def test_pins_and_findings_are_those_of_the_whole_run(both):
    whole, alone = both
    frames = [review.answer.frames["plan_findings"] for review in both]
    assert len(frames[0]) > 40
    pd.testing.assert_frame_equal(*(pd.DataFrame(f.drop(columns="geometry")) for f in frames))
    assert frames[0].geometry.geom_equals_exact(frames[1].geometry, 0.0).sum() == sum(
        shape is not None for shape in frames[0].geometry
    )
    assert plan_status.findings(whole.answer) == plan_status.findings(alone.answer)


def test_figures_are_those_of_the_whole_run(both):
    whole, alone = ({m.id: m for m in review.answer.measures} for review in both)
    assert any(name.startswith("plan.") for name in alone)
    assert all(whole[name] == measure for name, measure in alone.items())


def test_layers_left_out_are_not_read(both):
    assert not both[1].layers["funds"].given
    assert both[0].layers["funds"].given
