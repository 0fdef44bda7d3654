"""Classes and fields of the planning database: `data/plan_database.toml`, with its status."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from pydantic import Field as Key

from ntm_gis import shipped, text
from ntm_gis.errors import RuleError
from ntm_gis.rules.planning_cards import Said, Status
from ntm_gis.rules.toml import Strict, load

FILE_NAME = "plan_database.toml"

DataSet = Literal["HienTrang", "QuyHoach"]
SETS = ("HienTrang", "QuyHoach", "NenDiaHinh", "MocGioi")
"""The sets of data that a package holds, each a file."""

GEOMETRY = {"A": "polygon", "L": "line", "P": "point"}
"""Ending of a class's name -> what its features are."""

_NAME = re.compile(r"[A-Z][A-Za-z0-9]*_[ALP]")


class MinimumField(Strict):
    """A field that every class has; all are texts."""

    name: str
    length: int
    title: Said


class PlanClass(Strict):
    """A class of the database, and the layer of ours that fills it.

    Parameters
    ----------
    sets : tuple of str
        Sets of data that have the class.
    layer, kind, where : optional
        The layer it is filled from, the field that says what a feature is, rows by their value.
    only : str, optional
        The one set that the layer fills.
    coverage, noded : bool
        Areas must fit together without overlap; lines must meet at their ends.
    """

    group: str
    name: str
    sets: tuple[DataSet, ...]
    layer: str | None = None
    kind: str | None = None
    where: dict[str, str] = Key(default_factory=dict)
    only: DataSet | None = None
    coverage: bool = False
    noded: bool = False

    @property
    def geometry(self) -> str:
        """What its features are: polygon, line or point."""
        return GEOMETRY[self.name[-1]]

    @property
    def filled(self) -> tuple[DataSet, ...]:
        """Sets in which our layer fills it."""
        return () if self.layer is None else self.sets if self.only is None else (self.only,)


class Database(Strict):
    """The whole file."""

    status: Status
    source: str
    fields: tuple[MinimumField, ...] = Key(alias="field", min_length=1)
    classes: tuple[PlanClass, ...] = Key(alias="class", min_length=1)

    def named(self, name: str) -> tuple[PlanClass, ...]:
        """Return the classes of a name; a name may stand in several groups."""
        return tuple(one for one in self.classes if one.name == name)


@lru_cache(maxsize=1)
def database() -> Database:
    """Return the classes and fields.

    Raises
    ------
    RuleError
        The file is not well formed, or a name is none by the rule of names.

    Examples
    --------
    >>> [field.name for field in database().fields][:2], database().status
    (['maThongTinQH', 'maHoSoQH'], 'unverified')
    """
    found = load(shipped.path("data", FILE_NAME), Database, RuleError)
    for one in found.classes:
        if not follows_rule(one.name):
            raise RuleError("PLAN_CLASS_NAME", name=one.name)
    return found


def follows_rule(name: str) -> bool:
    """Whether a class is named by the rule: PascalCase without accents, `_A`, `_P` or `_L`.

    Examples
    --------
    >>> follows_rule("VungChe_A"), follows_rule("Vùng chè"), follows_rule("vung_che_A")
    (True, False, False)
    """
    return _NAME.fullmatch(name) is not None


def plain_name(name: str) -> str:
    """Return a name as the rule wants it, its ending apart: "Vùng chè" -> "VungChe".

    Examples
    --------
    >>> plain_name("Chức năng sử dụng đất_A")
    'ChucNangSuDungDat'
    """
    stem = re.sub(r"_[ALPalp]$", "", name)
    plain = "".join(
        text.fold(c).upper() if c.isupper() else text.fold(c) if c.isalpha() else c
        for c in text.nfc(stem)
    )
    words = re.split(r"[^A-Za-z0-9]+", plain)
    return "".join(word[:1].upper() + word[1:] for word in words if word)
