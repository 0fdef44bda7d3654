"""Total rows of a sheet: what they are, and whether they are the sum of their rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from ntm_gis import numbers, text
from ntm_gis.sources import sums
from ntm_gis.sources.readers.parsed import Cell, Parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = (
    r"(tong cong|tong so|tong chung|cong chung|cong don|tong|cong|"
    r"total|grand total|sub-?\s?total|sum|toan xa|ca xa)"
)
_TOTAL = re.compile(
    rf"{_WORDS}( (toan xa|ca xa|xa|chung|toan ban|cac ban|cac thon|cac xa))?"
    rf"\s*(\([^)]*\)|[:.\d\s=]*)$|tong cong\b|{_WORDS}\s*[:=]\s*\d+( [a-z]+){{1,4}}$"
)
# "Cộng cụm 1", "Tổng mục A": what is added up is a part of the list.
_PART = re.compile(
    r"(cong|tong|total|sub-?\s?total)( cong| so)? (cum|thon|ban|xa|to|khu|nhom|khoi|vung|muc|phan|"
    r"trang|toan|chuyen|mang|huyen|cac|[ivx]{1,4}|[a-h]|\d+)\b"
)
_MONEY = re.compile(
    r"(tong|cong)( so| cong)? (nguon|von|kinh phi|tien|so tien|du toan|gia tri|muc|ngan sach|chi)\b"
)
_SAID = re.compile(r"(tong|cong|total|sub-?\s?total)\b")
_WHOLE = re.compile(r"(toan|ca|xa|huyen)\b")
# Without diacritics "cong" is also "cống", "công" and "cổng": only what is written without any,
# or with the right ones, speaks of a total.
_WRITTEN = ("tổng", "cộng", "toàn", "cả", "xã", "huyện")
_MOST_ASKED = 40
"""So many rows that may be totals are held against the others."""

_ORDINAL = re.compile(r"([IVXL]+|[A-H]|\d{1,4})[.)]?$")

Row = dict[int, Cell]


class _Label(IntEnum):
    """What a cell says of its row."""

    NONE = 0
    WHOLE = 1  # "Xã Mường Khoa": a total where every column adds up
    SAID = 2  # "Tổng chiều dài": where one column adds up
    PART = 3  # "Cộng cụm 1", or "Tổng nguồn vốn" in a list of money
    TOTAL = 4  # "Tổng cộng"


@dataclass(frozen=True, slots=True)
class Identity:
    """The places of the columns by which a record of a layer is known: its keys, its names.

    `fixed` are columns of codes, where "Tổng số" is an answer, `linked` those that name villages
    or communes, of which "Toàn xã" is one in a row that has a key. Records may be amounts of
    `money`, of which "Tổng nguồn vốn" is a sum, or `figures`, which are called "Tổng số …".
    `parents` name the record that a record is a part of: a total may leave parts out.
    """

    keys: frozenset[int] = frozenset()
    names: frozenset[int] = frozenset()
    fixed: frozenset[int] = frozenset()
    linked: frozenset[int] = frozenset()
    parents: frozenset[int] = frozenset()
    money: bool = False
    figures: bool = False

    @property
    def all(self) -> frozenset[int]:
        """Keys and names."""
        return self.keys | self.names


def is_total(value: Cell) -> bool:
    """Whether a cell says by itself that its row is a total.

    Examples
    --------
    >>> is_total("Tổng cộng:"), is_total("Cộng Hòa"), is_total("Tổng số hộ nghèo")
    (True, False, False)
    >>> is_total("Toàn xã"), is_total("Total"), is_total("Cống"), is_total("CONG")
    (True, True, False, True)
    >>> is_total("Cộng: 6 điểm trường"), is_total("Cộng 6")
    (True, True)
    """
    return _label(value, money=False) is _Label.TOTAL


def _label(value: Cell, *, money: bool) -> _Label:
    if not isinstance(value, str) or value.lstrip()[:1].casefold() not in "tcgsxh":
        return _Label.NONE
    written = text.clean(value).casefold()
    if not written or not (written.isascii() or written.startswith(_WRITTEN)):
        return _Label.NONE
    folded = text.fold(written)
    if _TOTAL.match(folded):
        return _Label.TOTAL
    if _PART.match(folded) or (money and _MONEY.match(folded)):
        return _Label.PART
    if _SAID.match(folded):
        return _Label.SAID
    return _Label.WHOLE if _WHOLE.match(folded) else _Label.NONE


def find(
    rows: Sequence[Row],
    table: Parsed,
    identity: Identity | None,
    groups: frozenset[int] = frozenset(),
) -> tuple[dict[int, str], list[int]]:
    """Return the totals among rows with what they are called, and rows that may be totals.

    Plain ones by their words; "Tổng …" where a column adds up; rows without words, or called
    after the whole commune, where all columns do. What has a key of its own is a record, and
    what others say that they are a part of is one, though it is called "Tổng". `rows` are the
    filled cells of `table` by place, `groups` headings that bear a total already.
    """
    rows = [{} if i in groups else row for i, row in enumerate(rows)]
    wholes = _wholes(rows, identity)
    labels = [
        (_Label.NONE, None) if i in wholes else _of_row(row, identity) for i, row in enumerate(rows)
    ]
    whole = _named_elsewhere(labels, rows)
    out = {
        i: words or ""
        for i, (kind, words) in enumerate(labels)
        if kind is _Label.TOTAL or (kind is _Label.PART and i not in whole)
    }
    last = next(
        (i for i in reversed(range(len(rows))) if any(map(_is_amount, rows[i].values()))), -1
    )
    asked = [
        i
        for i, (kind, words) in enumerate(labels)
        if (_Label.NONE < kind < _Label.PART and i not in whole)
        or (kind is _Label.NONE and words is not None and i == last)
    ][:_MOST_ASKED]
    columns = [(column, sums.amounts(column)) for column in sums.summed(table)] if asked else []
    doubtful = []
    everything = sorted({*out, *asked, *groups})
    for i in asked:
        right, wrong = sums.matches(columns, everything, i)
        said = labels[i][0] is _Label.SAID
        if right >= (1 if said else 2) and (said or not wrong):
            out[i] = labels[i][1] or ""
        elif said and _alone_keyless(i, rows, identity):
            doubtful.append(i)
    named = [i for i in asked if labels[i][0] is _Label.WHOLE]
    if any(i in out for i in named):  # sections called by name: one may have a single row
        for i in named:
            if i not in out and sums.is_sum_below(columns, everything, i):
                out[i] = labels[i][1] or ""
    return dict(sorted(out.items())), doubtful


def _of_row(row: Row, identity: Identity | None) -> tuple[_Label, str | None]:
    """Return what a row says of itself and its words; None where it can be no total."""
    known = identity or Identity()
    sure = known.all - known.linked - known.fixed
    named = not sure.isdisjoint(row) or not sure
    answers = known.fixed | known.linked if named else known.fixed
    kinds = {
        j: kind
        for j, value in row.items()
        if j not in answers and (kind := _label(value, money=known.money)) is not _Label.NONE
    }
    if known.figures:  # "Tổng số thôn đạt chuẩn" is a target
        kinds = {j: _Label.SAID if k is _Label.PART else k for j, k in kinds.items()}
    kind = max(kinds.values(), default=_Label.NONE)
    mine = {j for j, k in kinds.items() if k is kind}
    words = {text.fold(text.clean(str(row[j]))) for j in mine}
    others = {j: v for j, v in row.items() if j not in mine}
    # A label merged over several columns stands in each of them.
    if len(words) > 1 or any(_is_other(j, v, identity) for j, v in others.items()):
        return _Label.NONE, None
    keyed = not known.keys.isdisjoint(others)
    if kind is not _Label.TOTAL and (keyed or not any(_is_amount(v) for v in others.values())):
        return _Label.NONE, None
    return kind, next((text.clean(str(row[j])) for j in sorted(mine)), "")


def _is_other(place: int, value: Cell, identity: Identity | None) -> bool:
    """Whether a cell says something that no total says: a name, a word among its amounts."""
    if not isinstance(value, str) or _ORDINAL.match(value.strip()) or _is_amount(value):
        return False
    return identity is None or place in identity.all or place in identity.fixed


def _is_amount(value: Cell) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    read = numbers.parse_number(value)
    return read.value is not None or bool(read.readings)


def _wholes(rows: Sequence[Row], identity: Identity | None) -> set[int]:
    """Return the rows that others name, by key or by name, as what they are a part of."""
    known = identity or Identity()
    named = {_plain(row[j]) for row in rows for j in known.parents & row.keys()} - {""}
    return {
        i
        for i, row in enumerate(rows)
        if any(_plain(row[j]) in named for j in (known.all - known.parents) & row.keys())
    }


def _plain(value: Cell) -> str:
    """Return what a key says, a number in one spelling."""
    return text.clean(str(value)).casefold().removesuffix(".0")


def _named_elsewhere(labels: Sequence[tuple[_Label, str | None]], rows: Sequence[Row]) -> set[int]:
    """Return the rows that others name in another column, as parts of a fund do: no totals."""
    asked = {words: i for i, (kind, words) in enumerate(labels) if kind and words}
    out = set()
    for row in rows if asked else ():
        for j, value in row.items():
            i = asked.get(text.clean(value)) if isinstance(value, str) else None
            if i is not None and labels[i][0] < _Label.TOTAL and j not in rows[i]:
                out.add(i)
    return out


def _alone_keyless(i: int, rows: Sequence[Row], identity: Identity | None) -> bool:
    """Whether a row lacks the key that most others have."""
    if identity is None or not identity.keys or not identity.keys.isdisjoint(rows[i]):
        return False
    keyed = sum(not identity.keys.isdisjoint(row) for row in rows)
    return 2 * keyed > len(rows)
