"""What indicators and criteria can turn out to be once all that is unknown is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.rules.criteria_model import Indicator

Ends = frozenset[Verdict]
"""What a verdict can turn out to be: met, not met, not applicable."""

EITHER: Ends = frozenset((Verdict.MET, Verdict.NOT_MET))


def ends_of(every: Sequence[tuple[Indicator, Ends]], *, complete: bool) -> Ends:
    """Return what a criterion can turn out to be, over every end of each of its indicators.

    Parameters
    ----------
    every : sequence of (Indicator, Ends)
        Its indicators that are known, with what each can turn out to be by itself.
    complete : bool
        They are all that it has; of one of which some are not known here anything may come
        where none of the known is surely not met.
    """
    out: set[Verdict] = set()
    if any(Verdict.NOT_MET in ends for _, ends in every) or not complete:
        out.add(Verdict.NOT_MET)
    if any(ends == {Verdict.NOT_MET} for _, ends in every):
        return frozenset(out)
    counts = any(
        Verdict.MET in ends or _counts_as_met(line, ends) for line, ends in every
    )  # fmt: skip
    if counts or not complete:
        out.add(Verdict.MET)
    nothing = all(
        Verdict.NOT_APPLICABLE in ends and not _counts_as_met(line, ends) for line, ends in every
    )
    if nothing and complete:
        out.add(Verdict.NOT_APPLICABLE)
    return frozenset(out)


def _counts_as_met(line: Indicator, ends: Ends) -> bool:
    """Whether a line counts as met where it does not apply."""
    out = line.applies is not None and line.applies.otherwise == "met"
    return out and Verdict.NOT_APPLICABLE in ends
