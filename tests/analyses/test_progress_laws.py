"""Laws of progress over arbitrary reports, and sharp bounds against every completion.

All laws are tried on 500 lists, and on 100,000 where `NTM_GIS_DEEP` is set.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.analyses.progress.bulk import union_lengths
from ntm_gis.analyses.progress.claims import once
from ntm_gis.analyses.progress.history import history
from ntm_gis.analyses.progress.judged import KINDS, STAGES
from ntm_gis.analyses.progress.stretches import stretches
from ntm_gis.analyses.progress.tally import Reports, Tally, reports, tallies
from ntm_gis.analyses.progress.works import Work
from ntm_gis.errors import NotComputable
from ntm_gis.layers.decisions import Claim, Dispute
from ntm_gis.results import spans

EXAMPLES = 100_000 if os.environ.get("NTM_GIS_DEEP") else 500

AS_OF = dt.date(2025, 12, 31)
ROAD = 700_000
WORK = Work(0, "CT01", "Đường Hô Tra", "D05", ROAD, 0, ROAD, 300)

days = st.dates(dt.date(2025, 1, 1), dt.date(2026, 3, 1))


def claims(most: int) -> st.SearchStrategy[list[Claim]]:
    """Reports on a work of `most` centimetres, with blanks."""
    edge = st.integers(-2, most + 4)

    def perhaps(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
        return st.none() | values

    one = st.builds(
        Claim, st.just(""), st.sampled_from([f"BC{k}" for k in range(9)]), st.just("CT01"),
        perhaps(edge), perhaps(edge), perhaps(st.sampled_from(STAGES)), perhaps(days),
        verified_by=st.sampled_from([None, "Phòng Kinh tế"]),
        width_cm=perhaps(st.sampled_from([280, 300, 350])),
    )  # fmt: skip
    return st.lists(one, max_size=8)


def disputes(most: int) -> st.SearchStrategy[list[Dispute]]:
    one = st.builds(
        lambda a, n, outcome: Dispute("", "CT01", a, a + n, AS_OF, "bản", "?", outcome, AS_OF),
        st.integers(0, most), st.integers(1, most), st.sampled_from([None, "counts", "does_not_count"]),
    )  # fmt: skip
    return st.lists(one, max_size=2)


def lengths(given: list[Claim], contested: list[Dispute], work: Work = WORK) -> dict[str, Tally]:
    return tallies(reports([work], once((), given), contested), work, AS_OF)


def said(found: dict[str, Tally]) -> dict[str, tuple[int, int | None]]:
    return {kind: (tally.low_cm, tally.high_cm) for kind, tally in found.items()}


def apart(given: list[Claim]) -> list[Claim]:
    """Return claims with an id for each content: no report says two things."""
    number = {content: k for k, content in enumerate(dict.fromkeys(c.content[1:] for c in given))}
    return [replace(c, report_id=f"R{number[c.content[1:]]}") for c in given]


Law = Callable[[list[Claim], list[Claim], list[Dispute], random.Random], None]


def lengths_are_whole_nested_and_within_the_work(
    given: list[Claim], _: list[Claim], contested: list[Dispute], __: random.Random
) -> None:
    found = lengths(given, contested)
    low = [found[kind].low_cm for kind in KINDS]
    high = [found[kind].high_cm or 0 for kind in KINDS]
    assert ROAD >= low[0] >= low[1] >= low[2] >= 0
    assert ROAD >= high[0] >= high[1] >= high[2] >= 0
    for tally in found.values():
        assert isinstance(tally.low_cm, int)
        assert tally.high_cm is not None
        assert spans.difference(tally.low, tally.high) == ()
        assert sum(cm for _, cm in tally.credit) == tally.low_cm
        assert all(cm is not None and cm >= 0 for _, cm in (*tally.credit, *tally.open))
        assert tally.high_cm - tally.low_cm <= sum(cm or 0 for _, cm in tally.open)


def order_and_repetition_change_nothing(
    given: list[Claim], _: list[Claim], contested: list[Dispute], chance: random.Random
) -> None:
    expected = lengths(given, contested)
    shuffled = chance.sample([*given, *given], 2 * len(given))
    assert lengths(shuffled, contested) == expected
    recorded = [replace(c, entry=f"{k:064x}") for k, c in enumerate(given)]
    both = tallies(reports([WORK], once(recorded, shuffled), contested), WORK, AS_OF)
    assert both == expected


def halves_of_the_list_are_the_whole(
    one: list[Claim], other: list[Claim], contested: list[Dispute], _: random.Random
) -> None:
    every = apart([*one, *other])
    one, other = every[: len(one)], every[len(one) :]
    halves = [lengths(half, contested) for half in (one, other)]
    for kind, tally in lengths([*one, *other], contested).items():
        parts = [half[kind] for half in halves]
        assert tally.low == spans.union(span for part in parts for span in part.low)
        assert tally.high == spans.union(span for part in parts for span in part.high)


def a_report_in_two_halves_is_the_report(
    given: list[Claim], _: list[Claim], contested: list[Dispute], chance: random.Random
) -> None:
    given = apart(given)
    halves: list[Claim] = []
    for k, c in enumerate(given):
        if c.from_cm is None or c.to_cm is None or c.to_cm - c.from_cm < 2 or beyond(c, ROAD):
            halves.append(c)
            continue
        cut = chance.randint(c.from_cm + 1, c.to_cm - 1)
        halves += [
            replace(c, report_id=f"{k}a", to_cm=cut),
            replace(c, report_id=f"{k}b", from_cm=cut),
        ]
    assert said(lengths(halves, contested)) == said(lengths(given, contested))


def taking_a_report_back_restores_what_was(
    given: list[Claim], more: list[Claim], contested: list[Dispute], _: random.Random
) -> None:
    every = apart([*given, *more])
    given, more = every[: len(given)], every[len(given) :]
    before, after = lengths(given, contested), lengths(every, contested)
    assert all(after[kind].low_cm >= before[kind].low_cm for kind in KINDS)
    kept = {c.content for c in given}
    taken_back = [c for c in (*given, *more) if c.content in kept]
    assert lengths(taken_back, contested) == before


def stretches_fill_the_work_and_agree_with_the_lengths(
    given: list[Claim], _: list[Claim], contested: list[Dispute], __: random.Random
) -> None:
    found = reports([WORK], once((), given), contested)
    parts = stretches(WORK, found.of(WORK), AS_OF, found.contested(WORK, AS_OF))
    assert (parts[0].span[0], parts[-1].span[1]) == (0, ROAD)
    assert all(p.span[1] == n.span[0] for p, n in itertools.pairwise(parts))
    by_kind = tallies(found, WORK, AS_OF)
    for kind, states in (("poured", ("poured", "accepted")), ("accepted", ("accepted",))):
        assert spans.union(p.span for p in parts if p.state in states) == by_kind[kind].low
    opened = [(d.from_cm, d.to_cm) for d in contested if d.outcome is None]
    hatched = spans.union(p.span for p in parts if p.state == "disputed")
    assert hatched == spans.intersection([(0, ROAD)], opened)


def history_in_one_go_says_what_each_day_says(
    given: list[Claim], _: list[Claim], contested: list[Dispute], __: random.Random
) -> None:
    found = reports([WORK], once((), given), contested)
    by_day: dict[dt.date, dict[str, Tally]] = {}
    for (_work, day, kind), bounds in history(found, AS_OF).items():
        tally = by_day.setdefault(day, tallies(found, WORK, day))[kind]
        assert (bounds.low, bounds.high) == (tally.low_cm, tally.high_cm)


LAWS: tuple[Law, ...] = (
    lengths_are_whole_nested_and_within_the_work, order_and_repetition_change_nothing,
    halves_of_the_list_are_the_whole, a_report_in_two_halves_is_the_report,
    taking_a_report_back_restores_what_was, stretches_fill_the_work_and_agree_with_the_lengths,
    history_in_one_go_says_what_each_day_says,
)  # fmt: skip


@pytest.mark.parametrize("law", LAWS, ids=[law.__name__ for law in LAWS])
@given(claims(ROAD), claims(ROAD), disputes(ROAD), st.randoms(use_true_random=False))
def test_law(
    law: Law, given: list[Claim], more: list[Claim], contested: list[Dispute], chance: random.Random
) -> None:
    law(given, more, contested, chance)


def test_laws_on_many_lists() -> None:
    """Every law on lists drawn by a plain generator: ten times as fast as well chosen ones."""
    for k in range(EXAMPLES):
        chance = random.Random(k)  # noqa: S311 - examples, no secrets
        given, more = drawn(chance), drawn(chance)
        contested = [
            Dispute("", "CT01", a, a + chance.randint(1, ROAD), AS_OF, "bản", "?",
                    chance.choice([None, "counts", "does_not_count"]), AS_OF)
            for a in (chance.randint(0, ROAD) for _ in range(chance.choice([0, 0, 1, 2])))
        ]  # fmt: skip
        for law in LAWS:
            try:
                law(given, more, contested, chance)
            except AssertionError as fault:
                fault.add_note(f"{law.__name__} on the lists of seed {k}")
                raise


def drawn(chance: random.Random) -> list[Claim]:
    """Up to eight reports, near each other, touching, repeated, beyond, turned and blank."""
    marks = [chance.randint(-2, ROAD + 3) for _ in range(4)] + [0, ROAD, -1, ROAD + 1, ROAD + 2]
    out: list[Claim] = []
    for _ in range(chance.randint(0, 8)):
        a, z = sorted(chance.sample(marks, 2)) if chance.random() < 0.9 else chance.sample(marks, 2)
        blank = chance.randint(0, 20)
        claim = Claim(
            "", f"BC{chance.randint(0, 8)}", "CT01", None if blank == 1 else a,
            None if blank == 2 else z, None if blank == 3 else chance.choice(STAGES),
            None if blank == 4 else dt.date(2025, 1, 1) + dt.timedelta(days=chance.randint(0, 400)),
            verified_by=chance.choice([None, "Phòng"]),
            width_cm=None if blank == 5 else chance.choice([299, 300, 350]),
        )  # fmt: skip
        out.append(chance.choice(out) if out and chance.random() < 0.1 else claim)
    return out


groups = st.lists(
    st.tuples(st.integers(0, 5), st.integers(-50, 50), st.integers(-50, 50)), max_size=40
)


@given(groups, st.integers(1, 10**6), st.sampled_from([0, 10**9, 10**11]))
def test_lengths_by_whole_columns_are_those_of_spans(
    given: list[tuple[int, int, int]], scale: int, shift: int
) -> None:
    """With small numbers start and length fit into one; with great ones they are sorted apart."""
    rows = [(g, scale * a + shift * (a > 0), scale * z + shift * (z > 0)) for g, a, z in given]
    group, start, end = np.array(rows, np.int64).reshape(len(rows), 3).T
    expected = [spans.length((a, z) for g, a, z in rows if g == k) for k in range(6)]
    assert union_lengths(group, start, end, 6).tolist() == expected


def test_groups_and_spans_beyond_whole_numbers_are_refused() -> None:
    far = np.array([2**62])
    with pytest.raises(NotComputable):
        union_lengths(np.array([7]), np.array([0]), far, 8)
    with pytest.raises(IndexError):
        union_lengths(np.array([3]), np.array([0]), np.array([1]), 3)
    assert union_lengths(np.array([], np.int64), far[:0], far[:0]).tolist() == []


# --- Every completion ----------------------------------------------------------------------------

SHORT = 6
SMALL = Work(0, "CT01", "", "D05", SHORT, 0, SHORT, 300)


def beyond(c: Claim, most: int) -> bool:
    return any(x is not None and not -1 <= x <= most + 1 for x in (c.from_cm, c.to_cm))


def completions(c: Claim) -> Iterator[Claim]:
    """Every way in which the blanks of a report may turn out."""
    reach = range(-2, SHORT + 3)
    for since, until, stage, on, width in itertools.product(
        [c.from_cm] if c.from_cm is not None else reach,
        [c.to_cm] if c.to_cm is not None else reach,
        [c.stage] if c.stage else STAGES,
        [c.reported_on] if c.reported_on else [AS_OF, dt.date(2026, 1, 1)],
        [c.width_cm] if c.width_cm else [299, 300],
    ):
        yield replace(c, from_cm=since, to_cm=until, stage=stage, reported_on=on, width_cm=width)


def ground(c: Claim, kind: str) -> frozenset[int]:
    """The centimetres that a complete report brings, by the words of the contract."""
    assert c.from_cm is not None
    assert c.to_cm is not None
    assert c.reported_on is not None
    assert c.width_cm is not None
    if beyond(c, SHORT) or c.from_cm >= c.to_cm or c.reported_on > AS_OF:
        return frozenset()
    fits = {
        "reported": True,
        "poured": c.stage in ("poured", "accepted") and c.width_cm >= 300,
        "accepted": c.stage == "accepted" and c.verified_by is not None and c.width_cm >= 300,
    }
    return frozenset(range(max(0, c.from_cm), min(SHORT, c.to_cm))) if fits[kind] else frozenset()


def outcomes(contested: list[Dispute]) -> Iterator[frozenset[int]]:
    """The ground that is taken away, for every way in which open disputes may be settled."""
    for ways in itertools.product(
        *([d.outcome] if d.outcome else ["counts", "does_not_count"] for d in contested)
    ):
        refused = zip(contested, ways, strict=True)
        yield frozenset(
            k for d, way in refused if way == "does_not_count" for k in range(d.from_cm, d.to_cm)
        )


@given(claims(SHORT).map(lambda found: found[:3]), disputes(SHORT))
def test_bounds_are_the_least_and_the_greatest_of_every_completion(
    given: list[Claim], contested: list[Dispute]
) -> None:
    given = list({c.content: c for c in apart(given)}.values())
    found = lengths(given, contested, SMALL)
    for kind in KINDS:
        # Of each report every ground that it may turn out to bring, once.
        ways = [{ground(whole, kind) for whole in completions(c)} for c in given]
        sizes = [
            len(frozenset().union(*chosen) - gone)
            for chosen in itertools.product(*ways)
            for gone in outcomes(contested)
        ]
        assert (found[kind].low_cm, found[kind].high_cm) == (min(sizes), max(sizes)), kind


@given(claims(SHORT))
def test_of_several_contents_of_a_report_what_all_say_is_for_sure(given: list[Claim]) -> None:
    """By sets of centimetres: each id brings what its contents share, at most what any says."""
    whole = [
        replace(c, from_cm=c.from_cm or 0, to_cm=c.to_cm or SHORT, stage=c.stage or "base",
                reported_on=c.reported_on or AS_OF, width_cm=c.width_cm or 300)
        for c in given
    ]  # fmt: skip
    found = lengths(whole, [], SMALL)
    for kind in KINDS:
        by_id: dict[str, list[frozenset[int]]] = {}
        for c in whole:
            by_id.setdefault(c.report_id, []).append(ground(c, kind))
        sure = frozenset().union(*(frozenset.intersection(*of) for of in by_id.values()))
        most = frozenset().union(*(part for of in by_id.values() for part in of))
        assert (found[kind].low_cm, found[kind].high_cm) == (len(sure), len(most)), kind


# --- Five reports --------------------------------------------------------------------------------


def five() -> list[Claim]:
    """Added up 4,000 m; 2,550 m of ground."""
    rows = [
        ("BC01", 0, 100_000, "accepted", (2025, 6, 30)), ("BC02", 60_000, 150_000, "poured", (2025, 7, 15)),
        ("BC03", 110_000, 200_000, "poured", (2025, 8, 15)),
        ("BC04", 100_000, 145_000, "accepted", (2025, 9, 30)),
        ("BC05", 180_000, 255_000, "poured", (2025, 10, 31)),
    ]  # fmt: skip
    return [
        Claim("", key, "CT01", a, z, stage, dt.date(*day), verified_by="Phòng", width_cm=340)
        for key, a, z, stage, day in rows
    ]


def test_five_reports_in_any_order_sent_twice_give_the_same_centimetre() -> None:
    found: list[dict[str, Tally]] = []
    for order in itertools.permutations(five()):
        again = [replace(c, entry=c.report_id) for c in order[::-1]]
        both = reports([WORK], once(again, [*order, *order]), ())
        found.append(tallies(both, WORK, AS_OF))
    assert len(found) == 120
    assert all(one == found[0] for one in found)
    assert said(found[0]) == {
        "reported": (255_000, 255_000), "poured": (255_000, 255_000), "accepted": (145_000, 145_000)
    }  # fmt: skip
    assert found[0]["reported"].added_up == 400_000
    assert dict(found[0]["poured"].credit) == {
        "BC01": 100_000, "BC02": 50_000, "BC03": 50_000, "BC04": 0, "BC05": 55_000
    }  # fmt: skip


def test_all_reports_are_of_one_work_only() -> None:
    other = replace(WORK, id="CT02")
    found: Reports = reports([WORK, other], five(), ())
    assert len(found.of(WORK)) == 5
    assert found.of(other) == ()
    assert said(tallies(found, other, AS_OF))["reported"] == (0, 0)
