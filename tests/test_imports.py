"""Import contracts: kept as the package stands, and broken by planted wrong imports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = "import sys; from importlinter.cli import lint_imports_command as c; c(sys.argv[1:])"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package's modules, to plant imports in."""
    place = tmp_path_factory.mktemp("imports")
    shutil.copytree(
        ROOT / "ntm_gis", place / "ntm_gis", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "setup.cfg", place)
    return place


def lint(place: Path) -> tuple[int, str]:
    env = {**os.environ, "PYTHONPATH": str(place), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=place, env=env, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_the_contracts_are_kept(copy: Path) -> None:
    status, told = lint(copy)
    assert status == 0, told
    assert "3 kept, 0 broken" in told


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        (
            "crs/zones.py",
            "import ntm_gis.layers.values",
            "A package imports only the ones below it",
        ),
        (
            "analyses/funds/analysis.py",
            "import ntm_gis.sources.kinds",
            "A package imports only the ones below it",
        ),
        (
            "outputs/gates.py",
            "import ntm_gis.analyses.funds.analysis",
            "A package imports only the ones below it",
        ),
        ("analyses/funds/analysis.py", "import pyogrio", "Only sources opens inputs"),
        ("results/values.py", "import numpy", "Results stand on the standard library"),
    ],
    ids=["upwards", "sideways", "outputs compute", "a second door in", "weight in results"],
)
def test_a_planted_import_breaks_its_contract(
    copy: Path, module: str, line: str, broken: str
) -> None:
    path = copy / "ntm_gis" / module
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(f"{before}\n{line}\n", encoding="utf-8")
        status, told = lint(copy)
    finally:
        path.write_text(before, encoding="utf-8")
    assert status != 0
    assert f"{broken}" in told
    assert any(row.startswith(broken) and row.endswith("BROKEN") for row in told.splitlines()), told
