"""Undo never erases; an undo of an undo brings back; machines agree whatever they heard first."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st
from record_kit import DAY, Replica, claim, days, histories, patient

from ntm_gis import record
from ntm_gis.record.entries import UNDO
from ntm_gis.record.folding import fold
from ntm_gis.record.undoing import loose, undone


def in_force(entry, held, as_of):
    """Say whether an entry counts, straight from the rule: no undo in force is against it."""

    def against(undo):
        if undo.kind != UNDO or dt.date.fromisoformat(undo.content["on"]) > as_of:
            return False
        target = held[undo.content["target"]]
        if target.kind == UNDO:
            return target is entry
        return entry.kind == target.kind and entry.content == target.content

    return not any(against(u) and in_force(u, held, as_of) for u in held.values())


@patient
@given(histories(), days)
def test_undone_is_what_the_rule_says(machines, as_of):
    for machine in machines:
        found = undone(machine.held.values(), as_of)
        for entry in machine.held.values():
            assert (entry.hash not in found) == in_force(entry, machine.held, as_of)
            for by in found.get(entry.hash, ()):
                assert by.kind == UNDO
                assert by.hash not in found


@patient
@given(histories(), st.data())
def test_undo_and_undo_of_the_undo_leave_the_state_as_it_was(machines, data):
    machine = max(machines, key=lambda m: len(m.held))
    before = fold(machine.held.values())
    gone = undone(machine.held.values())
    able = sorted((e for e in machine.held.values() if e.hash not in gone), key=lambda e: e.order)
    if not able:
        return
    target = data.draw(st.sampled_from(able))
    undo = machine.add(record.undo(target, why="nhầm", by="P", on=DAY))
    # With undos of other machines against the same, taking one back need not be enough.
    if target.kind != UNDO:
        assert undone(machine.held.values())[target.hash] == (undo,)
    machine.add(record.undo(undo, why="đúng ra là phải", by="P", on=DAY))
    assert fold(machine.held.values()) == before


@patient
@given(histories(), days, st.randoms(use_true_random=False))
def test_the_state_does_not_depend_on_the_order_of_entries(machines, as_of, chance: random.Random):
    for machine in machines:
        held = list(machine.held.values())
        chance.shuffle(held)
        assert fold(held, as_of) == fold(machine.held.values(), as_of)


@patient
@given(histories())
def test_machines_that_heard_all_say_the_same(machines):
    for one in machines:
        for other in machines:
            one.take(other)
    for one in machines[1:]:
        one.take(machines[0])
        assert fold(one.held.values()) == fold(machines[0].held.values())
    assert not loose(machines[0].held.values())


def test_an_undo_counts_from_its_day_on():
    machine = Replica("may-a")
    entry = machine.add(record.report(claim()))
    machine.add(record.undo(entry, why="nhầm", by="P", on=dt.date(2026, 1, 5)))
    held = machine.held.values()
    assert len(fold(held, dt.date(2026, 1, 4)).claims) == 1
    assert fold(held, dt.date(2026, 1, 5)).claims == ()
    assert fold(held).claims == ()


def test_a_copy_from_another_machine_does_not_bring_back_what_was_undone():
    a, b = Replica("may-a"), Replica("may-b")
    entry = a.add(record.report(claim()))
    undo = a.add(record.undo(entry, why="nhầm", by="P", on=DAY))
    b.add(record.report(claim()))
    a.take(b)
    assert fold(a.held.values()).claims == ()
    a.add(record.undo(undo, why="không nhầm", by="P", on=DAY))
    assert len(fold(a.held.values()).claims) == 1


def test_where_two_machines_undid_the_same_both_must_be_taken_back():
    a, b = Replica("may-a"), Replica("may-b")
    entry = a.add(record.report(claim()))
    b.take(a)
    first = a.add(record.undo(entry, why="nhầm", by="P", on=DAY))
    second = b.add(record.undo(entry, why="sai số", by="S", on=DAY))
    a.take(b)
    a.add(record.undo(first, why="thôi", by="P", on=DAY))
    assert fold(a.held.values()).claims == ()
    a.add(record.undo(second, why="thôi", by="P", on=DAY))
    assert len(fold(a.held.values()).claims) == 1


def test_an_undo_of_what_is_not_there_is_said():
    a, b = Replica("may-a"), Replica("may-b")
    entry = a.add(record.report(claim()))
    undo = b.add(record.undo(entry, why="nhầm", by="P", on=DAY))
    assert loose(b.held.values()) == (undo,)
    assert [f.code for f in fold(b.held.values()).findings] == ["RECORD_ENTRY_LOOSE"]
