"""The record under kill -9 and failing system calls: nothing acknowledged is lost.

    python benchmarks/record_kill.py [--kills 1000] [--seed 1] [--no-faults]

Kills: a process writes, merges, backs up and restores as fast as it can and says each append
after it was acknowledged; it is killed at a random moment; then the record must prove, hold all
that was acknowledged, and every append whole or not at all.

Faults (Linux, with strace): each operation is run again and again, and each time another of its
system calls fails (no room, input/output error) or is the last (KILL). What is then on the disk
must be the old or the new, the refusal one sentence, and what was acknowledged the new.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMUNE = "03601"
STRACE = shutil.which("strace") or ""
DAY = dt.date(2025, 12, 31)

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "ftruncate", "link",
         "sendfile", "copy_file_range", "openat")  # fmt: skip
MODES = ("signal=KILL", "error=ENOSPC", "error=EIO")
# Of the many files that Python opens, only these are meant.
OPENED = ("record.sqlite", "record.sqlite-wal", "record.sqlite-shm", "record.lock", "store",
          "backups")  # fmt: skip

CHILD = r"""
import os, random, sys
from pathlib import Path
from ntm_gis import record
from ntm_gis.errors import RecordError
from ntm_gis.layers.decisions import Claim
import datetime as dt

what, folder, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
path = folder / "record.sqlite"

def say(word):
    try:
        os.write(1, (word + "\n").encode())
    except OSError:
        os._exit(4)

def own(do):
    # What fails here is the driver's own doing, not the record's.
    try:
        return do()
    except OSError:
        os._exit(5)

def written(file, name):
    file.write_bytes(name.encode() * 200)
    return file

def reports(name, count):
    return [record.report(Claim("", f"{name}/{i}/{count}", "HT", 100 * i, 100 * i + 90, "poured",
                                dt.date(2025, 11, 3))) for i in range(count)]

def once(what, name, chance):
    if what == "append":
        with record.writing(path, "03601", device="may-a") as ledger:
            out = ledger.append(reports(name, chance.randint(1, 4)))
        say("ack " + " ".join(o.entry.hash for o in out))
    elif what == "keep":
        file = own(lambda: written(folder / f"phieu-{seed}.csv", name))
        with record.writing(path, "03601", device="may-a") as ledger:
            stored = ledger.keep(file)
            draft = reports(name, 1)[0]
            out = ledger.append([record.report(record.value_of(draft), [stored])])
        say("ack " + out[0].entry.hash)
    elif what == "undo":
        with record.writing(path, "03601", device="may-a") as ledger:
            lines = [e for e in ledger.entries if e.kind == "report"]
            if lines:
                target = chance.choice(lines)
                try:
                    taken = record.undo(target, why="x", by="y", on=dt.date(2025, 12, 1))
                    out = ledger.append([taken])
                except RecordError as fault:
                    if fault.code != "RECORD_UNDONE_ALREADY":
                        raise
                else:
                    say("ack " + out[0].entry.hash)
    elif what == "merge":
        found = record.merge(path, folder / "other" / "record.sqlite", "03601", device="may-a")
        say("ack " + " ".join(e.hash for e in found.new))
    elif what == "backup" and path.exists():
        say("backup " + record.backup(path, dt.date(2025, 12, 31)).path.name)
    elif what == "restore":
        made = own(lambda: sorted((folder / "backups").glob("record-*.sqlite")))
        if made:
            found = record.restore(path, chance.choice(made), "03601")
            say("restored " + str(found.entries))

chance = random.Random(seed)
try:
    if what == "all":
        say("begin")
        for turn in range(10_000):
            kind = chance.choice(["append"] * 6 + ["keep", "undo", "merge", "backup"])
            once(kind, f"{seed}.{turn}", chance)
    else:
        once(what, f"{seed}", chance)
except RecordError as fault:
    say("refused " + fault.code)
    sys.exit(3)
