"""Decisions of the plan review through the command line and the record, and two reviews held
against each other."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from ntm_gis import booked, cli, deciding, pipeline, record, reviewing, shipped
from ntm_gis.errors import UsageError
from ntm_gis.outputs import plan_changes
from ntm_gis.rules import planning

sys.path.insert(0, str(Path(__file__).parent / "analyses"))

import build as b
import reviews as r
import test_planreview_measures as made


@pytest.fixture
def commune(tmp_path: Path) -> Path:
    """Two plans that overlap at the seam, with zones that contradict each other."""
    return made.folder(tmp_path / "Xã Thử ấế", "EPSG:9205")


def asked(*words: str, capsys: pytest.CaptureFixture[str]) -> Any:
    capsys.readouterr()
    status = cli.main([*words, "--json"])
    out = capsys.readouterr()
    assert status in {0, 1}, out.err
    return json.loads(out.out)


def pins(found: Any, rule: str) -> dict[str, Any]:
    return {e["subject"]: e for e in found["plan_review"] if e["rule"] == rule}


def decided(folder: Path, *words: str) -> int:
    return cli.main(["decide", str(folder), *words, "--why", "Họp ngày 5/12", "--by", "Lò Thị Páo"])


def test_a_decision_is_kept_in_the_record_and_shown_at_its_pin(
    commune: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = asked("review", str(commune), capsys=capsys)
    (first,) = [e for e in before["plan_review"] if e["pin"] == "QH07-1"]
    assert first["decision"] is None
    assert decided(commune, "qh07-1", "amend", "--document", "12/BB-UBND") == 0
    after = asked("review", str(commune), capsys=capsys)
    assert [e["decision"] for e in after["plan_review"] if e["pin"] == "QH07-1"] == ["amend"]
    rest = [{**e, "decision": None} for e in after["plan_review"]]
    assert rest == before["plan_review"]
    listed = asked("decide", str(commune), "list", capsys=capsys)["decisions"]
    (one,) = [e for e in listed if e["item"] == "QH07-1"]
    assert (one["choice"], one["by"], one["document"]) == ("amend", "Lò Thị Páo", "12/BB-UBND")
    assert one["why"] == "Họp ngày 5/12"
    # A later decision about the same takes its place; the record keeps both.
    assert decided(commune, "QH07-1", "drop") == 0
    again = asked("decide", str(commune), "list", capsys=capsys)["decisions"]
    assert [e["choice"] for e in again if e["item"] == "QH07-1"] == ["drop"]
    assert record.verify(commune / record.FILE_NAME).whole
    assert len(pipeline.review(commune).decisions.decided) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("QH07-99", "keep"), "QH07-99"),
        (("QH07-1", "maybe"), "maybe"),
        (("QH03", "waive"), "QH03"),
        (("QH99", "waive"), "QH99"),
        (("QH07-1",), "keep"),
        (("QH08", "waive", "--item", "QH07-1"), "QH07-1"),
        (("QH07", "waive", "--until", "hôm qua"), "hôm qua"),
        (("QH07", "waive", "--until", "30/12/2025"), "30/12/2025"),
    ],
)
def test_what_cannot_be_decided_is_said(
    commune: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert decided(commune, *words) == 2
    assert said in capsys.readouterr().err
    assert not (commune / record.FILE_NAME).exists()


@pytest.mark.parametrize(
    ("said", "code"), [("điều chỉnh", "amend"), ("Giữ", "keep"), ("bo", "drop")]
)
def test_a_decision_may_be_said_in_vietnamese(
    commune: Path, said: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert decided(commune, "QH07-1", said) == 0
    review = asked("review", str(commune), capsys=capsys)["plan_review"]
    assert [e["decision"] for e in review if e["pin"] == "QH07-1"] == [code]


def test_a_decision_needs_a_reason(commune: Path) -> None:
    for why in ((), ("--why", "  ")):
        assert cli.main(["decide", str(commune), "QH07-1", "keep", *why]) == 2


def severities(folder: Path, rule: str, as_of: str) -> set[tuple[str, str]]:
    from ntm_gis.cli_talk import day

    frame = pipeline.review(folder, as_of=day(as_of)).answer.frames["plan_findings"]
    some = frame[frame["rule"] == rule]
    return set(zip(some["severity"], some["state"], strict=True))


def test_a_waiver_holds_until_its_day_and_is_printed(
    commune: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert severities(commune, "QH07", "31/12/2025") == {("block", "fail")}
    assert decided(commune, "QH07", "waive", "--until", "31/03/2026") == 0
    assert severities(commune, "QH07", "31/12/2025") == {("note", "waived")}
    assert severities(commune, "QH07", "31/03/2026") == {("note", "waived")}
    assert severities(commune, "QH07", "01/04/2026") == {("block", "fail")}
    # A review of a day before the waiver was given knows nothing of it.
    assert severities(commune, "QH07", "30/12/2025") == {("block", "fail")}
    for day, choices in (("31/03/2026", {"waive"}), ("01/04/2026", {None})):
        listed = asked("decide", str(commune), "list", "--as-of", day, capsys=capsys)["decisions"]
        assert {e["choice"] for e in listed if e["item"].startswith("QH07-")} == choices
    capsys.readouterr()
    cli.main(["review", str(commune)])
    told = " ".join(capsys.readouterr().out.split())
    assert "Đã được Lò Thị Páo cho miễn đến ngày 31/03/2026: Họp ngày 5/12." in told
    cli.main(["review", str(commune), "--as-of", "01/05/2026"])
    told = " ".join(capsys.readouterr().out.split())
    assert "Đã từng được Lò Thị Páo cho miễn, hết hạn ngày 31/03/2026." in told


def test_one_finding_may_be_waived_alone(commune: Path) -> None:
    found = pipeline.review(commune).answer.frames["plan_findings"]
    many = found.loc[found["rule"] == "QH07", "id"].tolist()
    assert len(many) > 1
    assert decided(commune, "QH07", "waive", "--item", many[0]) == 0
    after = pipeline.review(commune).answer.frames["plan_findings"]
    assert after.loc[after["state"] == "waived", "id"].tolist() == many[:1]


def test_the_record_tells_decisions_in_words(commune: Path) -> None:
    assert decided(commune, "QH07-1", "amend") == 0
    assert decided(commune, "QH07", "waive", "--until", "31/03/2026") == 0
    told = [entry.said.vi for entry in booked.listed(commune)]
    assert told[0].startswith("Điểm rà soát QH07 · ")
    assert ": điều chỉnh; Lò Thị Páo, ngày " in told[0]
    assert told[1].startswith("Quy tắc QH07: cho miễn; ")


def test_planned_items_are_decided_by_their_own_name(sample_review) -> None:
    found = sample_review
    items = {one.pin: one.subject for one in deciding.listed(found)}
    assert items["P1/HM04"] == "plan_item:P1/HM04"
    assert deciding._subject(found, "hm04") == "plan_item:P1/HM04"
    with pytest.raises(UsageError):
        deciding._subject(found, "HM99")


def rewrite(folder: Path, name: str, change: Any) -> None:
    file = folder / "sources" / f"{name}.gpkg"
    frame = change(gpd.read_file(file, layer=name))
    frame.to_file(file, driver="GPKG", layer=name, engine="pyogrio")


def test_pins_stay_when_another_rule_finds_more(commune: Path) -> None:
    before = pipeline.review(commune).answer.frames["plan_findings"]

    def undecided(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        frame["decision_no"] = None
        return frame

    rewrite(commune, "plans", undecided)
    after = pipeline.review(commune).answer.frames["plan_findings"]
    assert "QH35-1" in set(after["id"]) - set(before["id"])
    named = dict(zip(after["subject"], after["id"], strict=True))
    for subject, pin in zip(before["subject"], before["id"], strict=True):
        assert named[subject] == pin


def test_what_changed_between_two_reviews(
    commune: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = asked("review", str(commune), capsys=capsys)
    kept = tmp_path / "ra soat.json"
    kept.write_text(json.dumps(earlier), encoding="utf-8")
    same = asked("review", str(commune), "--since", str(kept), capsys=capsys)["changes"]
    assert {one["state"] for one in same} == {"same"}
    assert len(same) == len(earlier["plan_review"])

    def smaller(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        frame.geometry = [b.box(970, 600, 1050, 800)]
        return frame

    rewrite(commune, "plan_zones2", smaller)
    rewrite(commune, "plans2", lambda frame: frame.assign(valid_to=None))
    now = asked("review", str(commune), "--since", str(kept), capsys=capsys)["changes"]
    by_state: dict[str, set[str]] = {}
    for one in now:
        by_state.setdefault(one["state"], set()).add(one["subject"].partition(":")[0])
    assert "QH36" in by_state["new"]
    assert "QH07" in by_state["changed"]
    changed = [
        one for one in now if one["state"] == "changed" and one["subject"].startswith("QH07")
    ]
    assert all("ground_ha" in one["fields"] for one in changed)
    cli.main(["review", str(commune), "--since", str(kept)])
    told = capsys.readouterr().out
    assert "So với lần rà soát trước" in told
    assert "khác nhau" not in told


def test_results_json_can_be_held_against(commune: Path) -> None:
    pipeline.run(commune, only=frozenset({"results.json"}))
    kept = reviewing.saved(commune / "out" / "results.json")
    found = pipeline.review(commune)
    assert kept.rules == plan_changes.rules(found.answer)
    states = {
        one.state for one in reviewing.compare(kept.entries, plan_changes.entries(found.answer))
    }
    assert states == {"same"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"plan_review": [1]}', "\x00", "[" * 100_000])
def test_files_that_are_no_review_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.json"):
        reviewing.saved(file)


def test_a_place_drawn_otherwise_is_the_same_place() -> None:
    def entry(subject: str, ha: float) -> dict[str, Any]:
        return {"subject": subject, "ground_ha": ha, "verdict": "warn"}

    before = [entry("QH01:land_use@1000,2000", 1.0), entry("QH01:land_use@9000,9000", 2.0)]
    after = [entry("QH01:land_use@1003,2004", 1.2), entry("QH01:land_use@5000,5000", 2.0)]
    found = {(c.state, c.subject, c.fields) for c in reviewing.compare(before, after)}
    assert found == {
        ("changed", "QH01:land_use@1003,2004", ("place", "ground_ha")),
        ("new", "QH01:land_use@5000,5000", ()),
        ("gone", "QH01:land_use@9000,9000", ()),
    }


def test_last_years_review_again_under_its_own_rules(
    commune: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    earlier = asked("review", str(commune), capsys=capsys)
    kept = tmp_path / "nam ngoai.json"
    kept.write_text(json.dumps(earlier), encoding="utf-8")
    # A year later a card is replaced by a stricter one, and another rule is added.
    home = tmp_path / "plan_rules"
    national = home / "national"
    national.mkdir(parents=True)
    for path in shipped.path("data", "plan_rules").rglob("*"):
        if path.is_file():
            to = home / path.relative_to(shipped.path("data", "plan_rules"))
            to.parent.mkdir(exist_ok=True)
            to.write_bytes(path.read_bytes())
    card = next(national.glob("QH01-*.toml"))
    text = card.read_text(encoding="utf-8")
    card.write_text(
        text.replace("since    = 2025-07-01", "since = 2025-07-01\nuntil = 2026-06-30"),
        encoding="utf-8",
    )
    (national / "QH01-2026.toml").write_text(
        text.replace("since    = 2025-07-01", "since = 2026-07-01").replace("0.5", "0.05"),
        encoding="utf-8",
    )
    monkeypatch.setattr(
        planning, "planning_rules", lambda name, on: planning.read_set(home, name, on)
    )
    now = asked("review", str(commune), "--as-of", "31/12/2026", capsys=capsys)
    again = asked("review", str(commune), "--as-of", "31/12/2026", "--rules-as-of", "31/12/2025",
                  "--since", str(kept), capsys=capsys)  # fmt: skip
    assert now["made_with"] != again["made_with"]
    first = planning.read_set(home, "lai-chau", made.pipeline.dt.date(2025, 12, 31))
    assert again["made_with"]["plan_rules"] == first.label
    assert {one["state"] for one in again["changes"]} == {"same"}
    # That the old card now has a last day, and a new one stands beside it, changes nothing.
    assert again["made_with"] == earlier["made_with"]
    assert now["made_with"] != earlier["made_with"]


def test_a_set_of_another_year_has_the_digest_it_had(tmp_path: Path) -> None:
    day = made.pipeline.dt.date(2025, 12, 31)
    before = planning.read_set(shipped.path("data", "plan_rules"), "national", day)
    assert before.digest == planning.planning_rules("national", day).digest
    assert before.digest != planning.planning_rules("national", day.replace(year=2023)).digest


def test_shapes_of_the_folder_are_what_the_tests_think(commune: Path) -> None:
    frame = gpd.read_file(commune / "sources" / "plan_zones2.gpkg")
    assert shapely.area(frame.geometry.iloc[0]) == pytest.approx(22_000)
    assert r.GROUND.area == 2_000_000
