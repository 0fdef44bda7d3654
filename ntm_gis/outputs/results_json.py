"""results.json: every measure, finding and input, for other programs. The contract has its shape.

One line an entry, so that two results can be compared line by line; numbers have 9 significant
digits, bounds are rounded outward (after any verdict, which stands on the whole numbers).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_gis import __version__, numbers
from ntm_gis.layers.values import Account, Answer, Layers
from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.gates import id_for_json, text_for_json
from ntm_gis.outputs.numbering import numbered
from ntm_gis.results import Contribution, Finding, Measure, Words
from ntm_gis.rules.commune import Commune
from ntm_gis.rules.criteria import criteria_set, sets

if TYPE_CHECKING:
    from ntm_gis.outputs.report.telling import Previous

FILE_NAME = "results.json"
DIGITS = 9
MOST_FEATURES = 1000


def document(
    answer: Answer,
    layers: Layers,
    commune: Commune,
    record_head: str | None = None,
    previous: Mapping[str, Previous] | None = None,
) -> dict[str, Any]:
    """Return results.json as plain values.

    Parameters
    ----------
    answer : Answer
        Measures and all findings.
    layers : Layers
        For the accounts of rows.
    commune : Commune
    record_head : str, optional
        Check code of the record; None where there is none.
    previous : mapping of str to Previous, optional
        Values of the last closed period by id of measure.

    Raises
    ------
    NotComputable
        A measure holds a number that is not finite.
    """
    # It rounds as this module does.
    from ntm_gis.outputs import plan_changes

    head = _head(commune, record_head)
    head["made_with"]["plan_rules"] = plan_changes.rules(answer)
    return {
        **head,
        "inputs": input_entries(layers.accounts),
        "measures": [
            {**measure_entry(m), "previous": _previous(m, previous or {})}
            for m in sorted(answer.measures, key=lambda m: m.id)
        ],
        "findings": [finding_entry(f) for _, f in numbered(answer.findings)],
        "plan_review": plan_changes.entries(answer),
    }


def _previous(measure: Measure, previous: Mapping[str, Previous]) -> dict[str, Any] | None:
    """Return what a measure was in the last closed period; None where none is closed."""
    found = previous.get(measure.id)
    return None if found is None else {"period": found.period, "value": rounded(found.value)}


def checked(layers: Layers, commune: Commune) -> dict[str, Any]:
    """Return what `check --json` prints: inputs and findings, no measures."""
    return {
        **_head(commune),
        "inputs": input_entries(layers.accounts),
        "findings": [finding_entry(f) for _, f in numbered(layers.findings)],
    }


def written(document: Mapping[str, Any]) -> bytes:
    r"""Return a document as canonical UTF-8: one line an entry, a line break at the end.

    Examples
    --------
    >>> written({"as_of": "2025-12-31", "inputs": [{"rows_in": 1}, {"rows_in": 2}]}).decode()
    '{"as_of": "2025-12-31",\n"inputs": [\n{"rows_in": 1},\n{"rows_in": 2}\n]}\n'
    """
    parts = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            entries = ",\n".join(_dumped(entry) for entry in value)
            parts.append(f"{_dumped(key)}: [\n{entries}\n]")
        else:
            parts.append(f"{_dumped(key)}: {_dumped(value)}")
    return ("{" + ",\n".join(parts) + "}\n").encode("utf-8")


def write(
    answer: Answer,
    layers: Layers,
    commune: Commune,
    out: Path,
    record_head: str | None = None,
    previous: Mapping[str, Previous] | None = None,
) -> Path:
    """Write `results.json` into the folder `out`."""
    found = document(answer, layers, commune, record_head, previous)
    return atomic_write(out / FILE_NAME, written(found))


def made_with(commune: Commune) -> dict[str, str | None]:
    """Return the versions of all that figures depend on."""
    import pyogrio
    import pyproj
    import shapely

    return {
        "ntm_gis": __version__,
        "gdal": pyogrio.__gdal_version_string__,
        "geos": shapely.geos_version_string,
        "proj": pyproj.proj_version_str,
        "criteria_set": _set_label(commune.commune.criteria_set),
    }


def _set_label(name: str | None) -> str | None:
    """Return the criteria set with its digest: "vn-2021-2025@sha256:…"."""
    return criteria_set(name).label if name in sets() else name


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _head(commune: Commune, record_head: str | None = None) -> dict[str, Any]:
    who = commune.commune
    return {
        "commune": {"code": _text(who.code), "name": _text(who.name)},
        "as_of": who.as_of.isoformat(),
        "record_head": _text(record_head),
        "made_with": made_with(commune),
    }


def input_entries(accounts: Iterable[Account]) -> list[dict[str, Any]]:
    """Return how the rows of each input were used, in the order of files."""
    ordered = sorted(accounts, key=lambda a: (a.file, a.table or "", a.layer))
    return [
        {
            "file": _text(account.file),
            "table": _text(account.table),
            "sha256": account.sha256,
            "layer": account.layer,
            "rows_in": account.rows_in,
            "used": account.used,
            "set_aside": account.set_aside,
            "refused": account.refused,
        }
        for account in ordered
    ]


def measure_entry(measure: Measure) -> dict[str, Any]:
    """Return a measure as the contract has it."""
    low, high = rounded_bounds(measure)
    return {
        "id": id_for_json(measure.id),
        "subject": _text(measure.subject),
        "title": _words(measure.title),
        "value": rounded(measure.value),
        "low": low,
        "high": high,
        "report_value": low if measure.more_is_better else high,
        "unit": measure.unit,
        "numerator": rounded(measure.numerator),
        "denominator": rounded(measure.denominator),
        "method": measure.method,
        **_judged(measure),
        "evidence": _evidence(measure),
        "notes": [{"code": n.code, "text": _words(n.text)} for n in measure.notes],
    }


def _judged(measure: Measure) -> dict[str, Any]:
    """Return the verdict: on indicators and criteria alone; a plain figure claims nothing."""
    judged = measure.judged
    if judged is None:
        return {"verdict": None, "official": False, "threshold": None}
    limit = judged.threshold
    threshold: dict[str, Any] | None = None
    if limit is not None:
        ways = {"at_least": limit.at_least, "at_most": limit.at_most, "equals": limit.equals}
        threshold = {way: rounded(number) for way, number in ways.items() if number is not None}
        threshold = {**threshold, "citation": _plain(limit.citation), "status": limit.status}
    return {"verdict": judged.verdict.value, "official": judged.official, "threshold": threshold}


def _evidence(measure: Measure) -> dict[str, Any]:
    features = sorted(measure.evidence.features, key=lambda c: (c.layer, c.id))
    shown: dict[str, Any] = {
        "method": _plain(measure.evidence.method.vi),
        "features": [_contribution(c) for c in features[:MOST_FEATURES]],
        "inputs": sorted({_plain(name) for name in measure.evidence.inputs}),
    }
    if len(features) > MOST_FEATURES:
        shown["more"] = len(features) - MOST_FEATURES
    return shown


def _contribution(part: Contribution) -> dict[str, Any]:
    return {
        "layer": part.layer,
        "id": _plain(part.id),
        "amount": rounded(part.amount),
        "unknown": part.unknown,
    }


def finding_entry(finding: Finding) -> dict[str, Any]:
    """Return a finding as the contract has it."""
    return {
        "code": finding.code,
        "key": finding.key,
        "severity": str(finding.severity),
        "file": _text(finding.file),
        "layer": finding.layer,
        "feature": _text(finding.feature),
        "row": finding.row,
        "field": _text(finding.field),
        "value": _text(finding.value),
        "message": _words(finding.message),
        "repair": None if finding.repair is None else _words(finding.repair),
        "affects": sorted({id_for_json(name) for name in finding.affects}),
        "at": None if finding.at is None else _place(finding.at),
    }


def _place(at: Sequence[float]) -> list[float]:
    """Round to 7 digits of a degree: a centimetre."""
    return [round(float(number), 7) + 0.0 for number in at]


def rounded(number: float | None) -> float | None:
    """Return a number with 9 significant digits.

    Examples
    --------
    >>> rounded(16883.1234567), rounded(None)
    (16883.1235, None)
    """
    return None if number is None else numbers.significant(float(number), DIGITS) + 0.0


def rounded_bounds(measure: Measure) -> tuple[float | None, float | None]:
    """Return the bounds with 9 significant digits, the lower down, the upper up.

    Where nothing is unknown both are the value: rounding must not make a range of a number.
    """
    if measure.low is not None and measure.low == measure.high:
        return rounded(measure.low), rounded(measure.high)
    return numbers.round_outward(measure.low, measure.high, DIGITS)


def _words(words: Words) -> dict[str, str]:
    return {"vi": _plain(words.vi), "en": _plain(words.en)}


def _plain(text: str) -> str:
    return text_for_json(str(text))


def _text(text: str | None) -> str | None:
    return None if text is None else _plain(text)
