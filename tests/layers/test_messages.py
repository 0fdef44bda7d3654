"""Every code that checks use has its words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

import ntm_gis.layers
from ntm_gis.layers import geometry
from ntm_gis.numbers.dates import DateProblem
from ntm_gis.numbers.places import PlaceProblem
from ntm_gis.results import words
from ntm_gis.rules.schema import Geometry, layer_names, schema

SOURCES = sorted(Path(ntm_gis.layers.__file__).parent.glob("*.py"))
HINTS = ("HINT_", "KIND_", "FAULT_", "OUTSIDE_", "PLACE_", "SIZE_", "WITHOUT_")
# Constants and parts of names, not codes.
OTHER = {"FORMER_COMMUNE", "PREDECESSOR"}


def _used() -> set[str]:
    found: set[str] = set()
    for path in SOURCES:
        lines = path.read_text(encoding="utf-8").splitlines()
        code = "\n".join(line for line in lines if ">>>" not in line)
        found |= set(re.findall(r'"([A-Z]+_[A-Z_]+)"', code))
    for name in layer_names():
        for field in schema(name).fields:
            found |= {field.decisive, field.alike, *field.notable.values()} - {None}
    return {code for code in found if not code.endswith("_")} - OTHER


@pytest.mark.parametrize("code", sorted(_used()))
def test_a_code_has_words_and_findings_a_severity(code):
    message = words.messages()[code]
    is_part = code.startswith(HINTS) and code not in ("OUTSIDE_BOUNDARY", "PLACE_NOT_FOUND",
                                                      "PLACE_OTHER_ZONE")  # fmt: skip
    if is_part or code in ("ROWS_LOST", "CRS_NOT_ZONE"):
        assert message.severity is None
    else:
        assert message.severity in ("stop", "block", "warning", "note")


def test_codes_made_of_parts_have_words():
    made = {f"HINT_DATE_{problem.upper()}" for problem in get_args(DateProblem)} - {
        "HINT_DATE_BLANK"
    }
    made |= {f"PLACE_{problem.upper()}" for problem in get_args(PlaceProblem)} - {"PLACE_BLANK"}
    made |= {f"KIND_{kind.upper()}" for kind in get_args(Geometry)} - {"KIND_ANY", "KIND_RASTER"}
    made |= {"KIND_MIXED", "KIND_POINTS", *geometry._REASONS.values()}
    assert made <= set(words.messages())


def test_hints_begin_with_the_space_that_sets_them_off():
    plain = {"HINT_WHOLE_ROW", "HINT_SHAPE", "HINT_TIMES"}
    for code, message in words.messages().items():
        if code.startswith("HINT_") and code not in plain and message.text.vi:
            assert message.text.vi.startswith(" ")
            assert message.text.en.startswith(" ")
