"""Criteria sets: worked cases, mutations that a case must notice, inheritance, refusals."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.results import Verdict
from ntm_gis.rules.codes import code_list
from ntm_gis.rules.criteria import CriteriaSet, Where, criteria_set, read_set, sets
from ntm_gis.rules.criteria_cases import broken
from ntm_gis.rules.criteria_model import Code, Row
from ntm_gis.rules.criteria_verdicts import Amount, score

HOME = Path(__file__).parent / "criteria_sets"
ROWS = [(name, row) for name in sets() for rows in criteria_set(name).rows.values() for row in rows]
DAY = dt.timedelta(days=1)
FLIPPED = {
    "at_least": "at_most", "at_most": "at_least", "equals": "at_least", "level": "at_most",
}  # fmt: skip


@pytest.mark.parametrize("name", sets())
def test_worked_cases_come_out(name: str) -> None:
    found = criteria_set(name)
    assert list(broken(found)) == []
    names = [case.name for case in found.cases]
    assert len(set(names)) == len(names)
    assert all(" " in name and name[0].isupper() for name in names)


def mutations(row: Row) -> dict[str, Row]:
    """A row with its date, its commune or its comparator changed."""
    out = {
        "a day later": row.model_copy(update={"since": row.since + DAY}),
        "a day earlier": row.model_copy(update={"since": row.since - DAY}),
    }
    if row.region is not None:
        other = next(r for r in code_list("region").keys if r != row.region)
        out["another region"] = row.model_copy(update={"region": other})
    if row.group is not None:
        out["another group"] = row.model_copy(update={"group": row.group % 3 + 1})
    if row.until is not None:
        out["ends a day earlier"] = row.model_copy(update={"until": row.until - DAY})
        out["ends a day later"] = row.model_copy(update={"until": row.until + DAY})
    if row.special_difficulty is not None:
        turned = not row.special_difficulty
        out["of the others"] = row.model_copy(update={"special_difficulty": turned})
    way = row.comparator
    if way == "passed":
        # Whoever is not assessed as met would pass.
        out["compared otherwise"] = row.model_copy(update={"passed": None, "at_most": 1.0})
    if way in FLIPPED:
        out["compared otherwise"] = row.model_copy(update={way: None, FLIPPED[way]: row.limit})
    return out


@pytest.mark.parametrize(
    ("name", "row"), ROWS, ids=[f"{n}-{r.indicator}-{r.since}" for n, r in ROWS]
)
def test_a_threshold_changed_breaks_a_case(name: str, row: Row) -> None:
    found = criteria_set(name)
    cases = tuple(
        c for c in found.cases
        if row.indicator in c.expect or row.indicator in c.why
    )  # fmt: skip
    for what, changed in mutations(row).items():
        rows = tuple(changed if r is row else r for r in found.rows[row.indicator])
        mutant = replace(found, rows={**found.rows, row.indicator: rows})
        assert list(broken(mutant, cases)), f"{name} {row.indicator}: {what} goes unnoticed"


def test_what_is_known_is_counted() -> None:
    on = dt.date(2025, 12, 31)
    known = {name: criteria_set(name).known(on) for name in sets()}
    assert known == {
        "lai-chau-2022": (0, 62), "lai-chau-2024": (0, 62), "vn-2021-2025": (57, 57),
        "vn-2026-2030": (3, 47),
    }  # fmt: skip
    assert [len(criteria_set(name).head.criteria) for name in sets()] == [19, 19, 19, 10]
    assert set(sets()) >= set(code_list("criteria_set").keys)


def test_nothing_shipped_is_official() -> None:
    """No text is at hand: a recalled threshold makes no official verdict."""
    assert {row.status for _, row in ROWS} <= {"cited", "unverified"}
    found = criteria_set("vn-2021-2025")
    got = score(found, Where("northern-midlands-mountains"), dt.date(2025, 12, 31),
                {"4.2": Amount(99.0, 99.0), "4.1": Amount(1.0, 1.0, True)})  # fmt: skip
    assert got.criteria["4"].verdict == Verdict.MET
    assert not got.criteria["4"].official
    assert not got.indicators["4.2"].official


def test_a_set_below_splits_adds_and_tightens() -> None:
    country, province = read_set(HOME, "country"), read_set(HOME, "province")
    assert [line.code for line in province.lines(dt.date(2021, 6, 1))] == [
        "1.1.a", "1.1.b", "1.2", "1.3", "2.1", "2.2", "3.1", "3.2", "4.1",
    ]  # fmt: skip
    where, on = Where("northern-midlands-mountains"), dt.date(2021, 6, 1)
    assert country.row("1.2", where, on).delegated == "province"
    assert province.row("1.2", where, on).at_least == 55.0
    assert (country.row("2.1", where, on).at_least, province.row("2.1", where, on).at_least) == (
        44.0, 50.0,
    )  # fmt: skip
    # Carried as it is, and relative to the country's on the same day.
    assert province.row("3.1", where, on) == country.row("3.1", where, on)
    assert province.resolved("2.2", where, on).at_least == pytest.approx(48.4)
    assert province.indicators["1.1.a"].maps_to == ("1.1",)
    assert list(broken(country)) == list(broken(province)) == []


def test_special_difficulty_takes_another_regions_limit() -> None:
    country = read_set(HOME, "country")
    delta, on = Where("red-river-delta"), dt.date(2020, 6, 1)
    assert country.row("1.1", delta, on).at_least == 90.0
    poor = replace(delta, special_difficulty=True)
    assert country.row("1.1", poor, on).at_least == 60.0


def test_verified_rows_make_official_verdicts() -> None:
    got = score(read_set(HOME, "country"), Where("northern-midlands-mountains"),
                dt.date(2020, 6, 1), {"2.1": Amount(41.0, 41.0)})  # fmt: skip
    assert got.criteria["2"] == replace(got.criteria["2"], verdict=Verdict.MET, official=True)


def spoilt(tmp_path: Path, name: str, file: str, change: tuple[str, str]) -> CriteriaSet:
    """A copy of the test sets with a text changed in one file."""
    home = tmp_path / "sets"
    shutil.copytree(HOME, home)
    path = home / name / file
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), encoding="utf-8")
    return read_set(home, name)


ROW = '[[threshold]]\nindicator = "2.1"\nfrom = 2020-01-01\n'


@pytest.mark.parametrize(
    ("name", "file", "change", "code"),
    [
        ("country", "lines.toml", ("at_least = 60.0", "atleast = 60.0"), "KEY_UNKNOWN_MEANT"),
        ("country", "set.toml", ('issuer         = "national"\n', ""), "KEY_MISSING"),
        ("country", "lines.toml", ("from = 2021-01-01", "from = 2020-01-01"), "CRITERIA_ROW_TWICE"),
        ("country", "lines.toml", ('"red-river-delta"', '"northern-midlands-mountains"'),
         "CRITERIA_ROW_TWICE"),
        ("country", "lines.toml", ('"red-river-delta"', '"atlantis"'), "VALUE_WRONG"),
        ("country", "lines.toml", (ROW, ROW.replace("2.1", "2.9")), "CRITERIA_LINE_UNKNOWN"),
        ("country", "lines.toml", ('part_of = "3.2"', 'part_of = "3.1"'), "CRITERIA_LINE_UNKNOWN"),
        ("country", "lines.toml", ("at_least = 40.0", "at_least = 40.0\nat_most = 50.0"),
         "VALUE_WRONG"),
        ("country", "lines.toml", ('status = "verified"', 'status = "confirmed"'), "VALUE_WRONG"),
        ("country", "set.toml", ("criteria = 4", "criteria = 3"), "CRITERIA_COUNT"),
        ("country", "set.toml", ('id             = "country"', 'id             = "land"'),
         "CRITERIA_ID"),
        ("country", "lines.toml", ("at_least = 60.0", "at_least = nan"), "VALUE_WRONG"),
        ("country", "lines.toml", ("at_least = 60.0", "at_least = 600.0"), "CRITERIA_SHARE"),
        ("province", "lines.toml", ("at_least = 50.0", "at_least = 43.0"), "CRITERIA_LOOSER"),
        ("province", "lines.toml", ("at_least = 50.0", "at_most = 50.0"), "CRITERIA_LOOSER"),
        ("country", "lines.toml", ('of = "figure.bus_station_planned"', 'of = "bus_station"'),
         "CRITERIA_CONDITION_OF"),
        ("country", "cases.toml", ('"2.1" = ', '"2.99" = '), "CRITERIA_LINE_UNKNOWN"),
    ],
    ids=["unknown key", "missing key", "two rows for one day", "two rows for one region",
         "unknown region", "threshold of no line", "part of another", "two limits",
         "confirmed in a file", "more criteria than the text", "other name", "no number",
         "six times all", "looser",
         "compared otherwise", "a condition on nothing", "a case of no line"],
)  # fmt: skip
def test_what_the_loader_refuses(
    tmp_path: Path, name: str, file: str, change: tuple[str, str], code: str
) -> None:
    with pytest.raises(RuleError) as refused:
        spoilt(tmp_path, name, file, change)
    assert refused.value.code == code
    assert refused.value.say("vi")
    assert refused.value.say("en")


@pytest.mark.parametrize("code", ["zz1.1junk", "1.1 ", " 1", "1.1.1.1", "123", "1.", ""])
def test_a_code_is_nothing_but_a_code(code: str) -> None:
    asked = TypeAdapter(Code)
    assert [asked.validate_python(c) for c in ("1", "17.12", "1-a")] == ["1", "17.12", "1-a"]
    with pytest.raises(ValidationError):
        asked.validate_python(code)


def test_a_part_is_plain(tmp_path: Path) -> None:
    more = 'part_of = "3.2"\nrule = "any"\nparts = ["2.1"]'
    with pytest.raises(RuleError) as refused:
        spoilt(tmp_path, "country", "lines.toml", ('part_of = "3.2"', more))
    assert refused.value.code in {"CRITERIA_PART_PLAIN", "CRITERIA_LINE_UNKNOWN"}


def test_a_limit_for_all_may_not_be_looser_than_any_region_above(tmp_path: Path) -> None:
    """90 for the delta, 60 for the mountains: 70 for everybody loosens the delta's."""
    home = tmp_path / "sets"
    shutil.copytree(HOME, home)
    path = home / "province" / "lines.toml"
    row = (
        '\n[[threshold]]\nindicator = "1.1.a"\nfrom = 2021-01-01\nat_least = 70.0\n'
        'citation = { document = "2/TEST" }\nstatus = "verified"\n'
    )
    text = path.read_text(encoding="utf-8")
    # A line that the province carries as it is, with the country's limits by region.
    carried = next(
        code for code, rows in read_set(HOME, "country").rows.items()
        if {r.region for r in rows} >= {"red-river-delta", "northern-midlands-mountains"}
    )  # fmt: skip
    if carried not in read_set(HOME, "province").indicators:
        text += (
            f'\n[[indicator]]\ncode = "{carried}"\ncriterion = "1"\n'
            'title = { vi = "Chỉ tiêu", en = "Line" }\nunit = "%"\ntext_status = "verified"\n'
            'seen_in = "made up"\n'
        )
        set_file = home / "province" / "set.toml"
        said = set_file.read_text(encoding="utf-8")
        set_file.write_text(re.sub(r"indicators = \d+", "indicators = 30", said), encoding="utf-8")
    path.write_text(text + row.replace("1.1.a", carried), encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        read_set(home, "province")
    assert refused.value.code == "CRITERIA_LOOSER"


def test_a_set_without_cases_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "sets"
    shutil.copytree(HOME, home)
    (home / "country" / "cases.toml").unlink()
    with pytest.raises(RuleError) as refused:
        read_set(home, "country")
    assert refused.value.code == "CRITERIA_WITHOUT_CASES"


def test_a_set_that_is_not_there_is_named() -> None:
    for name in ("", "../crs", "vn-1999"):
        with pytest.raises(RuleError) as refused:
            criteria_set(name)
        assert refused.value.code == "CRITERIA_NO_SET"


def test_the_digest_is_of_every_file_and_of_no_line_end(tmp_path: Path) -> None:
    first = read_set(HOME, "province").digest
    home = tmp_path / "sets"
    shutil.copytree(HOME, home)
    path = home / "country" / "cases.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_set(home, "province").digest == first
    other = tmp_path / "others"
    shutil.copytree(HOME, other)
    path = other / "country" / "cases.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert read_set(other, "province").digest != first
    label = criteria_set("vn-2021-2025").label
    assert label.startswith("vn-2021-2025@sha256:")
    assert len(label) == len("vn-2021-2025@sha256:") + 64


def test_a_patch_adds_rows_from_its_day(tmp_path: Path) -> None:
    home = tmp_path / "sets"
    shutil.copytree(HOME, home)
    (home / "country" / "patch-9.toml").write_text(
        'from = 2022-03-01\nchanges_known = true\n\n[law]\ndocument = "9/TEST"\n'
        'title = { vi = "Sửa đổi", en = "Amends" }\nstatus = "verified"\nseen_in = "made up"\n\n'
        '[[retire]]\nindicator = "3.1"\nafter = 2022-02-28\n\n'
        '[[threshold]]\nindicator = "2.1"\nfrom = 2022-03-01\nat_least = 48.0\n'
        'citation = { document = "9/TEST" }\nstatus = "verified"\n',
        encoding="utf-8",
    )
    found = read_set(home, "country")
    where = Where("northern-midlands-mountains")
    assert found.row("2.1", where, dt.date(2022, 2, 28)).at_least == 44.0
    assert found.row("2.1", where, dt.date(2022, 3, 1)).at_least == 48.0
    assert "3.1" in {line.code for line in found.lines(dt.date(2022, 2, 28))}
    assert "3.1" not in {line.code for line in found.lines(dt.date(2022, 3, 1))}


def test_every_set_is_shipped_whole() -> None:
    for name in sets():
        folder = shipped.path("data", "criteria", name)
        for path in folder.glob("*.toml"):
            assert path.read_text(encoding="utf-8").startswith("#"), path.name


@pytest.mark.parametrize(
    ("rule", "count"),
    [("all", None), ("any", None), ("at_least", 1), ("at_least", 2), ("at_least", 3)],
)
def test_parts_make_a_whole_exactly_where_every_completion_agrees(
    rule: str, count: int | None
) -> None:
    country = read_set(HOME, "country")
    line = country.indicators["3.2"].model_copy(update={"rule": rule, "count": count})
    found = replace(country, indicators={**country.indicators, "3.2": line})
    needed = {"all": 3, "any": 1}.get(rule, count)
    where, on = Where("northern-midlands-mountains"), dt.date(2020, 6, 1)
    for said in itertools.product((True, False, None), repeat=3):
        values = {
            code: Amount(float(met), float(met), met)
            for code, met in zip(line.parts, said, strict=True)
            if met is not None
        }
        got = score(found, where, on, values).indicators["3.2"].verdict
        wholes = {
            sum(ways) >= needed
            for ways in itertools.product(*((True, False) if s is None else (s,) for s in said))
        }
        want = Verdict.UNDETERMINED
        if len(wholes) == 1:
            want = Verdict.MET if wholes.pop() else Verdict.NOT_MET
        assert got == want, said
