"""Sheets drawn by helpers: the same bytes, whatever becomes of the helper; none outlives us."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

import ntm_gis
from ntm_gis import outputs
from ntm_gis.errors import RuleError
from ntm_gis.outputs import printmap, results_json
from ntm_gis.outputs.printmap import How, helper, press

NAMES = ("roads", "villages", "schools", "irrigation")
HOW = How("A4", ("pdf", "png"))


@pytest.fixture
def two_cores(monkeypatch):
    monkeypatch.setattr(press, "cores", lambda: 2)


@pytest.fixture
def printer(answer, layers):
    return printmap.Printer(answer, layers, layers.commune)


@pytest.fixture(scope="module")
def alone():
    """What one process draws by itself, once for all tests."""
    return {}


def expected(alone, printer):
    if not alone:
        alone.update({name: printer.made(name, HOW) for name in NAMES})
    return alone


def contents(one):
    return {name: {kind: one.content(name, kind) for kind in HOW.kinds} for name in one.names}


def gone(pid, seconds=20.0):
    for _ in range(int(seconds * 10)):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        state = Path(f"/proc/{pid}/stat")
        if (
            state.is_file()
            and state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
        ):
            return True
        time.sleep(0.1)
    return False


def test_helpers_draw_the_same_bytes(printer, alone, tmp_path, two_cores):
    one = printmap.Press(printer, tmp_path, NAMES, HOW)
    one.start()
    assert len(one._helpers) == 1
    # All by the helper: this process waits.
    for _ in range(600):
        if len(one._made) == len(NAMES):
            break
        time.sleep(0.1)
    assert set(one._made) == set(NAMES)
    made = contents(one)
    files = [one.file(name, kind) for name in NAMES for kind in HOW.kinds]
    one.close()
    assert made == expected(alone, printer)
    assert [path.read_bytes() for path in files] == [
        made[name][kind] for name in NAMES for kind in HOW.kinds
    ]


def test_both_draw_together(printer, alone, tmp_path, two_cores):
    with printmap.Press(printer, tmp_path, NAMES, HOW) as one:
        made = contents(one)
    assert made == expected(alone, printer)


@pytest.mark.parametrize("when", ["at once", "at work"])
def test_a_killed_helper_keeps_no_sheet_back(printer, alone, tmp_path, two_cores, when):
    with printmap.Press(printer, tmp_path, NAMES, HOW) as one:
        found, thread = one._helpers[0]
        while when == "at work" and found.at_work_on is None:
            time.sleep(0.01)
        found.kill()
        made = contents(one)
        thread.join(20)
        assert not thread.is_alive()
    assert made == expected(alone, printer)


def test_a_helper_that_hangs_is_ended(printer, alone, tmp_path, two_cores, monkeypatch):
    if not hasattr(signal, "SIGSTOP"):
        pytest.skip("processes cannot be stopped here")
    monkeypatch.setattr(press, "_PATIENCE_S", 0.6)
    with printmap.Press(printer, tmp_path, NAMES, HOW) as one:
        found = one._helpers[0][0]
        while found.at_work_on is None:
            time.sleep(0.01)
        os.kill(found.pid, signal.SIGSTOP)
        assert contents(one) == expected(alone, printer)
    assert gone(found.pid)


def test_a_fault_is_told_by_this_process(printer, tmp_path, two_cores):
    with printmap.Press(printer, tmp_path, (*NAMES, "no_such_map"), HOW) as one:
        with pytest.raises(RuleError):
            one.file("no_such_map", "pdf")
        assert one.file("roads", "pdf").is_file()


def test_no_helper_for_one_core_or_a_few_sheets(printer, tmp_path, monkeypatch):
    def none():
        raise AssertionError("a process was started")

    monkeypatch.setattr(helper.Helper, "started", none)
    for cores, names in ((1, NAMES), (2, NAMES[:3])):
        monkeypatch.setattr(press, "cores", lambda cores=cores: cores)
        with printmap.Press(printer, tmp_path, names, How("A4", ("pdf",))) as one:
            assert one.content("roads", "pdf").startswith(b"%PDF")


def test_what_cannot_be_handed_over_is_drawn_here(answer, layers, tmp_path, two_cores):
    frame = answer.frames["roads"].copy()
    frame.attrs["by_hand"] = lambda: None
    odd = replace(answer, frames=MappingProxyType({**answer.frames, "roads": frame}))
    printer = printmap.Printer(odd, layers, layers.commune)
    assert helper.packed(printer, HOW) is None
    with printmap.Press(printer, tmp_path, NAMES, HOW) as one:
        assert not one._helpers
        assert one.content("roads", "pdf").startswith(b"%PDF")


def test_no_process_is_a_copy_of_this_one(printer, tmp_path, two_cores):
    """A copy takes over locks that threads of libraries hold, and waits for them for ever."""
    with printmap.Press(printer, tmp_path, NAMES, HOW) as one:
        line = Path(f"/proc/{one._helpers[0][0].pid}/cmdline")
        if line.is_file():
            said = line.read_bytes()
            for _ in range(100):  # until the new program has taken the place of the call
                if b"printmap.worker" in said:
                    break
                time.sleep(0.05)
                said = line.read_bytes()
            assert b"ntm_gis.outputs.printmap.worker" in said
    forks = re.compile(
        r"^\s*(?:import|from) multiprocessing|\bos\.fork\b|ProcessPool", re.MULTILINE
    )
    package = Path(ntm_gis.__file__).parent
    assert not [
        p.name for p in package.rglob("*.py") if forks.search(p.read_text(encoding="utf-8"))
    ]


def test_ctrl_c_ends_the_helper(answer, layers, tmp_path, two_cores, monkeypatch):
    started = []
    own = helper.Helper.started

    def recorded():
        started.append(own())
        return started[-1]

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(helper.Helper, "started", recorded)
    monkeypatch.setattr(results_json, "write", interrupted)
    only = frozenset({"results.json", *(f"maps/{name}.pdf" for name in NAMES)})
    with pytest.raises(KeyboardInterrupt):
        outputs.write_all(answer, layers, layers.commune, tmp_path, only=only)
    assert len(started) == 1
    assert gone(started[0].pid, 2.0)


ORPHAN = """
import sys, time
from ntm_gis.outputs.printmap.helper import Helper
found = Helper.started()
print(found.pid, flush=True)
time.sleep(60)
"""


def test_a_helper_ends_with_the_process_that_started_it():
    if os.name == "nt":
        pytest.skip("asked of the system by other means there")
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        time.sleep(1.0)
        parent.kill()
    assert gone(pid)


def test_works_from_a_notebook(answer, layers, tmp_path, two_cores, monkeypatch):
    """Where `__main__` is no module that could be run again, as spawned processes would."""
    main = type(sys)("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    printer = printmap.Printer(answer, layers, layers.commune)
    with printmap.Press(printer, tmp_path, NAMES, HOW) as one:
        for _ in range(300):
            if one._made:
                break
            time.sleep(0.1)
        assert one._made
