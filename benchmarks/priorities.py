"""Two hundred proposed works, chosen from to the proven end, and the whole table of priorities.

    python benchmarks/priorities.py [--works N] [--again N]

A made-up commune of the size that no commune reaches: 200 works on 19 criteria and 40
indicators, eight funds with limits of their own, works that exclude and require one another,
works on one road that serve the same households. Timed are the choice alone, the frontier of
budget against criteria, and all that `priorities` gives (choice, ranking, 500 million more, why
not each of the others). Exit status 1: longer than ten seconds, or not proven.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ntm_gis.analyses.goals import Aim, Goal, Goals
from ntm_gis.analyses.priorities.ranking import frontier, proposal
from ntm_gis.analyses.priorities.search import best
from ntm_gis.analyses.priorities.values import Limit, Problem, Work
from ntm_gis.results import Unit, Words

MOST_SECONDS = 10.0


def commune(count: int, seed: int) -> Problem:
    """Return a problem of so many works."""
    chance = np.random.default_rng(seed)
    codes = [f"{c}.{i}" for c in range(1, 20) for i in range(1, 4 if c % 9 else 2)][:40]
    whole = chance.integers(20, 200, len(codes)).astype(float)
    goals = tuple(
        Goal(code, Words(code, code), (Unit(((float(n), float(d)),)),), at_least=80.0)
        for code, d in zip(codes, whole, strict=True)
        for n in [round(float(d) * float(chance.uniform(0.4, 0.9)), 1)]
    )
    works = []
    for k in range(count):
        at = int(chance.integers(0, len(goals)))
        adds = float(whole[at]) * float(chance.uniform(0.02, 0.2))
        works.append(
            Work(
                f"DX{k:03}", f"Công trình {k}", int(chance.integers(20, 1500)) * 1000 + k,
                fund=f"NV{int(chance.integers(0, 8))}",
                effects=((at, goals[at].worth(round(adds, 2), 0.0)),),
                households=int(chance.integers(5, 160)),
                place=("roads", f"D{k // 3}") if k % 4 == 0 else None,
                excludes=frozenset({f"DX{k - 1:03}"} if k % 11 == 10 else ()),
                requires=frozenset({f"DX{k - 2:03}"} if k % 7 == 6 else ()),
            )
        )  # fmt: skip
    limits = tuple(
        Limit("fund", f"NV{f}", f"Nguồn {f}",
              frozenset(w.id for w in works if w.fund == f"NV{f}"), 2_000_000 + 400_000 * f)
        for f in range(8)
    )  # fmt: skip
    aims = tuple(
        Aim(str(c), Words(str(c), str(c)), own)
        for c in range(1, 20)
        if (own := tuple(code for code in codes if code.split(".")[0] == str(c)))
    )
    return Problem(tuple(works), limits, Goals(goals, aims))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=200)
    parser.add_argument("--again", type=int, default=3)
    given = parser.parse_args()
    worst, proven = 0.0, True
    for seed in range(given.again):
        for budget in (3_900.0, 12_000.0):
            problem = commune(given.works, seed).with_budget(budget)
            start = time.perf_counter()
            found = best(problem)
            chosen = time.perf_counter()
            steps = frontier(problem)
            line = time.perf_counter()
            whole = proposal(problem)
            end = time.perf_counter()
            if found is None:
                return 1
            gain = problem.gain(found.chosen)
            proven &= found.proven and whole.proven and all(step.proven for step in steps)
            worst = max(worst, end - line)
            print(
                f"{given.works} works, {budget:,.0f} million, seed {seed}: "
                f"{len(gain.criteria)} criteria, {gain.households} households, "
                f"{len(found.chosen)} works; choice {chosen - start:.2f} s, "
                f"frontier of {len(steps)} {line - chosen:.2f} s, all {end - line:.2f} s"
            )
    print(f"slowest whole table {worst:.2f} s of {MOST_SECONDS:.0f} s; proven: {proven}")
    return int(worst > MOST_SECONDS or not proven)


if __name__ == "__main__":
    raise SystemExit(main())
