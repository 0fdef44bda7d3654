"""One number a finding, the same wherever it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.outputs.numbering import FOLD_FROM, grouped, numbered
from ntm_gis.results import Finding, Severity, Words


def finding(severity: Severity, code: str, file: str, row: int | None) -> Finding:
    return Finding(code, severity, Words(f"{code} {row}", ""), file=file, row=row)


some = st.lists(
    st.builds(
        finding,
        st.sampled_from(Severity),
        st.sampled_from(["NOT_LOCATED", "CODE_UNKNOWN", "TOTAL_ROW"]),
        st.sampled_from(["a.shp", "b.xlsx"]),
        st.none() | st.integers(1, 9),
    ),
    max_size=30,
)


@given(some, st.randoms())
def test_numbers_do_not_hang_on_the_order_of_finding(findings, random):
    mixed = list(findings)
    random.shuffle(mixed)
    assert numbered(findings) == numbered(mixed)


@given(some)
def test_numbers_run_from_one_gravest_first_each_finding_once(findings):
    items = numbered(findings)
    assert [n for n, _ in items] == list(range(1, len(set(findings)) + 1))
    ranks = [f.severity.rank for _, f in items]
    assert ranks == sorted(ranks)


@given(some)
def test_groups_hold_every_finding_and_fold_the_many(findings):
    for severity in Severity:
        items = [(n, f) for n, f in numbered(findings) if f.severity is severity]
        groups = grouped(items)
        assert [item for group in groups for item in group.items] == items
        assert all(group.folded == (len(group.items) >= FOLD_FROM) for group in groups)
        assert len({group.code for group in groups}) == len(groups)
