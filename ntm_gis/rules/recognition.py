"""What the dossier for the recognition of a commune holds, in its order: `data/dossier/*.toml`."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from ntm_gis import shipped
from ntm_gis.errors import RuleError
from ntm_gis.rules.planning_cards import Said
from ntm_gis.rules.toml import Strict, load

Status = Literal["verified", "cited", "unverified"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Path = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+(/[A-Za-z0-9_]+)*\.[a-z]+$")]


class Basis(Strict):
    """The text that asks for the dossier, and how far the list was held against it."""

    document: str
    status: Status
    seen_in: str = ""


class Document(Strict):
    """One document of the dossier.

    Parameters
    ----------
    supplier : Said
        Who must supply it where it is missing.
    drafts : tuple of str
        Outputs that are a draft of it, beneath `out/`; the first that is there is named first.
    partly : Said, optional
        What the drafts leave open.
    criteria : bool
        It is the proof of every criterion, listed one by one.
    """

    id: Name
    title: Said
    supplier: Said
    drafts: tuple[Path, ...] = ()
    partly: Said | None = None
    criteria: bool = False
    status: Status

    @model_validator(mode="after")
    def _partly_of_drafts(self) -> Document:
        if self.partly is not None and not self.drafts:
            msg = "partly goes with drafts"
            raise ValueError(msg)
        return self


class Dossier(Strict):
    """A dossier: its law, the criteria sets it is for, its documents in their order."""

    id: Name
    title: Said
    law: Basis
    sets: tuple[Name, ...]
    document: tuple[Document, ...]

    @model_validator(mode="after")
    def _once(self) -> Dossier:
        names = [document.id for document in self.document]
        if len(set(names)) < len(names) or not names:
            msg = "each document once, and one at least"
            raise ValueError(msg)
        return self

    @property
    def official(self) -> bool:
        """The list was read in the legal text, every document of it."""
        statuses = {self.law.status, *(document.status for document in self.document)}
        return statuses == {"verified"}


@lru_cache(maxsize=1)
def dossiers() -> tuple[Dossier, ...]:
    """Return the dossiers that are shipped.

    Raises
    ------
    RuleError
        A file is not well formed.

    Examples
    --------
    >>> [dossier.id for dossier in dossiers()]
    ['recognition-2021-2025']
    """
    home = shipped.path("data", "dossier")
    return tuple(load(path, Dossier, RuleError) for path in sorted(home.glob("*.toml")))


def dossier_of(criteria_set: str | None) -> Dossier | None:
    """Return the dossier of a criteria set; None where no list is known for it.

    Examples
    --------
    >>> dossier_of("vn-2021-2025").official, dossier_of("vn-2026-2030")
    (False, None)
    """
    return next((dossier for dossier in dossiers() if criteria_set in dossier.sets), None)
