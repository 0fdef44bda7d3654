"""`find`: a unit by its old or new name or code, with what became of it and by which act."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from ntm_gis import cli, founding, lookup
from ntm_gis.errors import UsageError

DAY = dt.date(2025, 12, 31)
VILLAGES = """[[source]]
layer = "villages"
file = "sources/ban.csv"

[[source]]
layer = "village_changes"
file = "sources/bien_dong.csv"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("find") / "xa"
    founding.new(made, "03583", "Khổng Lào", "Lai Châu", as_of=DAY)
    pd.DataFrame(
        [("B9", "Nậm Cáy Mới"), ("B5", "Hô Tra"), ("B6", "Hô Ta")], columns=["MA_BAN", "TEN_BAN"]
    ).to_csv(made / "sources" / "ban.csv", index=False, encoding="utf-8")
    pd.DataFrame(
        [("B1", "Nậm Cáy", "B9", "Nậm Cáy Mới", "Sáp nhập", "01/07/2025", "12/NQ-HĐND"),
         ("B2", "Pho", "B9", "Nậm Cáy Mới", "Sáp nhập", "01/07/2025", "12/NQ-HĐND")],
        columns=["MA_CU", "TEN_CU", "MA_MOI", "TEN_MOI", "LOAI", "TU_NGAY", "VAN_BAN"],
    ).to_csv(made / "sources" / "bien_dong.csv", index=False, encoding="utf-8")  # fmt: skip
    with (made / "commune.toml").open("a", encoding="utf-8") as file:
        file.write(VILLAGES)
    return made


@pytest.mark.parametrize("words", ["Hoang Thèn", "xã Hoang Thèn", "03580", "hoang then"])
def test_an_old_commune_leads_to_the_new_one_and_the_act(folder: Path, words: str) -> None:
    hit = lookup.find(folder, words)[0]
    assert (hit.level, hit.code, hit.until) == ("commune", "03580", dt.date(2025, 6, 30))
    assert hit.became == ("Khổng Lào (03583)",)
    assert hit.acts[0].vi == "Nghị quyết 1670/NQ-UBTVQH15 ngày 16/06/2025, Điều 1 khoản 17"


def test_a_code_used_again_is_two_units(folder: Path) -> None:
    old, new = lookup.find(folder, "03583")
    assert (old.until, new.since) == (dt.date(2025, 6, 30), dt.date(2025, 7, 1))
    assert old.became == ("Khổng Lào (03583)",)
    assert new.made_of == ("Bản Lang (03577)", "Hoang Thèn (03580)", "Khổng Lào (03583)")
    assert [hit.since for hit in lookup.find(folder, "03583", on=DAY)] == [dt.date(2025, 7, 1)]


def test_a_former_village_leads_to_the_one_it_went_into(folder: Path) -> None:
    hit = lookup.find(folder, "B1")[0]
    assert (hit.level, hit.name, hit.became) == ("village", "Nậm Cáy", ("Nậm Cáy Mới (B9)",))
    assert [act.vi for act in hit.acts] == ["12/NQ-HĐND"]
    named = next(hit for hit in lookup.find(folder, "Nậm Cáy Mới") if hit.level == "village")
    assert named.made_of == ("Nậm Cáy (B1)", "Pho (B2)")


def test_names_that_are_alike_are_told_apart(folder: Path) -> None:
    hits = [hit for hit in lookup.find(folder, "Hô Tra") if hit.level == "village"]
    assert [(hit.code, hit.how) for hit in hits] == [("B5", "exact"), ("B6", "close")]


def test_names_of_another_province_are_not_offered_as_alike(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "xa"
    founding.new(other, "00715", "Yên Minh", "Tuyên Quang", as_of=DAY)
    assert lookup.find(folder, "Mường Kiim")
    assert lookup.find(other, "Mường Kiim") == ()
    assert {hit.code for hit in lookup.find(other, "03637")} == {"03637"}
    assert cli.main(["find", str(other), "Mường Kiim"]) == 0
    assert "chưa có xã này (tỉnh Tuyên Quang)" in capsys.readouterr().out
    # Beside the village that surely was meant, communes that are like it say nothing.
    assert {hit.level for hit in lookup.find(folder, "Hô Tra")} == {"village"}


def test_nothing_asked_is_wrong_use_and_nothing_found_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError):
        lookup.find(folder, "  ")
    assert lookup.find(folder, "Zyxw") == ()
    assert cli.main(["find", str(folder), "Zyxw"]) == 0
    assert "'Zyxw'" in capsys.readouterr().out


def test_the_command_prints_and_hands_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["find", str(folder), "Hoang Thèn"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "đúng tên" in shown
    assert "nay là Khổng Lào" in shown
    assert cli.main(["find", str(folder), "03580", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["found"]
    assert found[0]["became"] == ["Khổng Lào (03583)"]
    assert found[0]["until"] == "2025-06-30"
