"""Private folders of dead programs go; those of living ones, and of others, stay."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ntm_gis.sources.opening import opening
from ntm_gis.sources.sweeping import sweep

HOUR = 3600.0


def _dead() -> int:
    """Return the number of a process that has just ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as done:
        done.wait()
    return done.pid


def _folder(place: Path, name: str) -> Path:
    folder = place / name
    folder.mkdir()
    (folder / "ban.xlsx").write_bytes(b"x")
    return folder


def test_only_what_a_dead_program_left_goes(tmp_path):
    now = tmp_path.stat().st_mtime
    left = _folder(tmp_path, f"ntm-gis-{_dead()}-abcdefgh")
    alive = _folder(tmp_path, f"ntm-gis-{os.getpid()}-abcdefgh")
    nameless = _folder(tmp_path, "ntm-gis-abcdefgh")
    others = [_folder(tmp_path, name) for name in ("khac", "ntm-gis", f"ntm-gis-{_dead()}-x y")]
    (tmp_path / "ntm-gis-su-co-abc.txt").write_text("x", encoding="utf-8")
    link = tmp_path / f"ntm-gis-{_dead()}-linklink"
    link.symlink_to(others[0], target_is_directory=True)
    assert sweep(tmp_path, now) == []
    assert sweep(tmp_path, now + HOUR) == [left]
    assert sweep(tmp_path, now + 30 * HOUR) == [nameless]
    assert not left.exists()
    assert alive.exists()
    assert all((folder / "ban.xlsx").exists() for folder in others)
    assert link.is_symlink()


def test_a_place_that_cannot_be_listed_is_left(tmp_path):
    assert sweep(tmp_path / "nirgends", 0.0) == []


def test_a_folder_is_named_after_its_program(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with opening(None):
        (folder,) = tmp_path.iterdir()
        assert folder.name.startswith(f"ntm-gis-{os.getpid()}-")
    assert list(tmp_path.iterdir()) == []
