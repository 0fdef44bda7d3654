"""Building measures: sums and shares of contributions, and measures of layers not given."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ntm_gis.results import Contribution, Evidence, Measure, Note, Unit, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ntm_gis.analyses.catalogue import Named
    from ntm_gis.layers.values import Layer, Layers

MAP, LIST, BOTH = "map", "list", "both"


def summed(
    name: Named,
    features: Sequence[Contribution],
    inputs: Iterable[Layer],
    *,
    more: float | None = 0.0,
    low: float | None = None,
    high: float | None = None,
    known: bool | None = None,
    method: str = MAP,
    notes: Sequence[Note] = (),
) -> Measure:
    """Return a measure that is a sum of what its features put in.

    Parameters
    ----------
    name : Named
    features : sequence of Contribution
        Known amounts and unknown ones.
    inputs : iterable of Layer
        Layers whose files entered.
    more : float or None
        What the unknown can add at most; None where nothing bounds it.
    low, high : float, optional
        Bounds, where they are not the sum and the sum with `more`.
    known : bool, optional
        Something is known, if only that it adds nothing; left out: there is a feature that is
        known, or there are none at all (then the value is 0).
    """
    total = math.fsum(part.amount for part in features)
    if known is None:
        known = not features or not all(part.unknown for part in features)
    value = total if known else None
    if high is None and more is not None:
        high = total + more
    return Measure(
        name.id,
        name.title,
        name.unit,
        value,
        total if low is None else low,
        high,
        Evidence(name.method, tuple(features), files(inputs)),
        subject=name.subject,
        numerator=value,
        method=method,
        more_is_better=name.more_is_better,
        notes=tuple(notes),
    )


def shared(
    name: Named,
    features: Sequence[Contribution],
    units: Iterable[Unit],
    inputs: Iterable[Layer],
    *,
    method: str = MAP,
    notes: Sequence[Note] = (),
) -> Measure:
    """Return a share in per cent, with the sharp bounds of its units.

    The known `features` hold the known units: Σ amount is the numerator, Σ weight the
    denominator.
    """
    found = share(units)
    known = [part for part in features if not part.unknown]
    numerator = math.fsum(part.amount for part in known)
    denominator = math.fsum(part.weight or 0.0 for part in known)
    return shared_within(
        name,
        features,
        (numerator, denominator),
        (found.low, found.high),
        inputs,
        method=method,
        notes=notes,
    )


def shared_within(
    name: Named,
    features: Sequence[Contribution],
    known: tuple[float, float],
    bounds: tuple[float, float],
    inputs: Iterable[Layer],
    *,
    method: str = MAP,
    notes: Sequence[Note] = (),
) -> Measure:
    """Return a share in per cent of known numerator and denominator, with bounds in per cent."""
    some = known[1] > 0
    value = 100 * known[0] / known[1] if some else None
    if value is not None:
        # The same sum in another order may differ in the last digit.
        value = next((b for b in bounds if math.isclose(value, b, rel_tol=1e-12)), value)
    return Measure(
        name.id,
        name.title,
        name.unit,
        value,
        *bounds,
        Evidence(name.method, tuple(features), files(inputs)),
        subject=name.subject,
        numerator=known[0] if some else None,
        denominator=known[1] if some else None,
        method=method,
        more_is_better=name.more_is_better,
        notes=tuple(notes),
    )


def not_given(name: Named, layers: Layers, *missing: str, inputs: Sequence[str] = ()) -> Measure:
    """Return a measure of which nothing is known, with a note that names the layers missing."""
    found = files(layers[layer] for layer in inputs)
    return unknown(name, (layer_note(layers, *missing),), found)


def unknown(name: Named, notes: Sequence[Note], inputs: tuple[str, ...] = ()) -> Measure:
    """Return a measure of which nothing is known, with notes that say why."""
    return Measure(
        name.id,
        name.title,
        name.unit,
        None,
        0.0,
        100.0 if name.unit == "%" else None,
        Evidence(name.method, (), inputs),
        subject=name.subject,
        more_is_better=name.more_is_better,
        notes=tuple(notes),
    )


def missing(layers: Layers, *names: str) -> tuple[str, ...]:
    """Return those of the layers that the commune has no readable source for."""
    return tuple(name for name in names if not layers[name].given)


def without_rows(layers: Layers, *names: str) -> tuple[str, ...]:
    """Return those of the layers of which nothing is known: no row of any source can be used.

    A sheet that nobody filled in says nothing of what there is; it does not say "none".
    """
    return tuple(name for name in names if layers[name].used.empty)


def layer_note(layers: Layers, *names: str) -> Note:
    """Return the note that names layers not given, by their titles."""
    titles = tuple(layers[name].schema.title.words for name in names)
    return Note.of("LAYER_NOT_GIVEN", layers=titles)


def files(layers: Iterable[Layer]) -> tuple[str, ...]:
    """Return the files of layers, each once, in order."""
    return tuple(dict.fromkeys(file for layer in layers for file in layer.files))


def method_of(*, drawn: bool, listed: bool) -> str:
    """Return the word for how amounts came about: drawn, by list alone, or some of each.

    Examples
    --------
    >>> method_of(drawn=True, listed=True), method_of(drawn=False, listed=True)
    ('both', 'list')
    """
    if drawn and listed:
        return BOTH
    return LIST if listed else MAP
