"""Loops of matching are compiled once, and anew wherever their code cannot be kept or read."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

KERNELS = ("matching.kernels", "matching.kernels_legs", "matching.kernels_way")

LOOPS = """
from ntm_gis.analyses.compiled import compiled

@compiled
def twice(x):
    return 2 * x

print(twice(21), sum(twice.stats.cache_hits.values()), sum(twice.stats.cache_misses.values()))
"""  # fmt: skip


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A module with a loop, in a folder of its own; its user's cache is beside it."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "loops.py").write_text(LOOPS, encoding="utf-8")
    return tmp_path


def run(folder: Path, **more: str) -> list[int]:
    """What the loop gives in a process of its own, and how often its code was found, was not."""
    root = Path(__file__).parents[2]
    home = str(folder / "home")
    said = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"), home)
    kept = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    env = {**kept, **said, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", **more}
    done = subprocess.run(
        [sys.executable, folder / "package" / "loops.py"],
        check=True, capture_output=True, text=True, encoding="utf-8", env=env,
    )  # fmt: skip
    assert done.stderr == ""
    return [int(word) for word in done.stdout.split()]


def code(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*.nb[ci]"))


def test_the_second_process_finds_the_code_beside_the_module(installed):
    assert run(installed) == [42, 0, 1]
    assert run(installed) == [42, 1, 0]
    assert {path.parent.name for path in code(installed)} == {"__pycache__"}


def test_a_folder_may_be_named_for_the_code(installed):
    where = installed / "elsewhere"
    assert run(installed, NUMBA_CACHE_DIR=str(where)) == [42, 0, 1]
    assert run(installed, NUMBA_CACHE_DIR=str(where)) == [42, 1, 0]
    assert code(where) == code(installed) != []


def test_where_the_installation_cannot_be_written_the_users_cache_is_used(installed):
    (installed / "package" / "__pycache__").write_bytes(b"")  # a file where a folder should be
    assert run(installed) == [42, 0, 1]
    assert run(installed) == [42, 1, 0]
    assert code(installed / "home") == code(installed) != []


def test_where_nothing_can_be_written_the_loops_run_all_the_same(installed):
    (installed / "package" / "__pycache__").write_bytes(b"")
    (installed / "home").write_bytes(b"")
    for _ in range(2):
        assert run(installed)[0] == 42
    assert code(installed) == []


@pytest.mark.parametrize(("ending", "left"), [("nbi", 0), ("nbc", 20)])
def test_code_cut_short_by_a_power_failure_is_made_anew(installed, ending, left):
    run(installed)
    for path in code(installed):
        if path.suffix == f".{ending}":
            path.write_bytes(path.read_bytes()[:left])
    assert run(installed)[:2] == [42, 0]
    assert run(installed) == [42, 1, 0]


def test_a_disk_that_takes_no_code_costs_no_figure(installed, monkeypatch):
    from ntm_gis.analyses.compiled import _Kept

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_Kept.__mro__[1], "save_overload", full)
    monkeypatch.syspath_prepend(str(installed / "package"))
    assert importlib.import_module("loops").twice(4) == 8


@pytest.mark.parametrize("name", KERNELS)
def test_loops_call_only_loops_of_their_own_file(name):
    """Kept code is renewed with its own file alone: code of another file in it would grow old."""
    module = importlib.import_module(f"ntm_gis.analyses.{name}")
    loops = {k: v for k, v in vars(module).items() if hasattr(v, "py_func")}
    assert loops
    assert {loop.py_func.__module__ for loop in loops.values()} == {module.__name__}


def test_only_a_commune_with_tracks_waits_for_the_compiler():
    asked = (
        "import sys, build, ntm_gis.cli; from ntm_gis import analyses;"
        "road = {'road_id': 'D1', 'road_class': 'village',"
        " 'geometry': build.line((0, 0), (900, 0))};"
        "work = {'work_id': 'CT01', 'road_id': 'D1', 'planned_length_m': 900.0};"
        "found = analyses.answer(build.layers(roads=[road], road_works=[work]));"
        "assert not found.failures and len(found.frames['road_progress']) == 1, found.failures;"
        "print([name for name in sys.modules if name.partition('.')[0] in ('numba', 'llvmlite')])"
    )
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, "-c", asked], check=True, capture_output=True, text=True,
        encoding="utf-8", env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
