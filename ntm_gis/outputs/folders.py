"""The folder of a commune: the sample written out, a new one made, sources written down.

With `received`, which takes files in, the only outputs that write outside `out/`; each is a
command of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ntm_gis import shipped
from ntm_gis.errors import OutputError
from ntm_gis.outputs.files import atomic_write, require_folder
from ntm_gis.rules import commune_removal, commune_text
from ntm_gis.rules.commune import FILE_NAME, Identity, Predecessor, SourceEntry

SOURCES = "sources"
TEMPLATES = "templates"
REPORT, TEXTS = "report.docx", "texts.toml"
"""The Word template of the report, and the office's free texts in it."""
OUT = "out"


def write_sample(folder: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write the sample commune.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    overwrite : bool
        Replace files of the sample that differ from ours; other files are left alone always.

    Returns
    -------
    tuple of Path
        Every file of the sample, written or found equal.

    Raises
    ------
    OutputError
        A file of that name with other content is there, or nothing can be written.
    """
    origin = shipped.path("data", "sample")
    files = sorted(path for path in origin.rglob("*") if path.is_file())
    pairs = [(path, folder / path.relative_to(origin)) for path in files]
    pairs += [(path, folder / name) for path, name in _of_report("sample_texts.toml")]
    out = []
    for path, target in pairs:
        content = path.read_bytes()
        if target.exists() and target.read_bytes() != content and not overwrite:
            raise OutputError("FOLDER_NOT_EMPTY", folder=folder.name, file=target.name)
        if not target.exists() or target.read_bytes() != content:
            atomic_write(target, content)
        out.append(target)
    return tuple(out)


def _of_report(texts: str) -> tuple[tuple[Path, str], ...]:
    """Return the files that a report begins with, and where they go in a folder."""
    home = shipped.path("data", "report")
    return (home / REPORT, f"{TEMPLATES}/{REPORT}"), (home / texts, TEXTS)


def write_report_files(folder: Path) -> None:
    """Write the Word template and the free texts of the report; what is there stays as it is."""
    for origin, name in _of_report(TEXTS):
        if not (folder / name).exists():
            atomic_write(folder / name, origin.read_bytes())


def write_new(folder: Path, identity: Identity, predecessors: tuple[Predecessor, ...] = ()) -> Path:
    """Make the folder of a commune with its commune.toml and an empty `sources/`.

    Raises
    ------
    OutputError
        The folder has a commune.toml already.
    """
    target = folder / FILE_NAME
    require_new(folder)
    atomic_write(target, commune_text.commune(identity, predecessors).encode("utf-8"))
    (folder / SOURCES).mkdir(exist_ok=True)
    return target


def require_new(folder: Path) -> None:
    """Refuse a folder that holds a commune, or in which nothing can be written.

    Raises
    ------
    OutputError
        It does, or nothing can.
    """
    if (folder / FILE_NAME).exists():
        raise OutputError("FOLDER_NOT_EMPTY", folder=folder.name, file=FILE_NAME)
    require_folder(folder)


def is_result(folder: Path, file: Path) -> bool:
    """Whether a file is one that the program wrote under `out/`, of this commune or another."""
    real = file.resolve()
    return any(
        place.name == OUT and (place.parent / FILE_NAME).is_file() for place in real.parents
    ) or real.is_relative_to(folder.resolve() / OUT)


def write_template(folder: Path, name: str, content: bytes) -> Path:
    """Write an Excel template into `templates/`; one that is there stays as it is."""
    target = folder / TEMPLATES / name
    if not target.exists():
        atomic_write(target, content)
    return target


def write_sources(
    folder: Path,
    added: Sequence[SourceEntry] = (),
    changed: Sequence[tuple[SourceEntry, SourceEntry]] = (),
) -> None:
    """Put `[[source]]` tables at the end of commune.toml, and change values of others.

    Not one further byte of what stands there changes, so that nothing needs a backup.

    Parameters
    ----------
    changed : sequence of (SourceEntry, SourceEntry)
        What stands there, and what is to stand there.

    Raises
    ------
    OutputError
        It cannot be written, or an entry is written in a way that only a person can change.
    """
    target = folder / FILE_NAME
    before = target.read_bytes()
    if changed:
        text = before.decode("utf-8-sig")
        for old, new in changed:
            found = commune_text.changed(text, old, new)
            if found is None:
                raise OutputError("COMMUNE_BY_HAND", file=FILE_NAME, source=old.file or old.files)
            text = found
        mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
        before = mark + text.encode("utf-8")
    atomic_write(target, before + _tail(before, added))


def remove_sources(folder: Path, entries: Sequence[SourceEntry]) -> None:
    """Take `[[source]]` tables out of commune.toml; not one further byte changes.

    Raises
    ------
    OutputError
        It cannot be written, or an entry is written in a way that only a person can change.
    """
    target = folder / FILE_NAME
    before = target.read_bytes()
    text = before.decode("utf-8-sig")
    for entry in entries:
        found = commune_removal.removed(text, entry)
        if found is None:
            named = entry.file or entry.files
            raise OutputError("COMMUNE_BY_HAND", file=FILE_NAME, source=named)
        text = found
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    atomic_write(target, mark + text.encode("utf-8"))


def _tail(before: bytes, entries: Sequence[SourceEntry]) -> bytes:
    """Return what new entries add to a commune.toml."""
    if not entries:
        return b""
    line = "\r\n" if b"\r\n" in before else "\n"
    parts = [commune_text.source(entry).rstrip("\n") for entry in entries]
    text = "\n" * (2 if before and not before.endswith(b"\n") else 1) + "\n\n".join(parts) + "\n"
    return text.replace("\n", line).encode("utf-8")
