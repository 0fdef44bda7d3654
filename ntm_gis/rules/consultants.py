"""What CAD layers and colours mean in the drawings of a consultant: said once for each.

A row names a layer, a colour or both. Consultants draw land uses by habit: a table made for one
drawing holds for all of theirs.
"""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase

from pydantic import Field as Key
from pydantic import field_validator, model_validator

from ntm_gis import text
from ntm_gis.rules.codes import code_list
from ntm_gis.rules.toml import Strict
from ntm_gis.rules.toml_words import refused

_HEX = re.compile(r"#[0-9a-f]{6}")
_FIRST = ("ff0000", "ffff00", "00ff00", "00ffff", "0000ff", "ff00ff", "000000", "7f7f7f", "bfbfbf")
_GREYS = (84, 118, 152, 186, 220, 255)
_SHADES = (255.0, 165.75, 127.5, 76.5, 38.25)
_RAMPS = ("1u0", "d10", "01u", "0d1", "u01", "10d")
_MOST_INDEX = 255


class CadRow(Strict):
    """One row of a table: what lies on the layer, or has the colour, is of the land use.

    Parameters
    ----------
    layer : str, optional
        Name of a CAD layer; `*` stands for any letters. Case does not count.
    color : int or str, optional
        Number of the drawing's palette (1 to 255), "#RRGGBB" or "R,G,B"; kept as "#rrggbb".
    land_use : str
        A code of land use.
    """

    layer: str | None = Key(default=None, min_length=1)
    color: str | None = None
    land_use: str

    @field_validator("color", mode="before")
    @classmethod
    def _color(cls, value: object) -> str | None:
        if value is None:
            return None
        found = color_of(value)
        if found is None:
            raise refused("COLOR")
        return found

    @field_validator("land_use")
    @classmethod
    def _known(cls, value: str) -> str:
        if code_list("land_use").find(value) is None:
            raise refused("LAND_USE", value=value)
        return value

    @model_validator(mode="after")
    def _something(self) -> CadRow:
        if self.layer is None and self.color is None:
            raise refused("LAYER_OR_COLOR")
        return self

    def rank(self, layer: str, color: str | None) -> int:
        """Return how closely the row names a layer and colour; 0 where it does not.

        Examples
        --------
        >>> row = CadRow(layer="DAT_O*", land_use="ONT")
        >>> row.rank("dat_o_langxom", None), row.rank("GT", None)
        (3, 0)
        """
        whole = self.layer is not None and "*" not in self.layer
        if self.layer is not None and not fnmatchcase(_key(layer), _key(self.layer)):
            return 0
        if self.color is not None and self.color != color:
            return 0
        return 1 + 2 * (self.layer is not None) + whole + 4 * (None not in (self.layer, self.color))


class Consultant(Strict):
    """One `[[consultant]]`: who draws, and what layers and colours mean in their drawings."""

    id: str = Key(min_length=1)
    name: str = Key(min_length=1)
    cad: tuple[CadRow, ...] = ()

    @field_validator("cad")
    @classmethod
    def _once(cls, rows: tuple[CadRow, ...]) -> tuple[CadRow, ...]:
        number = Counter((_key(row.layer or ""), row.color) for row in rows)
        for (layer, color), count in number.items():
            if count > 1:
                raise refused("CAD_TWICE", what=" ".join(filter(None, (layer, color))))
        return rows

    def land_use(self, layer: str | None, color: str | None) -> str | None:
        """Return the land use of what lies on a layer and has a colour.

        The row that names it most closely counts: layer and colour before layer alone, that
        before colour alone, a whole name before one with `*`. None where no row names it, or
        two do as closely and differ.

        Examples
        --------
        >>> rows = [{"layer": "NEN*", "land_use": "LUC"}, {"color": 30, "land_use": "CLN"},
        ...         {"layer": "NEN", "color": "255,0,0", "land_use": "ONT"}]
        >>> who = Consultant(id="TV1", name="Tư vấn 1", cad=rows)
        >>> who.land_use("nen", "#ff0000"), who.land_use("NEN-2", "#ff7f00")
        ('ONT', 'LUC')
        >>> who.land_use("GT", "#ff7f00"), who.land_use("GT", None)
        ('CLN', None)
        """
        ranked = [(row.rank(layer or "", color), row.land_use) for row in self.cad]
        best = max((rank for rank, _ in ranked), default=0)
        uses = {use for rank, use in ranked if rank == best > 0}
        return uses.pop() if len(uses) == 1 else None


def color_of(value: object) -> str | None:
    """Return a colour as "#rrggbb"; None where it is none.

    Examples
    --------
    >>> color_of(30), color_of("#FFFC82"), color_of("255, 252, 130"), color_of(0)
    ('#ff7f00', '#fffc82', '#fffc82', None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return f"#{_indexed(value)}" if 1 <= value <= _MOST_INDEX else None
    said = str(value).strip().lower()
    if _HEX.fullmatch(said):
        return said
    parts = [part.strip() for part in said.split(",")]
    if len(parts) == 3 and all(p.isdecimal() and int(p) <= _MOST_INDEX for p in parts):
        return "#" + "".join(f"{int(part):02x}" for part in parts)
    return None


def _indexed(index: int) -> str:
    """Return the colour of a number of the palette: hues by 15°, five shades, full and half."""
    if index <= len(_FIRST):
        return _FIRST[index - 1]
    if index > _MOST_INDEX - len(_GREYS):
        return f"{_GREYS[index - _MOST_INDEX + len(_GREYS) - 1]:02x}" * 3
    sixth, rest = divmod((index // 10 - 1) * 15, 60)
    top = _SHADES[index % 10 // 2]
    low = top / 2 if index % 2 else 0.0
    share = {"1": 1.0, "0": 0.0, "u": rest / 60, "d": 1 - rest / 60}
    return "".join(f"{int(low + (top - low) * share[way]):02x}" for way in _RAMPS[sixth])


def _key(name: str) -> str:
    return text.clean(name).casefold()
