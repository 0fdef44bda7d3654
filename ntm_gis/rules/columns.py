"""Which column of a file stands for which field: the one way headings are recognised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.rules.headings import heading_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SHAPEFILE_NAME = 10
"""So many letters of a column's name a shapefile keeps."""


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

    @classmethod
    def of(cls, spellings: Mapping[str, Sequence[str]]) -> Headings:
        """Return the headings of fields from their spellings, the surest first."""
        known: dict[str, tuple[str, int]] = {}
        owners: dict[str, set[str]] = {}
        for name, written in spellings.items():
            for rank, spelling in enumerate(written):
                known.setdefault(heading_key(spelling), (name, rank))
                if len(spelling) > SHAPEFILE_NAME:
                    owners.setdefault(_cut(spelling), set()).add(name)
        cut = {left: names.pop() for left, names in owners.items() if len(names) == 1}
        return cls(tuple(spellings), known, cut)

    def meant(self, heading: str) -> str | None:
        """Return the field that a heading stands for, None where it is none of the layer's.

        Diacritics, case, spaces, signs and a unit in brackets don't count; a name that a
        shapefile cut to ten letters is known by what is left, where only one field can be meant.

        Examples
        --------
        >>> headings = Headings.of({"length_m": ("declared_length_m", "Chiều dài kê khai")})
        >>> headings.meant("Chiều dài kê khai (m)"), headings.meant("CHIEU_DAI_")
        ('length_m', 'length_m')
        """
        found = self.known.get(heading_key(heading))
        return found[0] if found else self.cut.get(heading.casefold())

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


def _cut(spelling: str) -> str:
    return text.fold(spelling).replace(" ", "_")[:SHAPEFILE_NAME]
