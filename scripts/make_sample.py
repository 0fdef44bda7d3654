"""Write the sample commune in data/sample/: files as an office has them, over invented ground.

A maintainers' script; the files it writes are kept in the repository. It takes about two minutes
and writes the same bytes at every run with the same libraries:

    .venv/bin/python scripts/make_sample.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyogrio
from sample_commune import commune, faults, office, settings, writers

LARGEST_FILE, LARGEST_FOLDER = 1_000_000, 3_000_000


def main(folder: Path) -> int:
    """Write everything and print what it weighs."""
    pyogrio.set_gdal_config_options(
        {"OGR_CURRENT_DATE": writers.WRITTEN, "OGR_SQLITE_JOURNAL": "MEMORY"}
    )
    print("Working the commune out …", flush=True)
    sample = commune.make()
    commune.truths(sample)
    sources = folder / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    found = office.write(sample, sources)
    (folder / "commune.toml").write_text(settings.commune_toml(), encoding="utf-8", newline="\n")
    listing = faults.text(found, office.blanks(), office.known(sample))
    (folder / "FAULTS.md").write_text(listing, encoding="utf-8", newline="\n")
    total = 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        size = path.stat().st_size
        total += size
        print(f"{size:>9,}  {path.relative_to(folder)}")
        if size > LARGEST_FILE:
            print(f"{path.name} is larger than {LARGEST_FILE:,} bytes", file=sys.stderr)
            return 1
    print(f"{total:>9,}  in all; {len(found)} faults")
    return 0 if total <= LARGEST_FOLDER else 1


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else root / "data" / "sample"))
