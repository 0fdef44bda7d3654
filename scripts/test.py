"""Set up what the tests need and run every check.

    python3 scripts/test.py [--nothing-skipped] [-- PYTEST ARGUMENTS]

Style (ruff), types (mypy), import contracts, then pytest with unit, property, doc, golden and
browser tests. The last line says what ran. Tests on real geodata take its folder from the
variable NTM_GIS_TEST_DATA and are skipped without it; browser tests need Chromium, which is
installed where this script may.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import _setup

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
CHECKED = ("ntm_gis", "scripts", "tests", "benchmarks")


def ensure_browser() -> None:
    """Install Chromium where it is missing and this machine lets us."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    apt = shutil.which("apt-get")
    if apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        _setup.say("Cài Chromium cho các bài thử trang … / Installing Chromium for page tests …")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        _setup.run(apt, "-qq", "update", env=quiet)
        _setup.run(apt, "-qq", "install", "--yes", "--no-install-recommends", "chromium", env=quiet)
    if not any(shutil.which(name) for name in BROWSERS):
        _setup.say(
            "Không có Chromium: bỏ qua các bài thử trang. / No Chromium: page tests skipped."
        )


def checks(python: Path) -> list[tuple[str, list[str]]]:
    """Return the checks that come before the tests, by name."""
    folders = [f for f in CHECKED if (_setup.ROOT / f).is_dir()]
    tool = [str(python), "-m"]
    return [
        ("ruff", [*tool, "ruff", "check", *folders]),
        ("format", [*tool, "ruff", "format", "--check", *folders]),
        ("mypy", [*tool, "mypy", "ntm_gis", "scripts"]),
        (
            "imports",
            [str(python), "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        ),
    ]


def counts(report: Path) -> dict[str, int]:
    """Read passed, failed and skipped from pytest's report."""
    # Written by pytest a moment ago, not received from anywhere.
    suite = next(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314
    number = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
    failed = number["failures"] + number["errors"]
    return {
        "passed": number["tests"] - failed - number["skipped"],
        "failed": failed,
        "skipped": number["skipped"],
    }


def main(argv: list[str]) -> int:
    """Run everything; return 0 where all is well."""
    strict = "--nothing-skipped" in argv
    extra = argv[argv.index("--") + 1 :] if "--" in argv else []
    start = time.monotonic()
    python = _setup.prepare("test")
    ensure_browser()
    failed = []
    for name, command in checks(python):
        _setup.say(f"== {name}")
        if _setup.run(*command) != 0:
            failed.append(name)
    report = _setup.VENV / "pytest.xml"
    report.unlink(missing_ok=True)
    _setup.say("== pytest")
    workers = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
    status = _setup.run(
        python,
        "-m",
        "pytest",
        "-q",
        *workers,
        f"--junitxml={report}",
        *extra,
        env={"PYTHONUTF8": "1"},
    )
    found = counts(report) if report.is_file() else {"passed": 0, "failed": 1, "skipped": 0}
    if status != 0 or found["passed"] == 0:
        failed.append("pytest")
    if strict and found["skipped"]:
        failed.append("skipped tests")
    _setup.say(
        f"== {time.monotonic() - start:.0f} s; "
        + (f"failed: {', '.join(failed)}" if failed else "all well")
    )
    wrong = found["failed"] + len([name for name in failed if name != "pytest"])
    _setup.say(f"{found['passed']} passed, {wrong} failed, {found['skipped']} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
