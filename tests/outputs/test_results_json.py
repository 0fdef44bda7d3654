"""results.json against the contract, read as another program would."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import pytest

from ntm_gis.outputs import results_json
from ntm_gis.results import Contribution, Evidence, Measure, Words

TEXT, NUMBER, WHOLE, TRUTH, NOTHING = str, float, int, bool, type(None)
PAIR = {"vi": TEXT, "en": TEXT}
SHAPE = {
    "commune": {"code": TEXT, "name": TEXT},
    "as_of": TEXT,
    "record_head": (TEXT, NOTHING),
    "made_with": {
        "ntm_gis": TEXT, "gdal": TEXT, "geos": TEXT, "proj": TEXT, "criteria_set": (TEXT, NOTHING),
        "plan_rules": (TEXT, NOTHING),
    },
    "inputs": [{
        "file": TEXT, "table": (TEXT, NOTHING), "sha256": (TEXT, NOTHING), "layer": TEXT,
        "rows_in": WHOLE, "used": WHOLE, "set_aside": WHOLE, "refused": WHOLE,
    }],
    "measures": [{
        "id": TEXT, "subject": (TEXT, NOTHING), "title": PAIR, "value": (NUMBER, NOTHING),
        "low": (NUMBER, NOTHING), "high": (NUMBER, NOTHING), "report_value": (NUMBER, NOTHING),
        "unit": TEXT, "numerator": (NUMBER, NOTHING), "denominator": (NUMBER, NOTHING),
        "method": TEXT, "verdict": (TEXT, NOTHING), "official": TRUTH, "threshold": (dict, NOTHING),
        "evidence": {
            "method": TEXT, "inputs": [TEXT],
            "features": [{"layer": TEXT, "id": TEXT, "amount": NUMBER, "unknown": TRUTH}],
        },
        "notes": [{"code": TEXT, "text": PAIR}],
        "previous": ({"period": TEXT, "value": NUMBER}, NOTHING),
    }],
    "findings": [{
        "code": TEXT, "key": TEXT, "severity": TEXT, "file": (TEXT, NOTHING), "layer": (TEXT, NOTHING),
        "feature": (TEXT, NOTHING), "row": (WHOLE, NOTHING), "field": (TEXT, NOTHING),
        "value": (TEXT, NOTHING), "message": PAIR, "repair": (PAIR, NOTHING),
        "affects": [TEXT], "at": ([NUMBER], NOTHING),
    }],
    "plan_review": [{
        "pin": TEXT, "rule": TEXT, "subject": TEXT, "plans": TEXT, "severity": TEXT,
        "verdict": TEXT, "state": TEXT, "use": (TEXT, NOTHING), "other_use": (TEXT, NOTHING),
        "unit": TEXT, "grid_ha": (NUMBER, NOTHING), "ground_ha": (NUMBER, NOTHING),
        "measured": (NUMBER, NOTHING), "required": (NUMBER, NOTHING),
        "decision": (TEXT, NOTHING),
    }],
}  # fmt: skip


def differences(shape, value, place="results"):
    """Say where a value is not of the shape of the contract."""
    if isinstance(shape, tuple):
        found = [list(differences(one, value, place)) for one in shape]
        return [] if any(not f for f in found) else min(found, key=len)
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{place}: no object"]
        extra = set(value) - set(shape) - {"more"}
        out = [f"{place}: {sorted(extra)} not in the contract"] if extra else []
        for key, inner in shape.items():
            out += (
                [f"{place}.{key} missing"]
                if key not in value
                else differences(inner, value[key], f"{place}.{key}")
            )
        return out
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{place}: no list"]
        return [
            d for i, item in enumerate(value) for d in differences(shape[0], item, f"{place}[{i}]")
        ]
    if shape is NUMBER:
        return (
            []
            if isinstance(value, float) and math.isfinite(value)
            else [f"{place}: {value!r} is no number"]
        )
    return [] if type(value) is shape else [f"{place}: {value!r}"]


@pytest.fixture
def read(answer, layers):
    content = results_json.written(results_json.document(answer, layers, layers.commune))
    assert content.endswith(b"}\n")
    assert b"\r" not in content
    return json.loads(content.decode("utf-8"))


def test_it_has_the_shape_of_the_contract(read):
    assert differences(SHAPE, read) == []


def test_the_check_of_the_shape_can_fail(read):
    read["measures"][0]["low"] = "12"
    del read["findings"][0]["at"]
    assert len(differences(SHAPE, read)) == 2


def test_bounds_are_rounded_outward_and_hold_the_value(read, answer):
    by_id = {m.id: m for m in answer.measures}
    for entry in read["measures"]:
        exact = by_id[entry["id"]]
        for name in ("value", "low", "high", "numerator", "denominator"):
            number = entry[name]
            assert number is None or float(f"{number:.9g}") == number
        if exact.low is not None and exact.low == exact.high:
            assert entry["low"] == entry["high"] == entry["value"]
            continue
        if exact.low is not None:
            assert entry["low"] <= exact.low <= entry["low"] * (1 + 1e-8)
        if exact.high is not None:
            assert entry["high"] * (1 - 1e-8) <= exact.high <= entry["high"]
    area = next(m for m in read["measures"] if m["id"] == "commune.area_ha")
    assert (area["low"], area["value"], area["high"]) == (16883.1235, 16883.1235, 16883.1235)


def test_what_is_confirmed_is_the_careful_end(answer, layers):
    measure = next(m for m in answer.measures if m.id == "roads.hardened_share.village")
    assert results_json.measure_entry(measure)["report_value"] == 20.0
    less = replace(measure, more_is_better=False)
    assert results_json.measure_entry(less)["report_value"] == 35.0


def test_amounts_add_up_to_the_numerator(read):
    for entry in read["measures"]:
        if entry["numerator"] is not None:
            total = math.fsum(f["amount"] for f in entry["evidence"]["features"])
            assert total == pytest.approx(entry["numerator"], rel=1e-8)


def test_measures_inputs_and_findings_stand_in_order(read):
    assert [m["id"] for m in read["measures"]] == sorted(m["id"] for m in read["measures"])
    assert [i["file"] for i in read["inputs"]] == sorted(i["file"] for i in read["inputs"])
    severities = ["stop", "block", "warning", "note"]
    ranks = [severities.index(f["severity"]) for f in read["findings"]]
    assert ranks == sorted(ranks)
    for entry in read["inputs"]:
        assert entry["rows_in"] == entry["used"] + entry["set_aside"] + entry["refused"]


def test_ids_have_the_signs_of_the_contract(read):
    for entry in read["measures"]:
        assert re.fullmatch(r"[a-z0-9_]+(\.([A-Za-z0-9_-]|%[0-9A-F]{2})+)*", entry["id"])


def test_at_most_a_thousand_features_and_the_rest_counted():
    parts = tuple(Contribution("tea_areas", f"C{i}", 1.0) for i in range(1250))
    proof = Evidence(Words("đo", "measured"), parts)
    entry = results_json.measure_entry(
        Measure("tea.area_ha", Words("Chè", "Tea"), "ha", 1250.0, 1250.0, 1250.0, proof)
    )
    assert len(entry["evidence"]["features"]) == 1000
    assert entry["evidence"]["more"] == 250


def test_texts_that_utf8_cannot_hold_do_not_break_it(answer, layers):
    broken = replace(answer.findings[0], value="half \ud800 of a letter")
    document = results_json.document(replace(answer, findings=(broken,)), layers, layers.commune)
    assert "half" in json.loads(results_json.written(document))["findings"][0]["value"]


def test_checking_alone_gives_inputs_and_findings(layers):
    document = results_json.checked(layers, layers.commune)
    assert "measures" not in document
    assert len(document["inputs"]) == 6


def test_same_bytes_twice(answer, layers, tmp_path):
    first = results_json.write(answer, layers, layers.commune, tmp_path / "a").read_bytes()
    assert results_json.write(answer, layers, layers.commune, tmp_path / "b").read_bytes() == first
