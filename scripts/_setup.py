"""What demo.py and test.py share: a virtual environment of the checkout's own, locked.

Standard library only, no shell; the same on Windows, macOS and Linux.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": ROOT / "requirements" / "run.lock", "test": ROOT / "requirements" / "test.lock"}
LEAST = (3, 11)


def say(text: str) -> None:
    """Print a line at once, also where the console knows no Vietnamese."""
    if isinstance(sys.stdout.encoding, str) and sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    print(text, flush=True)


def run(*args: str | Path, env: dict[str, str] | None = None) -> int:
    """Run a program in the checkout and return its exit status."""
    return subprocess.run(
        [str(a) for a in args], cwd=ROOT, env={**os.environ, **(env or {})}, check=False
    ).returncode


def require_python() -> None:
    """Stop with a sentence where Python is too old."""
    if sys.version_info < LEAST:
        say(
            f"Cần Python {LEAST[0]}.{LEAST[1]} trở lên; máy này có {sys.version.split()[0]}. "
            f"/ Python {LEAST[0]}.{LEAST[1]} or newer is needed."
        )
        sys.exit(2)


def _stamp(name: str) -> str:
    parts = [LOCKS[name].read_bytes(), (ROOT / "setup.cfg").read_bytes(), sys.version.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _works() -> bool:
    return PYTHON.is_file() and run(PYTHON, "-c", "pass") == 0


def prepare(name: str) -> Path:
    """Make `.venv` with the locked packages of `run` or `test` and the checkout itself.

    Quick when nothing changed: a stamp of the lock file, setup.cfg and Python's version is kept
    in the environment. The lock of `test` holds all of `run`.

    Returns
    -------
    Path
        The environment's Python.
    """
    require_python()
    if not _works():
        say(f"Tạo môi trường riêng trong {VENV.name} … / Making the environment …")
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    wanted = _stamp(name)
    stamp = VENV / f"ntm-gis-{name}.stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return PYTHON
    say("Cài các thư viện đã khóa phiên bản (vài phút ở lần đầu) … / Installing locked packages …")
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "install",
    ]
    # A development checkout may hold the larger set already; it serves `run` as well.
    steps: list[list[str | Path]] = [
        [*pip, "--require-hashes", "--requirement", LOCKS[name]],
        [*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT],
    ]
    for step in steps:
        if run(*step) != 0:
            say(
                "Không cài được thư viện. Hãy kiểm tra kết nối mạng rồi chạy lại lệnh này. "
                "/ Packages could not be installed; check the network and run again."
            )
            sys.exit(3)
    stamp.write_text(wanted, encoding="utf-8")
    return PYTHON
