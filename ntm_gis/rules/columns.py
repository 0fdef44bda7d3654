"""Which column of a file stands for which field: the one way headings are recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.rules.headings import heading_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SHAPEFILE_NAME = 10
"""So many letters of a column's name a shapefile keeps."""

GROUPED = " / "
"""What stands between a group of columns and one of its columns."""

_COUNT = frozenset(
    ("so ho", "ho", "so luong", "sl", "tong so", "tong", "cong", "so", "so khau", "khau",
     "nhan khau", "so nguoi", "nguoi")
)  # fmt: skip
_SHARE = re.compile(r"%|\b(ty le|ti le|tle)\b")
# A group that speaks of some of the things alone: what is counted under it are not all of them.
_SOME = re.compile(
    r"\b(ngheo|thoat|van hoa|trong do|dan toc|chinh sach|tang|giam|moi|dat|khong|chua|co|huong|"
    r"duoc|su dung|bhyt|bao hiem|nuoc|dien|nha|internet|du lich|kinh doanh)\b"
)


@dataclass(frozen=True)
class Headings:
    """The headings that the fields of a layer are met under.

    Parameters
    ----------
    names : tuple of str
        The fields, in order.
    known : mapping of str to (str, int)
        Key of a heading (`heading_key`) -> field, and the place among the field's spellings.
    cut : mapping of str to str
        What a shapefile leaves of a longer name -> field, where it is one field's alone.
    """

    names: tuple[str, ...]
    known: Mapping[str, tuple[str, int]]
    cut: Mapping[str, str]
    units: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        spellings: Mapping[str, Sequence[str]],
        units: Mapping[str, str | None] | None = None,
    ) -> Headings:
        """Return the headings of fields from their spellings, the surest first.

        `units` say what the fields count or measure: of two headings one above the other that
        count the same, the upper one says which.
        """
        known: dict[str, tuple[str, int]] = {}
        owners: dict[str, set[str]] = {}
        for name, written in spellings.items():
            for rank, spelling in enumerate(written):
                known.setdefault(heading_key(spelling), (name, rank))
                if len(spelling) > SHAPEFILE_NAME:
                    owners.setdefault(_cut(spelling), set()).add(name)
        cut = {left: names.pop() for left, names in owners.items() if len(names) == 1}
        return cls(tuple(spellings), known, cut, units or {})

    def meant(self, heading: str) -> str | None:
        """Return the field that a heading stands for, None where it is none of the layer's.

        Diacritics, case, spaces, signs and a unit in brackets don't count; a name that a
        shapefile cut to ten letters is known by what is left, where only one field can be meant.

        Examples
        --------
        >>> headings = Headings.of({"length_m": ("declared_length_m", "Chiều dài kê khai")})
        >>> headings.meant("Chiều dài kê khai (m)"), headings.meant("CHIEU_DAI_")
        ('length_m', 'length_m')
        >>> counts = {"households": ("Số hộ",), "poor": ("Hộ nghèo",)}
        >>> headings = Headings.of(counts, dict.fromkeys(counts, "households"))
        >>> headings.meant("Hộ nghèo / Số hộ"), headings.meant("Dân cư / Số hộ")
        ('poor', 'households')
        >>> headings.meant("Hộ nghèo / Tỷ lệ (%)") is None
        True
        """
        found = self.known.get(heading_key(heading))
        if found:
            return found[0]
        if GROUPED in heading:
            return self._meant_grouped(*(part.strip() for part in heading.split(GROUPED)))
        return self.cut.get(heading.casefold())

    def _meant_grouped(self, *parts: str) -> str | None:
        """Return the field that a column of a group stands for.

        "Hộ nghèo / Số hộ" are the poor households; "Dân số / Số hộ" are households, which are
        no people; of "Hộ thoát nghèo / Số hộ" no field is known.
        """
        *groups, leaf = parts
        if _SHARE.search(text.fold(leaf)):
            return None
        own = self.meant(leaf)
        over = next((f for f in map(self.meant, reversed(groups)) if f is not None), None)
        if over is not None and over != own:
            same = own is not None and self.units.get(own) == self.units.get(over)
            return over if same or (own is None and is_count(leaf)) else own
        some = any(_SOME.search(text.fold(group)) for group in groups)
        return None if over is None and some and is_count(leaf) else own

    def candidates(self, headings: Iterable[str]) -> dict[str, list[int]]:
        """Return for each field the places of the columns that may be it, the surest first.

        The surest is the one whose spelling stands first with the field, then the first column.

        Examples
        --------
        >>> headings = Headings.of({"width": ("width_m", "BE_RONG"), "name": ("Tên",)})
        >>> headings.candidates(["STT", "BE_RONG", "width_m"])
        {'width': [2, 1], 'name': []}
        """
        found: dict[str, list[tuple[int, int]]] = {name: [] for name in self.names}
        for place, heading in enumerate(headings):
            name = self.meant(heading)
            if name is not None:
                _, rank = self.known.get(heading_key(heading), ("", len(self.known)))
                found[name].append((rank, place))
        return {name: [place for _, place in sorted(places)] for name, places in found.items()}


def is_count(heading: str) -> bool:
    """Whether a heading only says that things are counted, or what share of them.

    Examples
    --------
    >>> is_count("Số hộ"), is_count("Tỷ lệ (%)"), is_count("Số hộ nghèo")
    (True, True, False)
    """
    folded = " ".join(text.fold(heading).split())
    return folded in _COUNT or _SHARE.match(folded) is not None


def _cut(spelling: str) -> str:
    return text.fold(spelling).replace(" ", "_")[:SHAPEFILE_NAME]
