"""What the sheets of a workbook share: which there are, their texts, which styles are dates."""

from __future__ import annotations

import posixpath
import re
from xml.etree.ElementTree import Element

from ntm_gis.sources.readers.packed import Packed
from ntm_gis.sources.readers.parsed import Refusal
from ntm_gis.sources.readers.xmls import child, local, parse

_SHEET_TYPE = "/worksheet"
_SHARED_TYPE = "/sharedStrings"
_STYLES_TYPE = "/styles"
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_FORMATS = frozenset({9, 10})


class Book:
    """The parts that all sheets share: texts, which styles are dates or per cent, the calendar."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._names = {name.replace("\\", "/").lstrip("/").lower(): name for name in packed.names}
        roots = self._relations("")
        self.part = next(
            (target for kind, target in roots.values() if kind.endswith("/officeDocument")),
            "xl/workbook.xml",
        )
        self._parts = self._relations(self.part)
        self._root = parse(self.content(self.part))
        properties = child(self._root, "workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.texts = self._shared()
        self.dates, self.percents = self._styles()

    def content(self, part: str) -> bytes:
        """Return a part; its name is looked up, whatever its case."""
        name = self._names.get(part.lower())
        if name is None:
            raise Refusal("PACKED_DAMAGED")
        return self._packed.read(name)

    def sheets(self) -> list[tuple[str, str, bool]]:
        """Return name, part and whether hidden, of every sheet with cells."""
        listed = child(self._root, "sheets")
        out = []
        for sheet in listed if listed is not None else ():
            link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
            kind, target = self._parts.get(link, ("", ""))
            if kind.endswith(_SHEET_TYPE):
                hidden = sheet.get("state", "visible") != "visible"
                out.append((str(sheet.get("name", "")), target, hidden))
        return out

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return id -> (type, part) of what a part refers to; the outside is left out."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path.lower() not in self._names:
            return {}
        out = {}
        for relation in parse(self.content(path)):
            if relation.get("TargetMode") == "External":
                continue
            target = str(relation.get("Target", "")).replace("\\", "/")
            whole = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            out[str(relation.get("Id"))] = (
                str(relation.get("Type")), posixpath.normpath(whole),
            )  # fmt: skip
        return out

    def _of_type(self, ending: str) -> str | None:
        return next((t for kind, t in self._parts.values() if kind.endswith(ending)), None)

    def _shared(self) -> list[str]:
        part = self._of_type(_SHARED_TYPE)
        if part is None or part.lower() not in self._names:
            return []
        return [_rich(item) for item in parse(self.content(part)) if local(item) == "si"]

    def _styles(self) -> tuple[frozenset[int], frozenset[int]]:
        """Return the styles that show dates, and those that show a share as per cent."""
        part = self._of_type(_STYLES_TYPE)
        if part is None or part.lower() not in self._names:
            return frozenset(), frozenset()
        root = parse(self.content(part))
        formats = child(root, "numFmts")
        own = {
            item.get("numFmtId"): item.get("formatCode", "")
            for item in (formats if formats is not None else ())
        }
        cells = child(root, "cellXfs")
        dates, percents = set(), set()
        for i, style in enumerate(cells if cells is not None else ()):
            number = style.get("numFmtId", "0")
            code = own.get(number)
            if _is_date_format(code) if code is not None else plain_int(number) in _DATE_FORMATS:
                dates.add(i)
            elif _is_percent(code) if code is not None else plain_int(number) in _PERCENT_FORMATS:
                percents.add(i)
        return frozenset(dates), frozenset(percents)


def _rich(item: Element) -> str:
    """Return the text of a shared string, without the reading aids of East Asian texts."""
    out = []
    for part in item:
        if local(part) == "t":
            out.append(part.text or "")
        elif local(part) == "r":
            out += [t.text or "" for t in part if local(t) == "t"]
    return "".join(out)


def _is_date_format(code: str) -> bool:
    """Whether a number format shows a date or time.

    Examples
    --------
    >>> _is_date_format("dd/mm/yyyy"), _is_date_format('#,##0" đồng"'), _is_date_format("[Red]0.0")
    (True, False, False)
    """
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', "", code.lower())
    return bool(re.search(r"[ymdhs]", bare.split(";")[0])) and "general" not in bare


def _is_percent(code: str) -> bool:
    r"""Whether a number format shows a hundred times the number, with a sign of per cent.

    Examples
    --------
    >>> _is_percent("0.0%"), _is_percent('0.0" %"'), _is_percent(r"0\%"), _is_percent("General")
    (True, False, False, False)
    """
    return "%" in re.sub(r'"[^"]*"|\\.|_.|\*.', "", code.split(";", maxsplit=1)[0])


def plain_int(text: str) -> int | None:
    """Return a whole number written in plain digits, None for anything else."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 12 else None
