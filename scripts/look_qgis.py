"""Open a commune's project in QGIS, where QGIS is installed, and say what is wrong with it.

    python3 scripts/look_qgis.py FOLDER              # a commune already run, or its out/
    python3 scripts/look_qgis.py FOLDER PICTURES     # draws each theme and sheet as well

Nothing of ntm_gis needs QGIS; this is for maintainers and for offices that want to be sure. The
project is read by the QGIS of this machine (3.22 or newer), once where it lies and once moved to
a folder with spaces and Vietnamese letters: layers, styles, reference system, headings, value
lists, themes, sheets, editing of a copy. Standard library only, no shell. QGIS brings a Python of
its own, which is looked for; the variable QGIS_PYTHON names another.

Exit status: 0 nothing wrong, 1 something is, 2 wrong use, 3 no QGIS found.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import _setup

LOOKER = Path(__file__).with_name("_qgis_looks.py")
PLACES = (
    # Windows: the installers of QGIS and OSGeo4W; macOS; Linux.
    "C:/Program Files/QGIS*/bin/python-qgis*.bat",
    "C:/OSGeo4W*/bin/python-qgis*.bat",
    "/Applications/QGIS*.app/Contents/MacOS/bin/python3",
    "/usr/bin/python3",
)


def candidates() -> Iterator[Path]:
    """Yield Pythons that may know QGIS, the one asked for first."""
    asked = os.environ.get("QGIS_PYTHON")
    if asked:
        yield Path(asked)
        return
    for place in PLACES:
        path = Path(place)
        root = Path(path.anchor)
        if root.is_dir():
            yield from sorted(root.glob(str(path.relative_to(root))), reverse=True)


def knows_qgis(python: Path) -> bool:
    """Whether a Python can import QGIS."""
    try:
        asked = subprocess.run(
            [str(python), "-c", "import qgis.core"], env=surroundings(), check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def surroundings() -> dict[str, str]:
    """Return the variables for QGIS: no window, UTF-8, nothing of our own environment."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}


def project_of(folder: Path) -> Path | None:
    """Return the project of a commune's folder, or of its `out/`."""
    found = (folder / "out" / "commune.qgz", folder / "commune.qgz")
    return next((path for path in found if path.is_file()), None)


def main(arguments: list[str]) -> int:
    """Look at a project; return the exit status."""
    if len(arguments) not in (1, 2):
        _setup.say(__doc__ or "")
        return 2
    project = project_of(Path(arguments[0]))
    if project is None:
        _setup.say(f"{arguments[0]}: no commune.qgz here; run the commune first.")
        return 2
    python = next((path for path in candidates() if knows_qgis(path)), None)
    if python is None:
        _setup.say("No QGIS found on this machine; QGIS_PYTHON may name its Python.")
        return 3
    _setup.say(f"QGIS by {python}")
    pictures = [str(Path(arguments[1]).resolve())] if len(arguments) > 1 else []
    command = [str(python), str(LOOKER), str(project.resolve()), *pictures]
    return subprocess.run(command, env=surroundings(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
