"""The share of villages that have at least one good thing: a cultural house, a loudspeaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses.columns import ids, texts
from ntm_gis.results import Contribution

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ntm_gis.layers.values import Layer


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a village may have.

    Parameters
    ----------
    id : str
    village : str or None
        Id of a used village; None: nobody knows of which village it is.
    good : bool or None
        It counts; None: not known.
    surely_here : bool
        It belongs to one of the used villages, even if nobody knows to which.
    """

    id: str
    village: str | None
    good: bool | None
    surely_here: bool = True


def things(layer: Layer, villages: Layer, good: Sequence[bool | None]) -> list[Thing]:
    """Return the used rows of a layer with `village_id` as things of villages.

    A row of a village that is listed but set aside belongs to none of the used ones, and is
    left out. A blank `village_id` may be any village, an unknown one any or none.
    """
    used = set(ids(villages))
    key = villages.schema.key or ""
    aside = {v for v in texts(villages.frame, key) if v} - used
    out = []
    named_villages = texts(layer.used, "village_id")
    for id_, village, counts in zip(ids(layer), named_villages, good, strict=True):
        if village in used:
            out.append(Thing(id_, village, counts))
        elif village not in aside:
            out.append(Thing(id_, None, counts, surely_here=village is None))
    return out


@dataclass(frozen=True, slots=True)
class Having:
    """How many villages have a good thing.

    Parameters
    ----------
    yes, maybe, no : frozenset of str
        Villages by what is known of the things that are surely theirs.
    free : tuple of Thing
        Good things, or perhaps good ones, of nobody knows which village.
    low, high : int
        The least and the greatest number of villages that have one.
    """

    yes: frozenset[str]
    maybe: frozenset[str]
    no: frozenset[str]
    free: tuple[Thing, ...]
    low: int
    high: int

    @property
    def known(self) -> tuple[float, float]:
        """Villages known to have one, and those of which it is known."""
        have = max(len(self.yes), int(self.known_by_none is not None))
        return float(have), float(max(len(self.yes) + len(self.no), have))

    @property
    def known_by_none(self) -> Thing | None:
        """A good thing of a village not known, where no village is known to have one.

        Some village surely has it, so one village counts.
        """
        if self.yes or self.low == 0:
            return None
        return next(t for t in self.free if t.good and t.surely_here)


def having(villages: Collection[str], found: Sequence[Thing]) -> Having:
    """Return how many of the villages have at least one good thing, with sharp bounds.

    Examples
    --------
    >>> h = having(["A", "B", "C"], [Thing("1", "A", True), Thing("2", "B", None)])
    >>> h.low, h.high
    (1, 2)
    """
    yes = {t.village for t in found if t.village and t.good}
    maybe = {t.village for t in found if t.village and t.good is None} - yes
    free = tuple(t for t in found if t.village is None and t.good is not False)
    one_at_least = any(t.good and t.surely_here for t in free) and bool(villages)
    return Having(
        frozenset(yes),
        frozenset(maybe),
        frozenset(villages) - yes - maybe,
        free,
        max(len(yes), int(one_at_least)),
        min(len(villages), len(yes) + len(maybe) + len(free)),
    )


def per_cent(counts: tuple[int, int], villages: int) -> tuple[float, float]:
    """Return counts of villages as shares of all; 0 and 100 where there are no villages.

    Examples
    --------
    >>> per_cent((1, 3), 4), per_cent((0, 0), 0)
    ((25.0, 75.0), (0.0, 100.0))
    """
    if not villages:
        return 0.0, 100.0
    return 100 * counts[0] / villages, 100 * counts[1] / villages


def evidence(villages: Sequence[str], found: Having, layer: str) -> list[Contribution]:
    """Return what each village puts in, and the things of nobody knows which village."""
    out = [
        Contribution("villages", v, float(v in found.yes), unknown=v in found.maybe, weight=1.0)
        for v in villages
    ]
    certain = found.known_by_none
    for thing in found.free:
        sure = certain is not None and thing.id == certain.id
        out.append(Contribution(layer, thing.id, float(sure), unknown=not sure))
    return out
