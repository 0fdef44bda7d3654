"""Cards of the plan review: every one well formed, profiles that change them, faults refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import get_args

import pytest

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules import planning
from ntm_gis.rules.planning_cards import Test as Name

CARD = """
id = "QH01"
test = "uncovered"
severity = "warning"
title = {{ vi = "Đất chưa có quy hoạch", en = "Uncovered ground" }}
says = {{ vi = "Phải phủ kín", en = "It has to be covered" }}
{more}
"""
SET = 'id = "{name}"\nversion = "1"\ntitle = {{ vi = "Bộ thử", en = "A test set" }}\n'


def made(home: Path, name: str = "national", cards: dict[str, str] | None = None) -> Path:
    (home / name).mkdir(parents=True)
    (home / name / "set.toml").write_text(SET.format(name=name), encoding="utf-8")
    for file, text in (cards or {"QH01.toml": CARD.format(more="")}).items():
        (home / name / file).write_text(text, encoding="utf-8")
    return home


def profile(home: Path, text: str) -> None:
    (home / "tinh").mkdir()
    head = SET.format(name="tinh") + 'over = "national"\n'
    (home / "tinh" / "profile.toml").write_text(head + text, encoding="utf-8")


def test_the_shipped_cards_cover_every_test_and_speak_two_languages() -> None:
    found = planning.planning_rules()
    assert len({rule.id for rule in found.rules}) == len(found.rules) >= 39
    assert {rule.test for rule in found.rules} == set(get_args(Name))
    for rule in found.rules:
        assert rule.title.vi != rule.title.en
        assert rule.says.vi.endswith(".")
        assert all(law.seen_in for law in rule.law)


def test_recalled_law_is_advisory_and_never_fails_a_plan() -> None:
    found = planning.planning_rules()
    advisory = [rule for rule in found.rules if rule.is_advisory]
    assert {"QH24", "QH28", "QH29", "QH32"} <= {rule.id for rule in advisory}
    assert all(rule.breach == "warn" for rule in advisory)
    assert found.rule("QH24").severity == "block"
    assert found.rule("QH07").breach == "fail"


def test_a_card_holds_from_its_day_on() -> None:
    before = planning.planning_rules(on=dt.date(2025, 6, 30))
    after = planning.planning_rules(on=dt.date(2025, 7, 1))
    assert "QH01" not in {rule.id for rule in before.rules}
    assert "QH01" in {rule.id for rule in after.rules}


def test_every_shipped_set_is_read() -> None:
    for name in planning.sets():
        assert planning.planning_rules(name).digest


def test_a_profile_changes_values_and_says_so(tmp_path: Path) -> None:
    home = made(tmp_path, cards={"QH01.toml": CARD.format(more="[tolerance]\nwidth_m = 0.5")})
    profile(
        home,
        '[change.QH01]\nseverity = "note"\ntolerance = { width_m = 2.0 }\n'
        'why = { vi = "Nghị quyết tỉnh", en = "The province says so" }\n',
    )
    found = planning.read_set(home, "tinh")
    (rule,) = found.rules
    assert (rule.severity, rule.tolerance) == ("note", {"width_m": 2.0})
    assert [(d.key, d.before, d.after) for d in found.differences] == [
        ("severity", "warning", "note"),
        ("tolerance.width_m", 0.5, 2.0),
    ]
    assert found.digest != planning.read_set(home, "national").digest


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("severty = 1", "KEY_UNKNOWN"),
        ("[tolerance]\nwidth = 1.0", "VALUE_WRONG"),
        ("[tolerance]\nwidth_m = -1.0", "VALUE_WRONG"),
        ("since = 2025-01-02\nuntil = 2025-01-01", "VALUE_WRONG"),
        ('[[law]]\ntext = "x"\nstatus = "certain"\nseen_in = "y"', "VALUE_WRONG"),
    ],
)
def test_a_card_that_is_not_well_formed_is_refused(tmp_path: Path, more: str, code: str) -> None:
    home = made(tmp_path, cards={"QH01.toml": CARD.format(more=more)})
    with pytest.raises(RuleError) as caught:
        planning.read_set(home, "national")
    assert caught.value.code.startswith(code)
    assert "QH01.toml" in str(caught.value)


def test_sets_that_contradict_themselves_are_refused(tmp_path: Path) -> None:
    two = {"QH01-a.toml": CARD.format(more=""), "QH01-b.toml": CARD.format(more="")}
    with pytest.raises(RuleError, match="QH01"):
        planning.read_set(made(tmp_path / "a", cards=two), "national")
    with pytest.raises(RuleError, match="QH02"):
        planning.read_set(
            made(tmp_path / "b", cards={"QH02.toml": CARD.format(more="")}), "national"
        )
    home = made(tmp_path / "c")
    profile(home, '[change.QH77]\nwhy = { vi = "abc", en = "abc" }\n')
    with pytest.raises(RuleError, match="QH77"):
        planning.read_set(home, "tinh")
    for name in ("không có", "../national", ""):
        with pytest.raises(RuleError):
            planning.read_set(home, name)


def test_line_ends_of_a_checkout_make_no_difference(tmp_path: Path) -> None:
    one = planning.read_set(made(tmp_path / "a"), "national").digest
    windows = made(tmp_path / "b")
    for path in (windows / "national").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert planning.read_set(windows, "national").digest == one


def test_cards_lie_in_the_shipped_data() -> None:
    assert (shipped.path("data", "plan_rules") / "national" / "set.toml").is_file()


def test_cards_of_one_id_follow_each_other_by_their_days(tmp_path: Path) -> None:
    old = CARD.format(more="until = 2026-06-30\n[tolerance]\nwidth_m = 0.5").replace(
        'severity = "warning"', 'severity = "note"'
    )
    new = CARD.format(more="since = 2026-07-01\n[tolerance]\nwidth_m = 0.1")
    home = made(tmp_path / "a", cards={"QH01-a.toml": old, "QH01-b.toml": new})
    for day, width in ((dt.date(2026, 6, 30), 0.5), (dt.date(2026, 7, 1), 0.1)):
        (rule,) = planning.read_set(home, "national", day).rules
        assert rule.tolerance == {"width_m": width}
    every = planning.read_set(home, "national")
    assert every.rule("QH01").tolerance == {"width_m": 0.1}
    assert len(every.rules) == 2
    # The days on which a card holds are no part of what it asks.
    alone = made(tmp_path / "b", cards={"QH01.toml": old.replace("until = 2026-06-30\n", "")})
    day = dt.date(2026, 1, 1)
    assert (
        planning.read_set(alone, "national").digest
        == planning.read_set(home, "national", day).digest
    )
