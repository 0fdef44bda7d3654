"""Set the program up, write the sample commune and run the whole review on it.

    python3 scripts/demo.py

Everything stays inside the checkout: `.venv/` and `demo/muong-khoa/`. Run again, it only
computes anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

import _setup


def main() -> int:
    """Run the demonstration; return its exit status."""
    python = _setup.prepare("run")
    folder = _setup.ROOT / "demo" / "muong-khoa"
    command: list[str | Path] = [python, "-m", "ntm_gis"]
    utf8 = {"PYTHONUTF8": "1"}
    _setup.say("Ghi xã mẫu vào demo/muong-khoa … / Writing the sample commune …")
    status = _setup.run(*command, "sample", folder, "--overwrite", env=utf8)
    if status != 0:
        return status
    status = _setup.run(*command, "run", folder, env=utf8)
    page = folder / "out" / "index.html"
    # 1: findings block official figures. The sample bears them on purpose; the run is good.
    if status not in {0, 1} or not page.is_file():
        return status or 3
    _setup.say(f"\nMở trang này bằng trình duyệt / Open this page in a browser:\n{page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
