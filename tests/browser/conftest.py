"""What every browser test needs: Chromium, and a small commune made by hand."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

sync_api = pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="session")
def synthetic_commune() -> ModuleType:
    path = Path(__file__).parents[1] / "outputs" / "synthetic.py"
    spec = importlib.util.spec_from_file_location("synthetic", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser():
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    with sync_api.sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except sync_api.Error as cause:
            pytest.skip(f"no Chromium: {cause}")
        yield started
        started.close()
