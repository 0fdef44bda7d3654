"""`ntm-gis priorities`: budgets as people type them, why not the other, wrong use in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ntm_gis import cli
from ntm_gis.cli_priorities import amount
from ntm_gis.errors import UsageError

TOML = """[commune]
code = "1"
name = "Thử"
province = "Lai Châu"
crs = "EPSG:9205"
as_of = 2025-12-31
"""
FILES = {
    "candidates": """Mã;Tên đề xuất;Chi phí (triệu đồng);Mã vốn;Số hộ;Loại trừ;Cần có trước
A;Kênh;100;V1;50;;
B;Cầu;120;V1;60;A;
C;Chợ;chưa rõ;V1;900;;
""",
    "funds": """Mã vốn;Nội dung;Thuộc mã;Số vốn (triệu đồng)
V0;Tổng;;400
V1;Tỉnh;V0;400
""",
}


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    folder = tmp_path / "xã"
    (folder / "sources").mkdir(parents=True)
    text = TOML
    for layer, content in FILES.items():
        (folder / "sources" / f"{layer}.csv").write_text(content, encoding="utf-8")
        text += f'\n[[source]]\nlayer = "{layer}"\nfile = "sources/{layer}.csv"\n'
    (folder / "commune.toml").write_text(text, encoding="utf-8")
    return folder


def asked(capsys, *args: object) -> dict:
    cli.main(["priorities", *map(str, args), "--json"])
    return json.loads(capsys.readouterr().out)


def test_the_best_for_a_budget_and_why_not_the_other(commune: Path, capsys) -> None:
    found = asked(capsys, commune, "--budget", "110", "--why-not", "b")
    assert (found["chosen"], found["proven"], found["budget_million"]) == (["A"], True, 110.0)
    assert found["why_not"]["id"] == "B"
    assert not found["why_not"]["chosen"]
    assert any(
        "loại" in r["vi"] or "Không làm cùng A" in r["vi"] for r in found["why_not"]["reasons"]
    )
    assert "CANDIDATE_COST_UNKNOWN" in {one["code"] for one in found["findings"]}
    # Without a budget: what is left of all funds, of which the root is called "Tổng".
    found = asked(capsys, commune)
    assert (found["chosen"], found["budget_million"]) == (["B"], 400.0)


def test_nothing_is_written(commune: Path, capsys) -> None:
    before = sorted(commune.rglob("*"))
    assert cli.main(["priorities", str(commune), "--budget", "110"]) == 0
    assert "Kênh" in capsys.readouterr().out
    assert sorted(commune.rglob("*")) == before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--budget", "nhiều"), "'nhiều'"),
        (("--budget=-5",), "'-5'"),
        (("--budget", "5 km"), "'5 km'"),
        (("--budget", "100", "--why-not", "ZZ"), "'ZZ'"),
        # Set aside: it has no cost that can be read.
        (("--budget", "100", "--why-not", "C"), "A, B"),
    ],
)
def test_wrong_use_is_said_in_words(commune: Path, capsys, args, said) -> None:
    assert cli.main(["priorities", str(commune), *args]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err


def test_a_budget_that_nobody_knows_is_asked_for(commune: Path, capsys) -> None:
    (commune / "sources" / "funds.csv").write_text(
        "Mã vốn;Nội dung;Số vốn (triệu đồng)\nV1;Tỉnh;\n", encoding="utf-8"
    )
    assert cli.main(["priorities", str(commune)]) == 2
    assert "--budget" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "million"),
    [("3900", 3900.0), ("3.900", 3900.0), ("1.500,5", 1500.5), ("2 tỷ đồng", 2000.0), ("0", 0.0)],
)
def test_amounts_as_people_write_them(written: str, million: float) -> None:
    assert amount(written) == pytest.approx(million)


@pytest.mark.parametrize("written", ["", "-1", "abc", "5 hộ", "1e999"])
def test_what_is_no_amount(written: str) -> None:
    with pytest.raises(UsageError):
        amount(written)
