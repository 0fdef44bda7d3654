"""Let the tests of this folder import their helper `record_kit`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def folder(tmp_path):
    """A commune's folder."""
    made = tmp_path / "mường-khoa"
    made.mkdir()
    return made


@pytest.fixture
def path(folder):
    """Where its record lies, or will."""
    return folder / "record.sqlite"
