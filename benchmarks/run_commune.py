"""The whole run of the sample commune: seconds by part and peak memory; an atlas of 12 sheets.

    python benchmarks/run_commune.py [FOLDER] [--again N] [--atlas]

Each run is a new process. The first run ever (nothing cached: byte code, fonts) is printed
beside the later ones; seconds are of the clock and of the processor, of this process by part and
of all processes in the end: on a busy machine the processor's are the ones to compare. The
results are compared before times are printed: every run must give the same results.json and the
same printed maps. `aim` is what the part may take by the clock on two idle cores.
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
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

AIMS = {"review": 3.0, "tables.xlsx": 1.0, "report.docx": 2.0, "run": 45.0, "atlas": 25.0}
SHEETS = 12

CHILD = """
import json, sys, time
begun = time.perf_counter()
from pathlib import Path
from ntm_gis import pipeline
parts, last = {}, [begun, 0.0, "imports"]
def progress(step):
    now, cpu = time.perf_counter(), time.process_time()
    had = parts.setdefault(last[2], [0.0, 0.0])
    had[0] += now - last[0]
    had[1] += cpu - last[1]
    last[:] = now, cpu, part(step)
def part(step):
    first, _, rest = step.partition("/")
    if first == "maps" and rest:
        printed = rest.rpartition(".")[2] in ("pdf", "png", "svg")
        return "maps, printed" if printed else "maps, pages"
    return first
def memory():
    try:
        import resource
    except ImportError:
        return None
    scale = 1 if sys.platform == "darwin" else 1024
    both = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {"mb": [u.ru_maxrss * scale / 1e6 for u in both],
            "cpu": [u.ru_utime + u.ru_stime for u in both]}
folder = Path(sys.argv[1])
"""

RUN = """
found, written = pipeline.run(folder, progress=progress)
progress("end")
"""

ATLAS = """
from ntm_gis.outputs import atlas, webmap
found = pipeline.review(folder, progress=progress)
sheets = frozenset(webmap.available(found.answer)[:int(sys.argv[2])])
progress("atlas")
atlas.write(found.answer, found.layers, found.commune, folder / "out", sheets=sheets)
progress("end")
"""

TOLD = """
print(json.dumps({"parts": parts, "total": time.perf_counter() - begun, "use": memory(),
                  "measures": len(found.answer.measures), "findings": len(found.findings)}))
"""


def child(code: str, folder: Path, cache: Path, *more: str) -> dict[str, Any]:
    """Run once in a new process; return its figures."""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(cache), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CHILD + code + TOLD, str(folder), *more],
        env=env, check=True, capture_output=True, encoding="utf-8", cwd=ROOT,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def digests(folder: Path) -> dict[str, str]:
    """Return digests of the results and of the printed maps, by file."""
    out = folder / "out"
    made = [out / "results.json", *sorted((out / "maps").glob("*.p[dn][fg]"))]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


def once(folder: Path, cache: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Make everything once; return the figures and the digests of what was made."""
    return child(RUN, folder, cache), digests(folder)


def main() -> int:
    """Print the table; return 1 where two runs differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--again", type=int, default=3)
    parser.add_argument("--atlas", action="store_true", help=f"an atlas of {SHEETS} sheets too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch) / "muong-khoa"
        if options.folder is None:
            subprocess.run(
                [sys.executable, "-m", "ntm_gis", "sample", str(folder)], check=True, cwd=ROOT
            )
        cache = Path(scratch) / "cache"
        runs = [once(folder, cache) for _ in range(1 + options.again)]
        first = runs[0][1]
        other = {name for _, made in runs for name in made if made[name] != first.get(name)}
        if other:
            print("runs differ in:", ", ".join(sorted(other)))
            return 1
        print(f"{len(first)} files (results, printed maps) the same in all {len(runs)} runs")
        table([run for run, _ in runs], "run")
        if options.atlas:
            print(f"\natlas of {SHEETS} sheets")
            table([child(ATLAS, folder, cache, str(SHEETS))], "atlas, all steps")
        sizes = {
            p.relative_to(folder).as_posix(): p.stat().st_size
            for p in (folder / "out").rglob("*")
            if p.is_file()
        }
        for name, size in sorted(sizes.items()):
            print(f"{name:34s} {size / 1e3:9.1f} kB")
    return 0


def table(runs: list[dict[str, Any]], whole: str) -> None:
    """Print seconds by part: the first run, then the median of the others."""
    names = list(dict.fromkeys(part for run in runs for part in run["parts"]))
    rows = {name: [run["parts"].get(name, [0.0, 0.0]) for run in runs] for name in names}
    intake = ("imports", "sources", "layers", "analyses")
    rows["review"] = [
        [sum(run["parts"].get(name, [0.0, 0.0])[i] for name in intake) for i in (0, 1)]
        for run in runs
    ]
    rows[whole] = [[run["total"], sum((run["use"] or {"cpu": [0.0]})["cpu"])] for run in runs]
    print(f"{'part':24s} {'first, s':>9s} {'later, s':>9s} {'processor':>9s} {'aim':>6s}")
    for name, found in rows.items():
        later = sorted(found[1:]) or found
        clock, processor = later[len(later) // 2]
        aim = f"{AIMS[name]:6.0f}" if name in AIMS else ""
        print(f"{name:24s} {found[0][0]:9.2f} {clock:9.2f} {processor:9.2f} {aim}")
    use = runs[-1]["use"]
    if use is not None:
        print("peak memory, MB: this process {:.0f}, largest child {:.0f}".format(*use["mb"]))
    print("measures:", runs[-1]["measures"], " findings:", runs[-1]["findings"])


if __name__ == "__main__":
    sys.exit(main())
