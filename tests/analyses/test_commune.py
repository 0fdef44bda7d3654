"""What is not said of a commune and matters is asked for."""

from __future__ import annotations

import build as b
import pytest

from ntm_gis.analyses import commune, villages

ROWS = {
    "villages": [{"village_id": "A", "name": "Nà A"}],
    "cultural_houses": [
        {"house_id": "N1", "village_id": "A", "status": "in_use", "floor_m2": 150.0, "seats": 60}
    ],
}
SHARE = "villages.with_cultural_house_share"


@pytest.mark.parametrize(
    ("said", "bounds"), [(True, (100, 100)), (False, (0, 0)), (None, (0, 100))]
)
def test_special_difficulty_is_asked_for_where_a_share_hangs_on_it(said, bounds):
    who = b.commune(special_difficulty=said)
    share = b.by_id(b.ask(villages, who, **ROWS))[SHARE]
    assert (share.low, share.high) == bounds
    found = b.ask(commune, who, **ROWS).findings
    assert [f.code for f in found] == (["COMMUNE_SPECIAL_UNKNOWN"] if said is None else [])
    assert all(f.affects == (SHARE,) and "special_difficulty" in f.repair.vi for f in found)


def test_without_houses_nothing_hangs_on_it():
    who = b.commune(special_difficulty=None)
    assert b.ask(commune, who, villages=ROWS["villages"]).findings == ()
