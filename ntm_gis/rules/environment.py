"""By which distances environment sites are looked at: `data/environment.toml`."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules.planning_cards import Said
from ntm_gis.rules.toml import Strict, load

FILE_NAME = "environment.toml"


class Within(Strict):
    """A distance with its status: "none" is a setting that no legal text stands behind."""

    metres: Annotated[float, Field(gt=0)]
    status: Literal["verified", "cited", "confirmed", "unverified", "none"]
    says: Said


class Distances(Strict):
    """How far is far.

    Parameters
    ----------
    near : mapping of str to str
        Kind of a site and the rule of the plan review that says how far houses keep from it.
    """

    tea_to_bin: Within
    near: dict[str, str]


@lru_cache(maxsize=1)
def distances() -> Distances:
    """Return the distances that are shipped.

    Raises
    ------
    RuleError
        The file is not well formed.

    Examples
    --------
    >>> distances().tea_to_bin.metres, distances().near["cemetery"]
    (1000.0, 'QH28')
    """
    return load(shipped.path("data", FILE_NAME), Distances, RuleError)
