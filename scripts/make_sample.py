"""Write the sample commune in data/sample/: files as an office has them, over invented ground.

A maintainers' script; the files it writes are kept in the repository, and commune.toml beside them
is kept by hand. It takes about two minutes and writes the same bytes at every run with the same
libraries:

    .venv/bin/python scripts/make_sample.py [FOLDER]
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pyogrio
from sample_commune import commune, faults, office, writers

LARGEST_FILE, LARGEST_FOLDER = 1_000_000, 3_000_000
SHIPPED = Path(__file__).resolve().parents[1] / "data" / "sample"


def main(folder: Path) -> int:
    """Write everything and print what it weighs."""
    options = {"OGR_CURRENT_DATE": writers.WRITTEN, "OGR_SQLITE_JOURNAL": "MEMORY"}
    pyogrio.set_gdal_config_options(options)
    print("Working the commune out …", flush=True)
    sample = commune.make()
    commune.check(sample)
    office.write(sample, folder / "sources")
    found = faults.find(sample)
    (folder / "FAULTS.md").write_text(faults.text(found), encoding="utf-8", newline="\n")
    if folder.resolve() != SHIPPED:
        shutil.copyfile(SHIPPED / "commune.toml", folder / "commune.toml")
    total, largest = 0, 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        size = path.stat().st_size
        total, largest = total + size, max(largest, size)
        print(f"{size:>9,}  {path.relative_to(folder)}")
    print(f"{total:>9,}  in all; {len(found)} faults")
    return 0 if largest <= LARGEST_FILE and total <= LARGEST_FOLDER else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED))
