"""Whether the funds agree with one another: sums at every level, circles, the one wrong digit.

A contradiction is stated with both sides; nobody is said to be wrong. Where there is exactly one
digit of one number with whose change every sum would close, that is told as something to check.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.analyses.columns import amounts, texts
from ntm_gis.analyses.places import at_row
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.funds.analysis import Tree
    from ntm_gis.results import Finding

ROUNDING = 0.0005
"""Million đồng, half a thousand đồng: sums nearer than this agree."""

_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Sum:
    """A fund and the funds right beneath it.

    `known` is the sum of those recorded; `whole`: all are.
    """

    parent: int
    children: tuple[int, ...]
    declared: float
    known: float
    whole: bool

    @property
    def closes(self) -> bool:
        """The parts make up the fund, or what is not recorded may make up the rest."""
        if abs(self.known - self.declared) <= ROUNDING:
            return True
        return not self.whole and self.known < self.declared


@dataclass(frozen=True, slots=True)
class Repair:
    """A number that, with one digit changed, would close every sum."""

    fund: int
    million: float


def findings(tree: Tree) -> Iterator[Finding]:
    """Yield what contradicts in the tree of funds, and the one digit that would mend it."""
    yield from _open_sums(tree)
    yield from _circles(tree)
    found = one_digit(tree)
    if found is not None:
        yield _to_check(tree, found, "FUNDS_ONE_DIGIT")
    else:
        for top, repair in one_digit_within(tree):
            yield _to_check(tree, repair, "FUNDS_ONE_DIGIT_WITHIN", top=tree.names[top])
    yield from _years(tree)
    yield from _sources(tree)


def _to_check(tree: Tree, found: Repair, code: str, **more: object) -> Finding:
    declared = tree.million[found.fund]
    return at_row(
        code, tree.layer, found.fund, field="million_vnd", value=f"{declared:.15g}",
        name=tree.names[found.fund], declared=declared, repaired=found.million, **more,
    ).affecting(touched(tree, [found.fund]))  # fmt: skip


def sums(tree: Tree, million: Sequence[float | None] | None = None) -> Iterator[Sum]:
    """Yield every fund that has funds beneath it and stands in no circle, with its parts.

    Parameters
    ----------
    million : sequence, optional
        Other amounts than those declared.
    """
    given = tree.million if million is None else million
    in_circle = {k for circle in tree.circles for k in circle}
    for parent, children in sorted(tree.children.items()):
        declared = given[parent]
        if parent in in_circle or declared is None:
            continue
        parts = [given[k] for k in children]
        known = math.fsum(x for x in parts if x is not None)
        yield Sum(parent, tuple(children), declared, known, None not in parts)


def one_digit(tree: Tree) -> Repair | None:
    """Return the only change of one digit in one number that closes all sums.

    None where every sum closes, where no such change does, and where several would: then
    nothing says which.
    """
    return _only_repair(tree, list(sums(tree)))


def one_digit_within(tree: Tree) -> list[tuple[int, Repair]]:
    """Return topmost funds with the only change of one digit that closes all sums beneath them.

    Two slips in two programmes are each the only one of their own.
    """
    by_top: dict[int, list[Sum]] = {}
    for found in sums(tree):
        by_top.setdefault(tree.above(found.parent)[-1], []).append(found)
    repairs = ((top, _only_repair(tree, own)) for top, own in by_top.items())
    return [(top, repair) for top, repair in repairs if repair is not None]


def _only_repair(tree: Tree, every: Sequence[Sum]) -> Repair | None:
    wrong = [found for found in every if not found.closes]
    if not wrong:
        return None
    parents = {found.parent for found in every}
    # A number enters its own sum and that of its parent: it has to enter all that are wrong.
    near = set.intersection(*({found.parent, *found.children} for found in wrong))
    repairs = []
    for fund in sorted(near):
        declared = tree.million[fund]
        for other in () if declared is None else _one_digit_off(declared):
            changed = [*tree.million]
            changed[fund] = other
            if all(found.closes for found in sums(tree, changed) if found.parent in parents):
                repairs.append(Repair(fund, other))
                if len(repairs) > 1:
                    return None
    return repairs[0] if repairs else None


def _one_digit_off(million: float) -> Iterator[float]:
    """Yield the numbers that differ in one digit, as written, from a number.

    Examples
    --------
    >>> [x for x in _one_digit_off(40.0)][:3]
    [10.0, 20.0, 30.0]
    """
    written = format(Decimal(repr(million)).normalize(), "f")
    for at, digit in enumerate(written):
        if not digit.isdigit():
            continue
        for other in _DIGITS:
            # Nobody writes a number with a nought in front.
            leads = at == 0 and other == "0" and len(written) > 1 and written[1] != "."
            if other != digit and not leads:
                yield float(written[:at] + other + written[at + 1 :])


def _open_sums(tree: Tree) -> Iterator[Finding]:
    for found in sums(tree):
        if not found.closes:
            yield at_row(
                "FUNDS_SUM", tree.layer, found.parent, field="million_vnd",
                value=f"{found.declared:.15g}", name=tree.names[found.parent],
                declared=found.declared, parts=found.known,
                difference=abs(round(found.known - found.declared, 3)),
                children=tuple(tree.ids[k] for k in found.children),
            ).affecting(touched(tree, [found.parent, *found.children]))  # fmt: skip


def _circles(tree: Tree) -> Iterator[Finding]:
    for circle in tree.circles:
        chain = tuple(tree.ids[k] for k in (*circle, circle[0]))
        code = "FUNDS_CYCLE" if len(circle) > 1 else "FUNDS_SELF"
        yield at_row(
            code, tree.layer, circle[0], field="parent_id", value=chain[1], chain=chain,
            name=tree.names[circle[0]],
        ).affecting(touched(tree, circle))  # fmt: skip


def _years(tree: Tree) -> Iterator[Finding]:
    years = amounts(tree.layer.used, "year").tolist()
    for parent, children in sorted(tree.children.items()):
        for k in children:
            if not math.isnan(years[k]) and years[k] != years[parent] == years[parent]:
                yield at_row(
                    "FUND_OF_OTHER_YEAR", tree.layer, k, field="year", value=int(years[k]),
                    name=tree.names[k], year=str(int(years[k])), parent=tree.ids[parent],
                    parent_year=str(int(years[parent])),
                ).affecting((segment(tree, k), segment(tree, parent)))  # fmt: skip


def _sources(tree: Tree) -> Iterator[Finding]:
    """Yield funds of another source than the fund that they are said to be part of."""
    sources = texts(tree.layer.used, "source")
    titles = code_list("fund_source")
    for parent, children in sorted(tree.children.items()):
        for k in children:
            own, above = sources[k], sources[parent]
            if own is not None and above is not None and own != above:
                yield at_row(
                    "FUND_OF_OTHER_SOURCE", tree.layer, k, field="source", value=own,
                    name=tree.names[k], source=titles[own].title.words, parent=tree.ids[parent],
                    parent_source=titles[above].title.words,
                ).affecting((segment(tree, k), segment(tree, parent)))  # fmt: skip


def touched(tree: Tree, numbers: Sequence[int]) -> tuple[str, ...]:
    """Return the measures that some funds enter."""
    in_circle = {k for circle in tree.circles for k in circle}
    top = any(tree.parents[k] not in tree.position or k in in_circle for k in numbers)
    return (*(("funds.total",) if top else ()), *(segment(tree, k) for k in numbers))


def segment(tree: Tree, number: int) -> str:
    """Return the id of the measure of a fund."""
    return f"fund.{text.segment(tree.ids[number])}"
