"""Roads cut to a network: where they meet, what they cover, whatever order they come in."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from ntm_gis.analyses.matching.network import Network, network

ROOT = 570_000.0, 2_455_000.0


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(ROOT[0] + x, ROOT[1] + y) for x, y in points])


def parts(net: Network) -> int:
    n = int(net.ends.max()) + 1
    graph = coo_array((np.ones(len(net.ends)), net.ends.T), shape=(n, n))
    return int(connected_components(graph, directed=False)[0])


def covered(net: Network, road: int) -> float:
    p = net.pieces
    mine = p.road == road
    return float(abs(p.chain_end - p.chain_start)[mine].sum())


@pytest.mark.parametrize(
    ("roads", "strands"),
    [
        ([line((0, 0), (100, 0)), line((50, -50), (50, 50))], 4),
        ([line((0, 0), (50, 0), (100, 0)), line((50, 0), (50, 50))], 3),
        ([line((0, 0), (100, 0)), line((50, 0), (50, 50))], 3),
        ([line((0, 0), (100, 0)), line((50, 3), (50, 50))], 3),
        ([line((0, 0), (100, 0)), line((50, 6), (50, 50))], 2),
        ([line((0, 0), (100, 0)), line((100, 0), (200, 0)), line((203, 0), (300, 0))], 1),
        ([line((0, 0), (100, 0)), line((20, 0), (80, 0))], 1),
        ([line((0, 0), (80, 80), (80, 0), (0, 80))], 1),
    ],
    ids=["crossing", "common vertex", "end on a road", "end 3 m short", "end 6 m short",
         "three in a row", "one on the other", "crosses itself"],
)  # fmt: skip
def test_roads_meet_where_they_do_on_the_ground(roads, strands):
    net = network(roads)
    assert len(net.ends) == strands
    for number, road in enumerate(roads):
        assert covered(net, number) == pytest.approx(road.length, abs=1e-6)


def test_a_bridge_over_a_road_does_not_meet_it():
    roads = [line((0, 0), (100, 0)), line((50, -50), (50, 50))]
    assert parts(network(roads)) == 1
    assert parts(network(roads, levels=[0, 1])) == 2


def test_where_roads_lie_on_each_other_each_keeps_its_chainage():
    net = network([line((0, 0), (100, 0)), line((80, 0), (20, 0))])
    p = net.pieces
    found = zip(p.road, p.start, p.end, p.chain_start, p.chain_end, strict=True)
    assert [tuple(map(float, piece)) for piece in found] == [
        (0, 0, 100, 0, 100), (1, 20, 80, 60, 0)
    ]  # fmt: skip
    road, chain = net.chainages(np.array([0, 0]), np.array([10.0, 50.0]))
    assert road.tolist() == [0, 0]  # the first road has its name
    assert chain.tolist() == [10.0, 50.0]


def test_a_road_there_and_back_is_one_strand_with_two_chainages():
    net = network([line((0, 0), (50, 0), (100, 0), (50, 0), (0, 0))])
    assert net.length.tolist() == [100.0]
    ends = sorted(zip(net.pieces.chain_start, net.pieces.chain_end, strict=True))
    assert [tuple(map(float, pair)) for pair in ends] == [(0.0, 100.0), (200.0, 100.0)]


def test_rings_and_loops_have_an_end():
    ring = network([line((0, 0), (40, 0), (40, 40), (0, 40), (0, 0))])
    assert ring.length.tolist() == [160.0]
    assert ring.ends.tolist() == [[0, 0]]
    lollipop = network([line((-60, 0), (0, 0), (40, 0), (40, 40), (0, 40), (0, 0))])
    assert sorted(lollipop.length.tolist()) == [60.0, 160.0]


def test_nothing_is_a_network_without_strands():
    for lines in ([], [None], [shapely.LineString()]):
        net = network(lines)
        assert len(net.ends) == len(net.pieces.road) == 0
        assert net.roads == len(lines)


@st.composite
def maps(draw: st.DrawFn) -> list[shapely.LineString]:
    """Roads of a few vertices on a coarse raster: crossings, common vertices, overlaps abound."""
    roads = []
    for _ in range(draw(st.integers(1, 6))):
        points = draw(
            st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=6)
        )
        steps = [points[0], *(q for p, q in pairwise(points) if p != q)]
        if len(steps) > 1:
            roads.append(line(*((25.0 * x, 25.0 * y) for x, y in steps)))
    return roads or [line((0, 0), (25, 0))]


@given(maps(), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_neither_order_nor_direction_of_roads_changes_the_network(roads, random):
    one = network(roads)
    order = list(range(len(roads)))
    random.shuffle(order)
    turned = [roads[k].reverse() if random.random() < 0.5 else roads[k] for k in order]
    other = network(turned)
    np.testing.assert_array_equal(one.xy, other.xy)
    np.testing.assert_array_equal(one.first, other.first)
    np.testing.assert_array_equal(one.ends, other.ends)
    for new, old in enumerate(order):
        assert covered(other, new) == pytest.approx(covered(one, old), abs=1e-9)


@given(maps())
@settings(max_examples=60, deadline=None)
def test_every_road_is_covered_whole_and_stays_where_it_was(roads):
    net = network(roads, join_m=0)
    for number, road in enumerate(roads):
        assert covered(net, number) == pytest.approx(road.length, abs=1e-6)
    p = net.pieces
    for k in range(len(p.road)):
        middle = net.points(p.strand[[k]], (p.start[[k]] + p.end[[k]]) / 2)[0]
        chain = (p.chain_start[k] + p.chain_end[k]) / 2
        there = roads[p.road[k]].interpolate(chain)
        assert shapely.Point(middle).distance(there) < 1e-6


@given(maps())
@settings(max_examples=60, deadline=None)
def test_ways_are_as_short_as_scipy_finds_them(roads):
    net = network(roads)
    table = net.table(150.0)
    n = int(net.ends.max()) + 1
    best: dict[tuple[int, int], float] = {}
    for (a, b), metres in zip(net.ends.tolist(), net.length.tolist(), strict=True):
        if a != b:
            key = (min(a, b), max(a, b))
            best[key] = min(best.get(key, np.inf), metres)
    pairs = np.array(list(best) or [(0, 0)])
    graph = coo_array((list(best.values()) or [0.0], pairs.T), shape=(n, n))
    far = dijkstra(graph.tocsr(), directed=False, limit=150.0)
    for i in range(n):
        row = slice(table.first[i], table.first[i + 1])
        assert table.to[row].tolist() == np.flatnonzero(np.isfinite(far[i])).tolist()
        np.testing.assert_allclose(table.metres[row], far[i][table.to[row]], atol=1e-9)
