"""Villages merged, renamed and split: their lineage, and what is wrong in the table of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import build as b
import pytest

from ntm_gis.analyses.merger import villages as merger_villages
from ntm_gis.analyses.merger.villages import History

DAY = dt.date(2020, 1, 1)
LATER = dt.date(2022, 6, 1)

NAMES = {"MK01": "Phiêng Tâm", "MK04": "Hô Tra", "MK05": "Nà An", "MK21": "Nà Mới", "PK04": "Hô Ta"}
"""The villages as they are listed now."""


def change(old: str, new: str, **fields: Any) -> dict[str, Any]:
    return {
        "old_id": old, "old_name": NAMES.get(old, f"Bản {old}"), "new_id": new,
        "new_name": NAMES.get(new, f"Bản {new}"), "kind": "merge", "share": None,
        "valid_from": DAY, "document": "NQ 21", **fields,
    }  # fmt: skip


def told(*rows: dict[str, Any], names: dict[str, str] | None = None) -> History:
    listed = [
        {"village_id": key, "name": name}
        for key, name in (NAMES if names is None else names).items()
    ]
    return merger_villages.history(b.layers(village_changes=list(rows), villages=listed))


def codes(history: History) -> list[str]:
    return [finding.code for finding in history.findings]


def parts(found: Sequence[Any]) -> list[tuple[str, float | None]]:
    return [(part.unit.code, part.share) for part in found]


def test_a_merger_a_renaming_and_a_split_are_followed():
    history = told(
        change("MK01A", "MK01", share=1.0),
        change("MK01B", "MK01"),
        change("MK04", "MK04", old_name="Hô Trạ", kind="rename", valid_from=LATER),
        change("MK05", "MK05", kind="split", share=0.7),
        change("MK05", "MK21", kind="split", share=0.3),
    )
    assert not history.findings
    assert parts(history.lineage.made_of("MK01", LATER)) == [("MK01A", 1.0), ("MK01B", 1.0)]
    assert parts(history.lineage.became("MK01B", LATER)) == [("MK01", 1.0)]
    assert parts(history.lineage.became("MK05", LATER)) == [("MK05", 0.7), ("MK21", 0.3)]
    assert parts(history.lineage.made_of("MK21", LATER)) == [("MK05", 0.3)]
    assert history.lineage.unit("MK04", DAY).name == "Hô Trạ"
    assert history.lineage.unit("MK04", LATER).name == "Hô Tra"
    assert history.frames["village_changes"]["state"].tolist() == ["done"] * 5


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([change("MK05", "MK05")], ["VILLAGE_CHANGE_NOTHING"]),
        ([change("MK05", "MK05", old_name="Nà  An")], ["VILLAGE_CHANGE_NOTHING"]),
        ([change("X", "MK05", share=0.6), change("X", "MK01", share=0.6)], ["VILLAGE_CHANGE_OVER"]),
        ([change("X", "MK05", share=0.5, kind="split"), change("X", "MK01", share=0.3, kind="split")],
         ["VILLAGE_CHANGE_OPEN"]),
        ([change("MK05", "MK21", share=0.3, kind="split")], ["VILLAGE_CHANGE_OPEN"]),
        ([change("MK05", "MK01", kind="rename"), change("MK01", "MK05", kind="rename")],
         ["VILLAGE_CHANGE_ROUND"]),
        ([change("X", "MK05"), change("X", "MK05", document="NQ 22")],
         ["VILLAGE_CHANGE_TWICE"]),
        ([change("X", "MK05", kind="rename"), change("X", "MK01", kind="rename", valid_from=LATER)],
         ["VILLAGE_CHANGE_GONE"]),
        ([change("X", "MK99", kind="rename")], ["VILLAGE_CHANGE_UNKNOWN"]),
        ([change("X", "MK99", kind="transfer")], []),
        ([change("X", "MK04", kind="rename", new_name="Hô Ta")], ["VILLAGE_CHANGE_NAME"]),
        ([change("X", "MK04", kind="rename", new_name="Hồ Tra")], ["VILLAGE_CHANGE_NAME"]),
        ([change("MK21", "MK05"), change("X", "MK05")], ["VILLAGE_CHANGE_STILL_LISTED"]),
        ([change("X", "MK05")], ["VILLAGE_MERGE_ALONE"]),
        ([change("MK77", "MK05", kind="rename", valid_from=dt.date(2026, 7, 1))],
         ["VILLAGE_CHANGE_UNKNOWN"]),
        ([change("MK21", "MK05", kind="rename", valid_from=dt.date(2026, 7, 1))], []),
        ([change("X", "Y", kind="rename"), change("Y", "MK05", kind="rename", valid_from=LATER)], []),
        ([change("X", "MK05", valid_from=None), change("", "MK05")], []),
    ],
    ids=["into itself", "into itself, spelt otherwise", "over one", "short of one", "a part alone",
         "a round", "two rows", "gone before", "an id of nobody", "to another commune",
         "another village's name", "diacritics", "still listed", "one village alone",
         "later, and of nobody", "later", "twice renamed", "no day, no id"],
)  # fmt: skip
def test_faults_are_found_and_none_invented(rows, expected):
    assert sorted(codes(told(*rows))) == sorted(expected)


def test_findings_say_what_and_where_in_both_languages():
    history = told(change("X", "MK05", share=0.6), change("X", "MK01", share=0.6))
    (found,) = history.findings
    assert (found.file, found.row, found.field) == ("sources/village_changes.gpkg", 1, "share")
    assert "1,2" in found.message.vi
    assert "dòng 1, 2" in found.message.vi
    assert "1.2" in found.message.en
    assert found.repair is not None


def test_rows_that_cannot_be_followed_are_left_out_of_the_lineage():
    history = told(
        change("MK05", "MK01", kind="rename"), change("MK01", "MK05", kind="rename"),
        change("Z", "MK21", kind="rename"),
    )  # fmt: skip
    assert parts(history.lineage.became("Z", LATER)) == [("MK21", 1.0)]
    assert history.lineage.became("MK05", LATER) == ()
    assert history.frames["village_changes"]["state"].tolist() == ["faulty", "faulty", "done"]


def test_a_name_a_letter_apart_is_offered_and_never_taken():
    """Hô Tra and Hô Ta are two villages."""
    history = told(change("X", "MK40", kind="rename", new_name="Hô Tra"))
    (found,) = history.findings
    assert found.code == "VILLAGE_CHANGE_OFFERED"
    assert "Hô Tra (MK04)" in found.message.vi
    assert "Hô Ta (PK04)" in found.message.vi
    assert parts(history.lineage.became("X", LATER)) == [("MK40", 1.0)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Hô Tra", [("MK04", "exact"), ("PK04", "close")]),
        ("ho ta", [("PK04", "key"), ("MK04", "close")]),
        ("bản Phiêng Tâm 1", [("MK01A", "key"), ("MK01", "close")]),
        ("MK01A", [("MK01A", "code")]),
    ],
)
def test_villages_are_found_by_old_and_new_names(words, expected):
    history = told(change("MK01A", "MK01", old_name="Phiêng Tâm 1"), change("MK01B", "MK01"))
    assert [(hit.unit.code, hit.how) for hit in history.find(words, most=2)] == expected


def test_without_a_list_of_villages_nothing_is_called_unknown():
    assert not told(change("X", "MK99", kind="rename"), names={}).findings


def test_the_sample_has_no_faults(sample_review):
    review = sample_review
    history = merger_villages.history(review.layers)
    assert not history.findings
    assert parts(history.lineage.made_of("PK01", b.AS_OF)) == [("PK01A", 1.0), ("PK01B", 1.0)]
    assert history.lineage.unit("MK08", dt.date(2021, 1, 1)).name == "Phiêng Cứm"
    found = history.find("phieng cum", most=2)
    assert [(hit.unit.name, str(hit.label.until)) for hit in found] == [
        ("Phiêng Cúm", "None"), ("Phiêng Cứm", "2021-05-31"),
    ]  # fmt: skip
