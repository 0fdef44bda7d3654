"""The head: one digest over the newest entries of all machines, and its code for paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ntm_gis.record import canonical, chain
from ntm_gis.record.entries import Entry


@dataclass(frozen=True, slots=True)
class Head:
    """Head of a record.

    Parameters
    ----------
    digest : str or None
        64 hexadecimal digits; None where nothing was entered yet.
    code : str or None
        Its short form for people ("7K3M-Q9TD"), printed on every report: a paper that was given
        away is a witness outside the machine.
    """

    digest: str | None = None
    code: str | None = None


def head(entries: Iterable[Entry], commune: str) -> Head:
    """Return the head of a record; the same whatever the order of its entries."""
    tips = chain.tips(entries)
    if not tips:
        return Head()
    digest = canonical.head(commune, tips)
    return Head(digest, canonical.check_code(digest))
