"""Records join as sets do: again, the other way round, in any grouping."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_kit import (
    COMMUNE,
    DAY,
    NOON,
    append,
    claim,
    entries,
    filled,
    proves,
    rows,
    tamper,
    undo,
)

from ntm_gis import record
from ntm_gis.errors import RecordError


def held(path):
    return set(rows(path))


def test_a_merge_says_what_was_new(path):
    other = path.with_name("may-b.sqlite")
    filled(path, 3)
    filled(other, 5, device="may-b")
    found = record.merge(path, other, COMMUNE)
    assert [e.device for e in found.new] == ["may-b"] * 5
    assert found.known == 0
    assert found.check_code == record.state(path).check_code
    assert len(record.state(path).claims) == 5
    again = record.merge(path, other, COMMUNE)
    assert (again.new, again.known) == ((), 5)
    assert proves(path)


def test_numbers_go_on_after_the_greatest_of_both(path):
    other = path.with_name("may-b.sqlite")
    filled(other, 7, device="may-b")
    record.merge(path, other, COMMUNE)  # there was none: it is made
    (out,) = append(path, record.report(claim(50)))
    assert out.entry.n == 8
    assert proves(path)


def test_two_copies_of_one_folder_written_in_both_lose_nothing(path, folder):
    """The same machine, so one chain forks: both branches are whole."""
    filled(path, 2)
    twin = folder / "copy.sqlite"
    twin.write_bytes(path.read_bytes())
    append(path, record.report(claim(10)))
    append(twin, record.report(claim(20)))
    record.merge(path, twin, COMMUNE)
    found = record.verify(path)
    assert found.whole
    assert [f.code for f in found.findings] == ["RECORD_FORKED"]
    assert len(record.state(path).claims) == 4
    append(path, record.report(claim(30)))
    assert record.verify(path).whole
    with pytest.raises(RecordError) as caught:
        undo(path, "3")
    assert caught.value.code == "RECORD_ENTRY_SEVERAL"
    undo(path, next(e.short for e in entries(path) if e.n == 3))
    assert len(record.state(path).claims) == 4


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.booleans()), max_size=7))
def test_merges_are_idempotent_commutative_and_associative(tmp_path_factory, plan):
    folder = tmp_path_factory.mktemp("xa")
    paths = [folder / f"may-{i}.sqlite" for i in range(3)]
    for i, path in enumerate(paths):
        append(path, device=f"may-{i}")
    for i, number, take_back in plan:
        if take_back and rows(paths[i]):
            able = [line.entry for line in record.history(paths[i]) if not line.undone_by]
            undo(paths[i], able[number % len(able)].hash, device=f"may-{i}")
        else:
            append(paths[i], record.report(claim(number)), device=f"may-{i}")

    def joined(name, *order):
        target = folder / f"{name}.sqlite"
        for other in order:
            record.merge(target, other, COMMUNE, device="may-x")
        return target

    a, b, c = paths
    left = joined("left", joined("ab", a, b), c)
    right = joined("right", a, joined("bc", b, c))
    back = joined("back", c, b, a, b)
    assert held(left) == held(right) == held(back) == held(a) | held(b) | held(c)
    assert record.state(left, DAY) == record.state(right, DAY) == record.state(back, DAY)
    assert proves(left)


def test_files_come_with_the_entries_that_rest_on_them(path, tmp_path):
    there = tmp_path / "usb" / "record.sqlite"
    there.parent.mkdir()
    names = []
    with record.writing(there, COMMUNE, device="may-b") as ledger:
        for i in range(3):
            file = tmp_path / f"phiếu {i}.xlsx"
            file.write_bytes(b"%d" % i)
            names.append(ledger.keep(file))
        ledger.append([record.report(claim(i), [n]) for i, n in enumerate(names)], at=NOON)
    lost = there.parent / "store" / names[1]
    lost.unlink()
    spoilt = there.parent / "store" / names[2]
    spoilt.chmod(0o600)
    spoilt.write_bytes(b"other")
    found = record.merge(path, there, COMMUNE)
    assert found.files == (names[0],)
    assert set(found.files_missing) == {names[1], names[2]}
    assert record.verify(path).files.whole == (names[0],)
    # Once the files are to be had, merging again brings them.
    lost.write_bytes(b"1")
    assert record.merge(path, there, COMMUNE).files == (names[1],)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (
            lambda p: tamper(p, "UPDATE entries SET body = replace(body, 'BC1', 'BC7')"),
            "RECORD_BROKEN",
        ),
        (lambda p: tamper(p, "DELETE FROM entries WHERE n = 1"), "RECORD_BROKEN"),
        (lambda p: p.write_bytes(b"abc"), "RECORD_NOT_ONE"),
        (lambda p: p.write_bytes(p.read_bytes()[:9000]), "RECORD_DAMAGED"),
        (lambda p: p.unlink(), "RECORD_FILE_NONE"),
        (lambda p: (p.unlink(), p.mkdir()), "RECORD_FILE_NONE"),
    ],
    ids=["changed", "one missing", "no record", "cut short", "none", "a folder"],
)
def test_what_is_not_whole_is_not_taken_in(path, spoil, code):
    other = path.with_name("may-b.sqlite")
    filled(path, 2)
    filled(other, 5, device="may-b")
    before = path.read_bytes()
    spoil(other)
    with pytest.raises(RecordError) as caught:
        record.merge(path, other, COMMUNE)
    assert caught.value.code == code
    assert caught.value.say("vi").endswith(".")
    assert path.read_bytes() == before


def test_another_communes_record_is_not_taken_in(path):
    other = path.with_name("other.sqlite")
    with record.writing(other, "03602", device="may-b") as ledger:
        ledger.append([record.report(claim())])
    filled(path, 2)
    with pytest.raises(RecordError) as caught:
        record.merge(path, other, COMMUNE)
    assert caught.value.code == "RECORD_OTHER_COMMUNE"
    assert len(rows(path)) == 2
