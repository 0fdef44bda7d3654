"""A wheel and an editable installation both find the shipped folders, from another directory."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

SHOW = (
    "import ntm_gis, ntm_gis.shipped as s;"
    "from ntm_gis.results import sentence;"
    "print(ntm_gis.__file__); print(s.root());"
    "print(sentence('STOPPED_BY_USER', {}).vi)"
)


def ask(code: str, cwd: Path, path: Path | None = None) -> list[str]:
    env = {**os.environ, "PYTHONUTF8": "1"}
    env.pop("PYTHONPATH", None)
    if path is not None:
        env["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=env,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of what git would carry, unpacked as an installation lays it."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    # pip builds in a temporary copy of its own only for sdists: keep `build/` out of the checkout.
    env = {**os.environ, "DIST_EXTRA_CONFIG": str(place / "extra.cfg")}
    (place / "extra.cfg").write_text(f"[build]\nbuild_base = {place / 'build'}\n", encoding="utf-8")
    subprocess.run(
        [*command, "-w", str(place), str(ROOT)], check=True, cwd=place, env=env, capture_output=True
    )
    (wheel,) = place.glob("*.whl")
    out = place / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out)
    return out


def test_the_wheel_finds_its_folders(unpacked: Path, tmp_path: Path) -> None:
    file, root, sentence = ask(SHOW, tmp_path, unpacked)
    assert Path(file).is_relative_to(unpacked)
    assert Path(root) == unpacked / "ntm_gis" / "_shipped"
    assert sentence.startswith("Đã dừng theo yêu cầu.")


def test_the_checkout_finds_its_folders(tmp_path: Path) -> None:
    file, root, _ = ask(SHOW, tmp_path)
    assert Path(file).is_relative_to(ROOT)
    assert Path(root) == ROOT


@pytest.mark.parametrize("folder", ["layers", "maps", "data"])
def test_the_wheel_carries_every_shipped_file(unpacked: Path, folder: str) -> None:
    there = {p.relative_to(ROOT / folder) for p in (ROOT / folder).rglob("*") if p.is_file()}
    carried = unpacked / "ntm_gis" / "_shipped" / folder
    assert there
    assert there == {p.relative_to(carried) for p in carried.rglob("*") if p.is_file()}


def test_the_wheel_carries_every_file_of_the_package(unpacked: Path) -> None:
    def files(root: Path) -> set[Path]:
        return {
            p.relative_to(root)
            for p in root.rglob("*")
            if p.is_file() and "__pycache__" not in p.parts and "_shipped" not in p.parts
        }

    assert files(unpacked / "ntm_gis") == files(ROOT / "ntm_gis")


def test_every_package_is_listed() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = {
        line
        for line in config["options"]["packages"].split("\n")
        if line and "_shipped" not in line
    }
    there = {
        ".".join(p.parent.relative_to(ROOT).parts) for p in (ROOT / "ntm_gis").rglob("__init__.py")
    }
    assert listed == there
