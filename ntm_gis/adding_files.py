"""Which of the files that a person names are taken in, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ntm_gis import sources, text
from ntm_gis.asking import Said
from ntm_gis.outputs import folders
from ntm_gis.rules.terms import term
from ntm_gis.sources import Table

LOCK = "~$"
"""How the name of a file begins that Excel keeps beside an open workbook."""

_FORMS = frozenset({"xlsx"})
BESIDE = frozenset({"", "txt", "docx", "doc", "pdf", "html", "ini", "db", "jpg", "jpeg"})
"""Endings of what lies beside data: letters, guides, pictures, which are taken in apart."""

_GEOPACKAGE = frozenset({"evidence", "measures", "findings"})
_SHEETS = ("sheet_measures", "sheet_findings", "sheet_evidence", "sheet_sources")


def main_files(folder: Path, files: Sequence[Path], out: Said) -> list[Path]:
    """Return the files that stand for themselves, each once; say what becomes of the others."""
    found: list[Path] = []
    for file in files:
        beside = sources.main_of(file.name, names_beside(file))
        main = None if beside is None else file.with_name(beside)
        if file.name.startswith(LOCK):
            out.tell("ADD_LOCK_FILE", file=file.name, main=file.name.removeprefix(LOCK))
        elif folders.is_result(folder, file):
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


def of_forms(place: Path) -> bool:
    """Whether a folder holds forms of one kind, to be one source, and no mixture of data.

    Forms are workbooks of which two have the same columns, or one alone; an office's folder of
    all sorts of files is not that.
    """
    endings = {path.suffix.lower().lstrip(".") for path in place.iterdir() if path.is_file()}
    if not endings & _FORMS or endings - _FORMS - BESIDE:
        return False
    seen: set[tuple[str, ...]] = set()
    for number, path in enumerate(contents(place), 1):
        if path.suffix.lower().lstrip(".") not in _FORMS:
            continue
        columns = tuple(sources.look(path)[0].columns)
        if columns and columns in seen:
            return True
        seen.add(columns)
        if number > _LOOKED_AT:
            break
    return len(seen) == 1


_LOOKED_AT = 8


def contents(place: Path) -> list[Path]:
    """Return the files of a folder that stand for themselves, by name."""
    files = [path for path in place.iterdir() if path.is_file()]
    names = [path.name for path in files]
    return sorted(
        (
            path
            for path in files
            if not path.name.startswith((".", LOCK)) and sources.main_of(path.name, names) is None
        ),
        key=lambda path: text.sort_key(path.name),
    )


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


def may_be_boundary(file: Path) -> bool:
    """Whether a file is called after the commune's boundary: it helps to place the others."""
    name = text.fold(file.stem)
    return "ranh gioi" in name or "dia gioi" in name or "boundary" in name
