"""The whole run of the sample commune: seconds by step and peak memory.

    python benchmarks/run_commune.py [FOLDER] [--again N]

Each run is a new process. The first run ever (nothing cached: byte code, fonts) is printed
beside the later ones. The results are compared before times are printed: every run must give
the same results.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHILD = """
import json, sys, time
start = time.perf_counter()
from pathlib import Path
from ntm_gis import pipeline
marks = [("imports", time.perf_counter() - start)]
last = time.perf_counter()
steps = {}
current = ["start"]
def progress(step):
    global last
    now = time.perf_counter()
    steps[current[0]] = steps.get(current[0], 0) + now - last
    current[0] = step.split(":")[0]
    last = now
found, written = pipeline.run(Path(sys.argv[1]), progress=progress)
progress("end")
def memory():
    try:
        import resource
    except ImportError:
        return None, None
    scale = 1 if sys.platform == "darwin" else 1024
    return tuple(resource.getrusage(w).ru_maxrss * scale / 1e6
                 for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"steps": {"imports": marks[0][1], **steps},
                  "total": time.perf_counter() - start, "memory": memory(),
                  "measures": len(found.answer.measures), "findings": len(found.findings)}))
"""


def once(folder: Path, cache: Path) -> tuple[dict[str, object], str]:
    """Run once in a new process; return its figures and the digest of results.json."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(cache), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)],
        env=env, check=True, capture_output=True, encoding="utf-8", cwd=ROOT,
    )  # fmt: skip
    results = (folder / "out" / "results.json").read_bytes()
    return json.loads(done.stdout.splitlines()[-1]), hashlib.sha256(results).hexdigest()


def main() -> int:
    """Print the table; return 1 where two runs differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--again", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch) / "muong-khoa"
        if options.folder is None:
            subprocess.run(
                [sys.executable, "-m", "ntm_gis", "sample", str(folder)], check=True, cwd=ROOT
            )
        cache = Path(scratch) / "cache"
        runs = [once(folder, cache) for _ in range(1 + options.again)]
        digests = {digest for _, digest in runs}
        if len(digests) != 1:
            print("runs differ:", digests)
            return 1
        print(f"results.json the same in all {len(runs)} runs: {digests.pop()[:12]}")
        table(runs)
        sizes = {
            p.relative_to(folder).as_posix(): p.stat().st_size
            for p in (folder / "out").rglob("*")
            if p.is_file()
        }
        for name, size in sorted(sizes.items()):
            print(f"{name:34s} {size / 1e3:9.1f} kB")
    return 0


def table(runs: list[tuple[dict[str, object], str]]) -> None:
    """Print seconds by step: the first run, then the median of the others."""
    names = list(dict.fromkeys(step for run, _ in runs for step in run["steps"]))  # type: ignore[attr-defined]
    print(f"{'step':20s} {'first':>8s} {'later (median)':>15s}")
    for name in [*names, "total"]:
        seconds = [
            run["total"] if name == "total" else run["steps"].get(name, 0.0) for run, _ in runs
        ]  # type: ignore[attr-defined]
        later = sorted(seconds[1:]) or seconds
        print(f"{name:20s} {seconds[0]:8.2f} {later[len(later) // 2]:15.2f}")
    print("peak memory, MB (this process, its children):", runs[-1][0]["memory"])
    print("measures:", runs[-1][0]["measures"], " findings:", runs[-1][0]["findings"])


if __name__ == "__main__":
    sys.exit(main())
