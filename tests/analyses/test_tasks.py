"""Tasks by section, and a reminder for each office and village, late ones first."""

from __future__ import annotations

from typing import Any

import build as b
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.analyses import tasks
from ntm_gis.rules.schema import code_list

Row = dict[str, Any]

VILLAGES = [{"village_id": "B1", "name": "Hô Tra"}, {"village_id": "B2", "name": "Bản Nà An"}]


def task(
    id_: str, due: str | None = "2025-12-31", status: str | None = "doing", **more: Any
) -> Row:
    return {"task_id": id_, "section": "II.2", "text": f"Việc {id_}", "lead_office": "Phòng Kinh tế",
            "due_on": due, "status": status, **more}  # fmt: skip


def frames(*rows: Row, **more: Any) -> dict[str, Any]:
    found = b.ask(tasks, tasks=list(rows), **{"villages": VILLAGES, **more})
    return {**found.frames, "findings": found.findings}


@pytest.mark.parametrize(
    ("due", "status", "state"),
    [
        ("2025-12-30", "doing", "late"), ("2025-12-30", "not_started", "late"),
        ("2025-12-30", None, "late_unknown"), ("2025-12-30", "done", "done"),
        ("2025-12-31", "doing", "due"), ("2026-01-30", "doing", "due"),
        ("2026-01-31", "doing", "later"), (None, "doing", "undated"), (None, "done", "done"),
    ],
    ids=["a day late", "not begun", "state not recorded", "done", "due today", "within the month",
         "later", "without a day", "done, without a day"],
)  # fmt: skip
def test_states_against_the_day_of_the_figures(due: str, status: str, state: str) -> None:
    found = frames(task("A", due, status))
    assert found["task_list"]["state"].tolist() == [state]
    codes = {"late": ["TASK_LATE"], "late_unknown": ["TASK_LATE_UNKNOWN"]}
    assert [f.code for f in found["findings"]] == codes.get(state, [])


def test_every_section_is_carried_also_those_without_a_task() -> None:
    found = frames(task("A", section="III"), task("B", section="II.11"), task("C", section="II.1"),
                   task("D", section=None), task("E", section="V.6"), task("F", section="IV", status="done"))  # fmt: skip
    assert found["task_list"]["id"].tolist() == ["C", "B", "A", "F", "E", "D"]
    sections = found["task_sections"].set_index("id")
    wanted = {*(f"II.{k}" for k in range(1, 12)), "III", "IV", "V"}
    assert wanted <= set(sections.index)
    assert tuple(sections.index) == code_list("task_section").keys
    assert sections["tasks"].sum() == 5
    assert sections.loc["IV", "done"] == 1
    assert sections.loc["II.5", "tasks"] == 0


def test_reminders_go_to_each_office_and_village_late_ones_first() -> None:
    found = frames(
        task("A", "2026-06-30", with_offices="Trạm y tế; bản Nà An"),
        task("B", "2025-11-30", with_offices="Các bản"),
        task("C", "2025-10-01", lead_office="phòng kinh tế", village_id="B1"),
        task("D", "2025-10-01", "done"),
        task("E", None, lead_office=None),
    )["task_reminders"]  # fmt: skip
    pages = {
        key: group["task_id"].tolist() for key, group in found.groupby("recipient", sort=False)
    }
    assert pages == {
        "Phòng Kinh tế": ["C", "B", "A", "D"], "Trạm y tế": ["A"],
        "Hô Tra": ["C", "B"], "Bản Nà An": ["B", "A"],
    }  # fmt: skip
    roles = {(r["recipient"], r["task_id"]): r["role"] for r in found.to_dict("records")}
    assert roles["Hô Tra", "C"] == "place"
    assert roles["Bản Nà An", "A"] == "with"
    assert roles["Phòng Kinh tế", "C"] == "lead"


def test_pages_go_by_vietnamese_order_of_names_offices_first() -> None:
    offices = [
        "Đảng ủy xã",
        "Phòng Kinh tế",
        "Đoàn Thanh niên",
        "Ban Chỉ huy quân sự",
        "Công an xã",
    ]
    villages = [{"village_id": f"B{k}", "name": name}
                for k, name in enumerate(("Ư Hạ", "Đán Đăm", "Bản 10", "Bản 9", "Ấp Mới", "An Lạc"))]  # fmt: skip
    rows = [
        task(f"T{k}", lead_office=name, with_offices="Các bản") for k, name in enumerate(offices)
    ]
    found = frames(*rows, villages=villages)["task_reminders"]
    assert list(dict.fromkeys(found["recipient"])) == [
        "Ban Chỉ huy quân sự", "Công an xã", "Đảng ủy xã", "Đoàn Thanh niên", "Phòng Kinh tế",
        "An Lạc", "Ấp Mới", "Bản 9", "Bản 10", "Đán Đăm", "Ư Hạ",
    ]  # fmt: skip


def test_one_office_written_several_ways_has_one_page() -> None:
    ways = ("Phòng Kinh tế", "P. Kinh tế", "Phòng kinh tế xã", "phòng KT", "Phòng Văn hóa - Xã hội",
            "Phòng Văn hoá – Xã hội", "Văn phòng HĐND và UBND", "Văn phòng HĐND&UBND")  # fmt: skip
    rows = [task(f"T{k}", lead_office=way) for k, way in enumerate(ways)]
    pages = frames(*rows)["task_reminders"]
    assert sorted(set(pages["recipient"])) == [
        "Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Văn phòng HĐND và UBND", "phòng KT"
    ]  # fmt: skip
    # What initials stand for is asked, not guessed.
    found = [f for f in b.ask(tasks, tasks=rows).findings if f.code == "TASK_OFFICE_ALIKE"]
    assert [(f.feature, f.value) for f in found] == [("T3", "phòng KT")]


def test_names_that_differ_by_their_marks_are_two_villages() -> None:
    villages = [
        {"village_id": "B1", "name": "Bản Nậm Cung"},
        {"village_id": "B2", "name": "Nậm Cúng"},
    ]
    rows = [task("A", with_offices="bản Nậm Cúng"), task("B", with_offices="Nậm Cung"),
            task("C", with_offices="nam cung")]  # fmt: skip
    found = frames(*rows, villages=villages)["task_reminders"]
    others = found[found["role"] == "with"]
    assert dict(zip(others["task_id"], others["recipient"], strict=True)) == {
        "A": "Nậm Cúng", "B": "Bản Nậm Cung", "C": "nam cung"
    }  # fmt: skip


def test_without_tasks_there_is_nothing() -> None:
    found = b.ask(tasks)
    assert not found.findings
    assert all(frame.empty for frame in found.frames.values())


@given(
    st.lists(
        st.tuples(st.sampled_from(["2025-01-01", "2025-12-31", "2026-05-05", None]),
                  st.sampled_from(["doing", "done", "not_started", None])),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_every_task_is_listed_once_whatever_the_order(found: list[Any], chance: Any) -> None:
    rows = [task(f"T{k}", due, status) for k, (due, status) in enumerate(found)]
    one, other = frames(*rows), frames(*chance.sample(rows, len(rows)))
    assert sorted(one["task_list"]["id"]) == sorted(row["task_id"] for row in rows)
    assert one["task_reminders"]["task_id"].tolist() == other["task_reminders"]["task_id"].tolist()
    states = one["task_reminders"]["state"].tolist()
    assert states == sorted(states, key=tasks.STATES.index)
