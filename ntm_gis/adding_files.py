"""Which of the files that a person names are taken in, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ntm_gis import sources, text
from ntm_gis.asking import Said
from ntm_gis.outputs import folders
from ntm_gis.rules.terms import term
from ntm_gis.sources import Table

_GEOPACKAGE = frozenset({"evidence", "measures", "findings"})
_SHEETS = ("sheet_measures", "sheet_findings", "sheet_evidence", "sheet_sources")


def main_files(folder: Path, files: Sequence[Path], out: Said) -> list[Path]:
    """Return the files that stand for themselves, each once; say what becomes of the others."""
    found: list[Path] = []
    for file in files:
        beside = sources.main_of(file.name, names_beside(file))
        main = None if beside is None else file.with_name(beside)
        if folders.is_result(folder, file):
            out.refuse("ADD_FROM_OUT", file=file.name)
        elif main is not None:
            if main not in files and main not in found:
                found.append(main)
            out.tell("ADD_COMPANION", file=file.name, main=main.name)
        elif not file.exists():
            close = text.suggestions(file.name, names_beside(file), 1)
            code = "ADD_FILE_MISSING_MEANT" if close else "ADD_FILE_MISSING"
            out.refuse(code, file=str(file), meant=close[0] if close else None)
        else:
            found.append(file)
    return found


def names_beside(file: Path) -> list[str]:
    """Return the names of what lies in the folder of a file."""
    try:
        return [path.name for path in file.parent.iterdir()]
    except OSError:
        return []


def is_own_output(tables: Iterable[Table]) -> bool:
    """Whether a file is a copy of commune.gpkg or tables.xlsx, wherever it lies now.

    Known by its tables: no office has evidence, measures and findings side by side.
    """
    names = {text.fold(table.table) for table in tables if table.table}
    sheets = [{text.fold(term(key).of(lang)) for lang in ("vi", "en")} for key in _SHEETS]
    return names >= _GEOPACKAGE or sum(bool(names & spelt) for spelt in sheets) > 2
