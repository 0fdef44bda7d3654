"""In which letters a table is written: found column by column, decided for all of it together.

One short column says little; the columns of a table were typed by the same hands. So a column
that is not sure of itself follows the table, and only what stays in doubt is asked about.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.errors import NtmGisError
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from ntm_gis.text import Detection

OLD = ("tcvn3", "vni", "windows-1258")
_NAMES = {
    "utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8", "unicode": "utf-8",
    "tcvn3": "tcvn3", "abc": "tcvn3", "tcvn-3": "tcvn3", "tcvn": "tcvn3",
    "vni": "vni", "vni-windows": "vni",
    "windows-1258": "windows-1258", "cp1258": "windows-1258", "1258": "windows-1258",
    "ansi 1258": "windows-1258", "latin-1": "latin-1", "iso-8859-1": "latin-1",
    "iso 88591": "latin-1", "8859_1": "latin-1", "cp1252": "latin-1", "1252": "latin-1",
    "ansi 1252": "latin-1", "ascii": "latin-1",
}  # fmt: skip
KNOWN = ("utf-8", *OLD)


def code_of(name: str | None) -> str | None:
    """Return the letter code that a name stands for, None where it is none of ours.

    Examples
    --------
    >>> code_of("ABC"), code_of("UTF-8"), code_of("gb2312") is None
    ('tcvn3', 'utf-8', True)
    """
    return _NAMES.get((name or "").strip().lower())


@dataclass(frozen=True, slots=True)
class Letters:
    """The letter code of each column that is not plain Unicode, by column name."""

    codes: dict[str, str]
    told: list[Told]


def settle(table: Parsed, *, chosen: str | None = None) -> Letters:
    """Turn all texts and names of a table into Unicode, in place; what is converted is NFC.

    Parameters
    ----------
    table : Parsed
        Columns whose `raw` is set hold one character for each byte of the file.
    chosen : str, optional
        The code that commune.toml names; nothing is guessed then.

    Returns
    -------
    Letters
        What was found, with told doubts (`LETTERS_DOUBTFUL`) and texts that a table's width cut
        inside a letter (`TEXT_CUT`).
    """
    found = {i: _detect(column) for i, column in enumerate(table.columns) if _has_text(column)}
    declared = code_of(str(table.hints.get("letters") or ""))
    common = chosen or _common(found, table, declared)
    codes: dict[str, str] = {}
    told: list[Told] = []
    _settle_names(table, common)
    for i, detection in found.items():
        column = table.columns[i]
        code, sure = _choose(detection, column, common, chosen)
        if not sure:
            told.append(_doubt(column, detection, code))
        told += _convert(column, code, table.numbers)
        if code in (*OLD, "utf-8"):
            codes[column.name] = code
    return Letters(codes, told)


def _settle_names(table: Parsed, common: str | None) -> None:
    """Put the names of columns into Unicode; they are judged together, apart from the values.

    A heading in Unicode may stand over a column in an old code, and the other way round. Names
    that read as they are stay; a CSV, all in one code, settles doubts by its values.
    """
    names = [column.name for column in table.columns if not column.name.isascii()]
    names += [name for name in table.hints.get("groups", {}).values() if not name.isascii()]
    if not names:
        return
    raw = any(column.raw for column in table.columns) and all(_byte_wide(n) for n in names)
    found = text.detect([n.encode("latin-1") for n in names] if raw else names)
    unsure = raw and (not found.certain or found.code == "latin-1")
    code = common or found.code if unsure else found.code
    groups = table.hints.get("groups", {})
    table.hints["groups"] = {_name(key, code): _name(whole, code) for key, whole in groups.items()}
    for column in table.columns:
        column.name = _name(column.name, code)


def _byte_wide(name: str) -> bool:
    return all(ord(letter) < 0x100 for letter in name)


def _has_text(column: Column) -> bool:
    return any(isinstance(value, str) for value in column.cells)


def _detect(column: Column) -> Detection:
    """Find the code of a column from its values."""
    values = [value for value in column.cells if isinstance(value, str)]
    return text.detect([v.encode("latin-1", "replace") for v in values] if column.raw else values)


def _common(found: dict[int, Detection], table: Parsed, declared: str | None) -> str | None:
    """Return the code that the surest columns of a table agree on, or all of them together."""
    votes: Counter[str] = Counter()
    for detection in found.values():
        if detection.certain and detection.converts:
            votes[detection.code] += detection.words
    if votes:
        return votes.most_common(1)[0][0]
    doubtful = [table.columns[i] for i, d in found.items() if not d.certain or d.code == "latin-1"]
    pooled: list[bytes | str] = []
    for column in doubtful:
        values = [value for value in column.cells if isinstance(value, str)]
        pooled += [v.encode("latin-1", "replace") for v in values] if column.raw else [
            v for v in values if all(ord(c) < 0x2123 for c in v)
        ]  # fmt: skip
    together = text.detect(pooled) if pooled else None
    if together is not None and together.converts and together.certain:
        return together.code
    if declared in OLD and any(column.raw for column in doubtful):
        return declared
    return None


def _choose(
    found: Detection, column: Column, common: str | None, chosen: str | None
) -> tuple[str, bool]:
    """Return the code of a column, and whether it needs no question."""
    if chosen is not None:
        # A column that is plainly Unicode already stays so, whatever is said of the file.
        plain = found.code == "ascii" or (found.code == "unicode" and found.certain)
        return (found.code if plain else chosen), True
    if found.certain and not (found.code == "latin-1" and column.raw):
        return found.code, True
    if common is not None and (column.raw or found.converts or _one_byte(column)):
        return common, True
    if found.code in ("ascii", "unicode"):
        return found.code, True
    return found.code, False


def _one_byte(column: Column) -> bool:
    """Whether every letter of a column could be a byte that was taken for a Western letter."""
    return all(_western(value) for value in column.cells if isinstance(value, str))


def _western(value: str) -> bool:
    return all(ord(c) < 0x100 or c in "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ" for c in value)


def _doubt(column: Column, found: Detection, code: str) -> Told:
    samples = "; ".join(f"“{s.before}” → “{s.after}”" for s in found.samples[:3])
    return Told("LETTERS_DOUBTFUL", field=column.name,
                params={"letters": LABELS.get(code, code), "samples": samples})  # fmt: skip


LABELS = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI", "windows-1258": "Windows-1258", "utf-8": "UTF-8",
          "latin-1": "Windows-1252"}  # fmt: skip
"""Letter codes as people call them."""


def _convert(column: Column, code: str, numbers: list[int]) -> list[Told]:
    """Put the texts of a column into Unicode, each different one once."""
    read = _reader(column, code)
    memory: dict[str, tuple[str, str | None]] = {}
    told: list[Told] = []
    out: list[Cell] = []
    for number, value in zip(numbers, column.cells, strict=True):
        if not isinstance(value, str) or value.isascii():
            out.append(value)
            continue
        if value not in memory:
            memory[value] = read(value)
        after, fault = memory[value]
        if fault is not None:
            told.append(Told(fault, row=number, field=column.name, value=after))
        out.append(after)
    column.cells = out
    column.raw = False
    return told


def _reader(column: Column, code: str) -> Callable[[str], tuple[str, str | None]]:
    """Return what reads one value: the text, and the code of what is wrong with it."""
    if code == "utf-8":
        return _utf8
    if code in OLD:
        return lambda value: (text.convert(_shown(value, raw=column.raw), code), None)
    if column.raw:
        return lambda value: (text.nfc(_shown(value, raw=True)), None)
    # Unicode already: kept letter by letter, so that checks can tell what was not composed.
    return lambda value: (value, None)


def _shown(value: str, *, raw: bool) -> str:
    return text.surface(value.encode("latin-1", "replace")) if raw else value


def _utf8(value: str) -> tuple[str, str | None]:
    """Read UTF-8; a text cut inside its last letter loses that letter, and is told."""
    for end in (None, -1, -2, -3):
        try:
            read = text.convert(value[:end], "utf-8")
        except NtmGisError:
            continue
        return read, (None if end is None else "TEXT_CUT")
    return text.nfc(value), "TEXT_UNREADABLE"


def _name(name: str, code: str | None) -> str:
    if name.isascii() or code not in (*OLD, "utf-8") or not _western(name):
        return text.nfc(name)
    try:
        return text.nfc(text.convert(name, code))
    except NtmGisError:
        return text.nfc(name)