say("done")
"""


class Broken(Exception):  # noqa: N818 - said of the record
    """The record did not hold what it promises."""


def require(holds: bool, words: str) -> None:
    """Raise where something promised does not hold."""
    if not holds:
        raise Broken(words)


def entries(path: Path) -> list[tuple[str, int, str, str, str, str]]:
    """Read the entries as they lie in the file, not by the package."""
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as db:
        require(db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "damaged")
        return db.execute(
            "SELECT device, n, kind, body, prev, hash FROM entries ORDER BY arrival"
        ).fetchall()


def require_proof(rows: list[tuple[str, int, str, str, str, str]]) -> None:
    """Prove a chain by hand; raise AssertionError where it does not hold."""
    first = hashlib.sha256(f"ntm-gis record of commune {COMMUNE}".encode()).hexdigest()
    by_hash = {row[5]: row for row in rows}
    for device, n, kind, body, prev, digest in rows:
        text = f"ntm-gis entry\n{device}\n{n}\n{kind}\n{prev}\n{body}"
        require(hashlib.sha256(text.encode()).hexdigest() == digest, "digest")
        if prev != first:
            require(by_hash[prev][0] == device, "chain")
            require(by_hash[prev][1] < n, "order")
    numbers = {row[1] for row in rows}
    require(numbers == set(range(1, max(numbers, default=0) + 1)), "a number is missing")


def require_batches(rows: list[tuple[str, int, str, str, str, str]]) -> None:
    """Prove that of every append all entries are there: their ids say of how many."""
    seen: Counter[tuple[str, int]] = Counter()
    for *_, body, _prev, _hash in rows:
        name, _, count = str(json.loads(body)["content"].get("report_id", "")).rpartition("/")
        if name:
            seen[name.rpartition("/")[0], int(count)] += 1
    require(all(found == count for (_, count), found in seen.items()), "half an append")


def prepare(folder: Path, count: int = 3) -> None:
    """Lay out a commune's folder with another machine's record to merge, and its file."""
    sys.path.insert(0, str(ROOT))
    from ntm_gis import record
    from ntm_gis.layers.decisions import Claim

    other = folder / "other" / "record.sqlite"
    other.parent.mkdir(parents=True)
    file = other.with_name("b.csv")
    file.write_bytes(b"b" * 5000)
    with record.writing(other, COMMUNE, device="may-b") as ledger:
        stored = ledger.keep(file)
        ledger.append(
            record.report(
                Claim("", f"b/{i}/{count}", "HT", i, i + 9, "base", dt.date(2025, 11, 4)), [stored]
            )
            for i in range(count)
        )


# --- kill -9 ---------------------------------------------------------------------------------


@dataclass
class Tally:
    """What the kills came to."""

    kills: int = 0
    acknowledged: int = 0
    entries: int = 0
    unacknowledged: int = 0
    before_first: int = 0
    held: set[str] = field(default_factory=set)


def kill_once(folder: Path, seed: int, chance: random.Random, tally: Tally) -> None:
    """Let a process work, kill it at a random moment, and prove what is left."""
    path = folder / "record.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-B", "-c", CHILD, "all", str(folder), str(seed)],
        stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    lines: list[bytes] = []
    out = process.stdout
    require(out is not None and out.readline() == b"begin\n", "did not begin")
    reader = threading.Thread(target=lambda: lines.extend(out))
    reader.start()
    time.sleep(chance.choice([chance.random() * 0.02, chance.random() * 0.2]))
    process.kill()
    process.wait()
    reader.join()
    out.close()
    words = [line.decode().split() for line in lines if line.endswith(b"\n")]
    require(all(w[0] in ("ack", "backup", "restored") for w in words), f"refused: {words}")
    acknowledged = {digest for word in words if word[0] == "ack" for digest in word[1:]}
    tally.kills += 1
    tally.acknowledged += len(acknowledged)
    tally.held |= acknowledged
    if not path.exists():
        require(not tally.held, "the record is gone")
        tally.before_first += 1
        return
    from ntm_gis import record

    rows = entries(path)
    require_proof(rows)
    require_batches(rows)
    there = {row[5] for row in rows}
    require(tally.held <= there, f"{len(tally.held - there)} acknowledged entries lost")
    found = record.verify(path, commune=COMMUNE)
    require(found.whole, f"not whole: {found.findings}")
    for backup in (folder / "backups").glob("record-*.sqlite"):
        require_proof(entries(backup))
    tally.unacknowledged += len(there - tally.held)
    tally.held |= there
    tally.entries += len(there)


def kills(count: int, seed: int, *, fresh_every: int = 25) -> Tally:
    """Kill `count` processes; a new folder now and then, so that making a record is hit too."""
    chance = random.Random(seed)  # noqa: S311 - moments to kill at, not secrets
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for turn in range(count):
            if turn % fresh_every == 0:
                folder = Path(scratch) / f"xa-{turn}"
                prepare(folder)
                tally.held = set()
            kill_once(folder, seed * 100_000 + turn, chance, tally)
    return tally


# --- system calls that fail ------------------------------------------------------------------


def digests(path: Path) -> frozenset[str] | None:
    """Return the digests of a record's entries after proving it; None where there is none."""
    if not path.exists():
        return None
    rows = entries(path)
    require_proof(rows)
    return frozenset(row[5] for row in rows)


