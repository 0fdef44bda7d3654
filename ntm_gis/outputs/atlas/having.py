"""Which villages lack what: cultural house, school, loudspeaker, a road with a hard surface.

Nothing is decided here: the frame `village_needs` says what each village has, and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.outputs.atlas.facts import rows

if TYPE_CHECKING:
    from ntm_gis.outputs.webmap.context import Context

FRAME = "village_needs"
KINDS = ("house", "school", "speaker", "road")
YES, NO, UNKNOWN = "yes", "no", "unknown"


@dataclass(frozen=True, slots=True)
class Having:
    """A village and the state of each of `KINDS`: "yes", "no" or "unknown"."""

    id: str
    name: str
    states: tuple[str, ...]

    @property
    def lacks(self) -> int:
        """How much it lacks."""
        return self.states.count(NO)


def villages(context: Context) -> list[Having]:
    """Return every village with what it has, in the order of their list."""
    found = [
        Having(str(row["id"]), str(row["name"]), tuple(str(row[kind]) for kind in KINDS))
        for row in rows(context, FRAME, ("id", "name", *KINDS))
    ]
    return found or list(_not_asked(context))


def _not_asked(context: Context) -> Iterator[Having]:
    """Yield the villages of a list that nobody asked about: nothing is known of them."""
    for row in rows(context, "villages", ("id", "name")):
        yield Having(str(row["id"]), str(row["name"] or row["id"]), (UNKNOWN,) * len(KINDS))


def lacking(found: Sequence[Having]) -> list[Having]:
    """Return those that lack something, most first; then in the order of their list."""
    return sorted((one for one in found if one.lacks), key=lambda one: -one.lacks)


def unknown(found: Sequence[Having]) -> dict[str, int]:
    """Return of how many villages each kind is not known, where it is of any."""
    counts = {kind: [one.states[k] for one in found].count(UNKNOWN) for k, kind in enumerate(KINDS)}
    return {kind: n for kind, n in counts.items() if n}
