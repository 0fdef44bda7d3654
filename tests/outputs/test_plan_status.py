"""What the terminal says of the review: decisions beside findings, and changes in plain words."""

from __future__ import annotations

import datetime as dt
import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

from ntm_gis.outputs import plan_changes, plan_status


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


p = _beside("planned")


def printed(shown: Any) -> str:
    console = Console(width=200, record=True)
    with console.capture() as caught:
        console.print(shown)
    return caught.get()


@dataclass
class Change:
    state: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    fields: tuple[str, ...] = ()


def test_a_finding_says_what_was_decided_of_it() -> None:
    layers = p.layers()
    made = p.answer(layers)
    frame = made.frames["plan_findings"].copy()
    assert "✓" not in printed(plan_status.review(made, layers, "vi"))
    told = {"decision": "keep", "decided_by": "Tổ rà soát", "why": "theo hiện trạng",
            "decided_on": dt.date(2025, 12, 20)}  # fmt: skip
    for name, value in told.items():
        frame[name] = pd.Series([value, *frame[name].tolist()[1:]], frame.index, dtype=object)
    answer = replace(made, frames={**made.frames, "plan_findings": frame})
    said = printed(plan_status.review(answer, layers, "vi"))
    assert said.count("✓") == 1
    after = said.partition(f"{frame['id'].iloc[0]}: ")[2].partition("[")[0]
    assert "✓ Đã quyết định: giữ (Tổ rà soát, ngày 20/12/2025): theo hiện trạng" in after


@pytest.mark.parametrize(
    ("subject", "plans", "shown"),
    [
        ("QH07:P1/Z3+P2/Z8", "P1, P2", "Mâu thuẫn về loại đất: P1/Z3+P2/Z8"),
        ("QH01:land_use@533900,2504000", "",
         "Đất chưa có quy hoạch sử dụng đất: tại X 2.504.000, Y 533.900"),
        ("QH14:D3@537000,2501500", "", "Đường đứt đoạn tại ranh giới cũ: D3, tại X 2.501.500, Y 537.000"),
        ("QH17:health_station", "", "Công trình trùng sau sáp nhập"),
        ("QH11:P1/land_use", "P1", "Thiếu thông tin của khu đất: P1"),
        ("QH30:commune/official", "", "Tổng diện tích lệch số công bố"),
        ("QH32:public", "", "Đất theo đầu người"),
        ("XX99:P1", "P1", "XX99: P1"),
    ],
)  # fmt: skip
def test_a_change_is_about_its_rule_and_place_not_a_key(
    subject: str, plans: str, shown: str
) -> None:
    entry = {"pin": "QH00-1", "plans": plans, "verdict": "warn"}
    said = printed(plan_changes.changes([Change("new", subject, None, entry)], "vi"))
    assert f" {shown} " in said
    for key in ("land_use", "health_station", "official", "public"):
        assert key not in said