def ends(what: str, folder: Path, before: frozenset[str] | None, said: list[str]) -> str:
    """Say whether what is on the disk is the old or the new; raise where it is neither."""
    path = folder / "record.sqlite"
    after = digests(path)
    acknowledged = frozenset(
        digest for line in said if line.startswith("ack") for digest in line.split()[1:]
    )
    if what == "restore":
        backup = digests(next((folder / "backups").glob("record-*.sqlite")))
        if after == backup:
            kept = [digests(p) for p in folder.glob("record-*.sqlite")]
            require(before in kept, "the newer record was not kept")
            return "new"
        require(after == before, "neither")
        require("done" not in said, "said done, and did nothing")
        return "old"
    if what == "backup":
        require(after == before, "a backup changed the record")
        made = [digests(p) for p in (folder / "backups").glob("record-*.sqlite")]
        require(made in ([], [before]), "a backup that is not the record")
        require(bool(made) or "done" not in said, "said done, and did nothing")
        return "new" if made else "old"
    if after in (before, frozenset()) and not acknowledged:
        return "old"
    require(after is not None and after > (before or frozenset()), "neither")
    require(acknowledged <= (after or frozenset()), "acknowledged and lost")
    require_batches(entries(path))
    from ntm_gis import record

    found = record.verify(path)
    require(found.whole, f"not whole: {found.findings}")
    return "new"


def fault(what: str, folder: Path, call: str, mode: str, when: int) -> tuple[bool, list[str], str]:
    """Run an operation with one system call failing; return whether it came to that, and words."""
    log = folder / "strace.log"
    # Signals are not delivered where the kernel filters the calls.
    quick = [] if "KILL" in mode else ["--seccomp-bpf"]
    only = [f"-P{folder / name}" for name in OPENED] if call == "openat" else []
    done = subprocess.run(
        [STRACE, "-f", *quick, "-qq", "-o", str(log), "-e", f"trace={call}",
         "-e", f"inject={call}:{mode}:when={when}", *only,
         sys.executable, "-B", "-c", CHILD, what, str(folder), "1"],
        capture_output=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    hit = "INJECTED" in log.read_text(errors="replace") or done.returncode == -9
    log.unlink()
    return hit, done.stdout.splitlines(), done.stderr


def faults(scratch: Path) -> int:
    """Let every system call of every operation fail in every way; print and return failures."""
    wrong = 0
    print(
        f"{'operation':10s} {'fault':14s} {'runs':>5s} {'old':>5s} {'new':>5s} {'else':>5s} "
        f"{'refused, yet new':>17s}"
    )
    for what in ("create", "append", "keep", "undo", "merge", "backup", "restore"):
        template = scratch / f"template-{what}"
        ready(template, what)
        before = digests(template / "record.sqlite")
        for mode in MODES:
            tally: Counter[str] = Counter()
            for call in CALLS:
                for when in range(1, 10_000):
                    folder = scratch / "xa"
                    shutil.copytree(template, folder)
                    operation = "append" if what == "create" else what
                    hit, said, err = fault(operation, folder, call, mode, when)
                    if hit:
                        try:
                            require("Traceback" not in err, err)
                            end = ends(operation, folder, before, said)
                            tally[end] += 1
                            tally["refused"] += end == "new" and "refused" in " ".join(said)
                        except Broken as cause:
                            tally["else"] += 1
                            print(f"  {what}, {call} {when}, {mode}: {cause}")
                    shutil.rmtree(folder)
                    if not hit:
                        break
            runs = tally["old"] + tally["new"] + tally["else"]
            wrong += tally["else"]
            print(
                f"{what:10s} {mode:14s} {runs:5d} {tally['old']:5d} {tally['new']:5d} "
                f"{tally['else']:5d} {tally['refused']:17d}",
                flush=True,
            )
    return wrong


def ready(folder: Path, what: str) -> None:
    """Lay out what an operation begins from."""
    from ntm_gis import record
    from ntm_gis.layers.decisions import Claim

    prepare(folder)
    if what == "create":
        return
    path = folder / "record.sqlite"
    for turn in range(2):
        with record.writing(path, COMMUNE, device="may-a") as ledger:
            ledger.append(
                record.report(
                    Claim("", f"a{turn}/{i}/2", "HT", i, i + 9, "base", dt.date(2025, 11, 4))
                )
                for i in range(2)
            )
        if what == "restore" and turn == 0:
            record.backup(path, DAY)


def main() -> int:
    """Print what was found; return 1 where anything acknowledged was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-faults", action="store_true")
    options = parser.parse_args()
    start = time.perf_counter()
    tally = kills(options.kills, options.seed)
    print(
        f"{tally.kills} kills in {time.perf_counter() - start:.0f} s: {tally.acknowledged} entries "
        f"acknowledged, 0 lost; {tally.unacknowledged} more were whole on the disk before they "
        f"were acknowledged; {tally.before_first} kills before there was a record"
    )
    if options.no_faults:
        return 0
    if not STRACE:
        print("no strace: system calls were not made to fail")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        return 1 if faults(Path(scratch)) else 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        os.environ.setdefault("PYTHONUTF8", "1")
        sys.exit(main())
