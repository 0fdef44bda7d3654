"""How hard properties are tried: quickly at every run, deeply where NTM_GIS_DEEP is set.

A test that takes long says with what part of the examples it makes do
(`settings(max_examples=settings.default.max_examples // 3)`), so that it grows with the others.
"""

from __future__ import annotations

import os

import pandas as pd
import pytest
from hypothesis import settings

from ntm_gis import pipeline, shipped
from ntm_gis.results import village_word

settings.register_profile("ci", max_examples=60, deadline=None)
settings.register_profile("deep", max_examples=2000, deadline=None)
settings.load_profile("deep" if os.environ.get("NTM_GIS_DEEP") else "ci")

# pandas keeps text otherwise where pyarrow stands (an extra, for GeoParquet): tests run as offices do.
pd.options.mode.string_storage = "python"


@pytest.fixture(scope="session")
def sample_review() -> pipeline.Review:
    """The sample commune, checked and asked everything: once for all tests, which only read it."""
    return pipeline.review(shipped.path("data", "sample"))


@pytest.fixture(autouse=True)
def _words_as_shipped():
    """A commune that calls its villages otherwise leaves its word to no other test."""
    yield
    village_word.use(None)
