"""Maintainers' job: write the lock files from setup.cfg, with hashes, for Python 3.11 and 3.12.

    python3 scripts/lock.py

Needs `uv` (from PyPI) on the path. `test.lock` holds all of `run.lock` in the same versions.
"""

from __future__ import annotations

import configparser
import shutil
import sys
import tempfile
from pathlib import Path

import _setup

HEAD = "# Written by scripts/lock.py from setup.cfg; hashes are checked on installation.\n"
BUILD = ["setuptools>=75"]


def wanted() -> dict[str, list[str]]:
    """Return the requirements of each lock, from setup.cfg."""
    config = configparser.ConfigParser()
    config.read(_setup.ROOT / "setup.cfg", encoding="utf-8")

    def lines(section: str, key: str) -> list[str]:
        return [line for line in config[section][key].split("\n") if line.strip()]

    run = [*lines("options", "install_requires"), *BUILD]
    return {"test": [*run, *lines("options.extras_require", "test")], "run": run}


def main() -> int:
    """Write both locks; return 0 when done."""
    uv = shutil.which("uv")
    if uv is None:
        _setup.say("uv is needed: pip install uv")
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        for name, lines in wanted().items():
            source = Path(scratch) / f"{name}.in"
            source.write_text("\n".join(lines) + "\n", encoding="utf-8")
            command = [
                uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
                "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url",
                "--output-file", str(Path(scratch) / f"{name}.lock"), str(source),
            ]  # fmt: skip
            if name == "run":
                command += ["--constraint", str(Path(scratch) / "test.pins")]
            if _setup.run(*command) != 0:
                return 1
            text = (Path(scratch) / f"{name}.lock").read_text(encoding="utf-8")
            if name == "test":
                pins = [line.split(" \\")[0] for line in text.splitlines() if "==" in line]
                (Path(scratch) / "test.pins").write_text("\n".join(pins) + "\n", encoding="utf-8")
            _setup.LOCKS[name].write_text(HEAD + text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
