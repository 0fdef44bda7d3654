"""Schools of facility level 1, and their campuses to draw."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.columns import ids, several, texts
from ntm_gis.analyses.places import drawn
from ntm_gis.layers.values import Answer, Layer, Layers
from ntm_gis.results import Contribution, Measure, Note, Unit, share
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "schools.facility_level_1_share": {"schools": ("school_id", "status", "facility_level")},
}

LAYER = "schools"
_MOST_SETTINGS = 512


@dataclass(frozen=True, slots=True)
class Campus:
    """One campus: in use, of level 1 or higher; None: not known."""

    id: str
    school: str | None
    in_use: bool | None
    reached: bool | None


def answer(question: Question) -> Answer:
    """Return the measure `schools.facility_level_1_share` and the frame `schools`."""
    layers = question.layers
    schools = layers[LAYER]
    found = campuses(schools)
    frame = drawn(schools, state=[_state(c) for c in found], letter=_letters(schools))
    return Answer((_share(layers, found),), (), {"schools": frame})


def campuses(schools: Layer) -> list[Campus]:
    """Return the used rows of the layer."""
    frame = schools.used
    in_use = {None: None, "in_use": True}
    return [
        Campus(id_, school, in_use.get(status, False), None if level is None else level != "0")
        for id_, school, status, level in zip(
            ids(schools),
            texts(frame, "school_id"),
            texts(frame, "status"),
            texts(frame, "facility_level"),
            strict=True,
        )
    ]


def school_unit(of_one: Sequence[Campus]) -> Unit:
    """Return the ways one school can be: not counted, counted, counted and reached.

    A school counts with a campus in use; it has reached the level if every campus in use has.

    Examples
    --------
    >>> school_unit([Campus("A", "S", True, True), Campus("B", "S", None, False)]).ways
    ((1.0, 1.0), (0.0, 1.0))
    """
    sure = [c for c in of_one if c.in_use]
    perhaps = [c for c in of_one if c.in_use is None]
    ways = []
    if not sure:
        ways.append((0.0, 0.0))
    if all(c.reached is not False for c in sure) and (
        sure or any(c.reached is not False for c in perhaps)
    ):
        ways.append((1.0, 1.0))
    if any(c.reached is not True for c in (*sure, *perhaps)):
        ways.append((0.0, 1.0))
    return Unit(tuple(ways))


def bounds(found: Sequence[Campus]) -> tuple[float, float, bool]:
    """Return the least and greatest share of schools at level 1 or higher, and if they are sharp.

    Campuses whose school is not recorded may belong to any school, or to one of their own. Where
    these are too many to try every way, the bounds hold all ways but may be wider.
    """
    named_ones, free = _by_school(found)
    homes = _homes(named_ones, free)
    sharp = len(homes) ** len(free) <= _MOST_SETTINGS
    settings = _settings(named_ones, free, homes) if sharp else _outer(named_ones, free)
    every = [share([school_unit(s) for s in schools]) for schools in settings]
    return min(s.low for s in every), max(s.high for s in every), sharp


def _by_school(found: Sequence[Campus]) -> tuple[list[list[Campus]], list[Campus]]:
    by_school: dict[str, list[Campus]] = defaultdict(list)
    free = []
    for campus in found:
        if campus.in_use is False:
            continue
        if campus.school is None:
            free.append(campus)
        else:
            by_school[campus.school].append(campus)
    return list(by_school.values()), free


def _homes(schools: Sequence[list[Campus]], free: Sequence[Campus]) -> list[int]:
    """Return the schools, and new ones, to which it makes a difference to give a free campus."""
    # Schools that can turn out in the same ways are as good as one another, but each free
    # campus may need one of its own to go to.
    kinds: dict[Unit, list[int]] = defaultdict(list)
    for number, school in enumerate(schools):
        kinds[school_unit(school)].append(number)
    homes = [n for numbers in kinds.values() for n in numbers[: len(free)]]
    return [*homes, *range(len(schools), len(schools) + len(free))]


def _settings(
    schools: Sequence[list[Campus]], free: Sequence[Campus], homes: Sequence[int]
) -> Iterator[list[list[Campus]]]:
    """Yield every way to give the free campuses to schools that makes a difference."""
    for choice in itertools.product(homes, repeat=len(free)):
        filled: dict[int, list[Campus]] = defaultdict(list)
        for number, school in enumerate(schools):
            filled[number] = list(school)
        for home, campus in zip(choice, free, strict=True):
            filled[home].append(campus)
        yield list(filled.values())


def _outer(schools: Sequence[list[Campus]], free: Sequence[Campus]) -> Iterator[list[list[Campus]]]:
    """Yield settings whose bounds hold all ways where these are too many to try.

    At best each free campus is a school that has reached the level; at worst each spoils
    a school that would have, or is a school that has not.
    """
    best = [Campus(c.id, None, in_use=True, reached=True) for c in free if c.reached is not False]
    yield [*schools, *([c] for c in best)]
    spoilt = [list(school) for school in schools]
    bad = [Campus(c.id, None, in_use=True, reached=False) for c in free if c.reached is not True]
    open_ones = [s for s in spoilt if any(n > 0 for n, _ in school_unit(s).ways)]
    for school, campus in zip(open_ones, bad, strict=False):
        school.append(campus)
    yield [*spoilt, *([c] for c in bad[len(open_ones) :])]


def _share(layers: Layers, found: Sequence[Campus]) -> Measure:
    name = named("schools.facility_level_1_share")
    if figures.without_rows(layers, LAYER):
        return figures.not_given(name, layers, LAYER)
    schools, free = _by_school(found)
    features: list[Contribution] = []
    # A campus of nobody knows which school stands for one of its own in the value.
    for school in (*schools, *([c] for c in free)):
        features += _evidence(school)
    known = [part for part in features if not part.unknown]
    # Thirds of a school add up to a whole but for the last digit.
    numerator = round(math.fsum(part.amount for part in known), 9)
    denominator = round(math.fsum(part.weight or 0.0 for part in known), 9)
    low, high, sharp = bounds(found)
    return figures.shared_within(
        name,
        features,
        (numerator, denominator),
        (low, high),
        (layers[LAYER],),
        method=figures.LIST,
        notes=() if sharp else (Note.of("BOUNDS_NOT_SHARP"),),
    )


def _evidence(school: Sequence[Campus]) -> list[Contribution]:
    """Return what the campuses of a school put in: together one school."""
    unit = school_unit(school)
    part = 1.0 / len(school)
    if not unit.known:
        return [Contribution(LAYER, c.id, 0.0, unknown=True, weight=part) for c in school]
    amount, weight = unit.ways[0]
    return [Contribution(LAYER, c.id, amount * part, weight=weight * part) for c in school]


def _state(campus: Campus) -> str:
    if campus.in_use is False:
        return "off"
    if campus.in_use is None or campus.reached is None:
        return "unknown"
    return "ok" if campus.reached else "no"


def _letters(schools: Layer) -> list[str]:
    """Return the letters of the levels: M kindergarten, T primary, C lower secondary."""
    letters = {code.code: code.flags.get("letter", "") for code in code_list("school_level").codes}
    return [
        "".join(letters.get(level, "") for level in levels)
        for levels in several(schools.used, "level")
    ]
