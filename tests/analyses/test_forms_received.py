"""Which village has sent its form in: against a plain loop over the rows of `figures`."""

from __future__ import annotations

import datetime as dt

import build as b
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.analyses import village_forms
from ntm_gis.layers.values import FILE, SET_ASIDE, STATE, USED

DAYS = st.sampled_from([None, dt.date(2025, 6, 30), dt.date(2025, 12, 15)])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C", "elsewhere", None]), DAYS,
        st.sampled_from(["sources/1.xlsx", "sources/2.xlsx"]), st.sampled_from([USED, SET_ASIDE]),
    ),
    max_size=8,
)  # fmt: skip


def asked(rows):
    villages = [{"village_id": key, "name": f"Bản {key}"} for key in "ABC"]
    figures = [
        {"indicator": "households", "village_id": of, "value": 5.0, "as_of": day, FILE: file,
         STATE: state}
        for of, day, file, state in rows
    ]  # fmt: skip
    given_ = {"figures": figures} if figures else {}
    frame = b.ask(village_forms, villages=villages, **given_).frames["forms_received"]
    return {row["id"]: row for row in frame.drop(columns="geometry").to_dict("records")}


@given(ROWS)
def test_as_a_plain_loop_counts_them(rows):
    found = asked(rows)
    assert list(found) == ["A", "B", "C"]
    for key, row in found.items():
        own = [(day, file) for of, day, file, state in rows if of == key and state == USED]
        assert row["state"] == ("received" if own else "missing")
        assert row["rows_sent"] == len(own)
        last = max((day for day, _ in own if day), default=None)
        assert (None if row["as_of_on"] != row["as_of_on"] else row["as_of_on"]) == (
            None if last is None else dt.datetime.combine(last, dt.time())
        )
        files = (row["files_sent"] or "").split("; ") if row["files_sent"] else []
        assert set(files) == {file for _, file in own}
        assert len(files) == len(set(files))


def test_without_any_form_all_are_missing():
    assert [row["state"] for row in asked([]).values()] == ["missing"] * 3
