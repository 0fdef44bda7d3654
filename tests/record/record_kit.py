"""What the tests of the record share: claims, records of several machines, strategies."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from contextlib import closing

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ntm_gis import record
from ntm_gis.layers.decisions import Claim, Dispute, Place
from ntm_gis.record import canonical
from ntm_gis.record.entries import Entry

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For properties over whole histories: a busy machine is no failure."""

COMMUNE = "03601"
DAY = dt.date(2025, 12, 31)
NOON = dt.datetime(2025, 12, 31, 5, tzinfo=dt.UTC)


def claim(i: int = 1, **changes) -> Claim:
    given = {
        "entry": "", "report_id": f"BC{i}", "work_id": "HT", "from_cm": 1000 * i,
        "to_cm": 1000 * i + 5000, "stage": "poured", "reported_on": dt.date(2025, 11, 3),
        "reported_by": "Giàng A Sử", "width_cm": 300,
        "place": Place("phiếu bản.xlsx", "ab" * 32, "Sheet1", i + 1), **changes,
    }  # fmt: skip
    return Claim(**given)


def disputed(**changes) -> Dispute:
    given = {
        "entry": "", "work_id": "HT", "from_cm": 0, "to_cm": 30_000, "raised_on": DAY,
        "raised_by": "Ban giám sát", "why": "hai đội cùng báo", **changes,
    }  # fmt: skip
    return Dispute(**given)


def append(path, *drafts, device="may-a", by="Lò Văn Páo", **more):
    with record.writing(path, COMMUNE, device=device) as ledger:
        return ledger.append(drafts, by=by, at=NOON, **more)


def filled(path, count=3, device="may-a"):
    """Make a record of some reports; return its entries."""
    return tuple(
        o.entry for o in append(path, *map(record.report, map(claim, range(count))), device=device)
    )


def foreign(path, *drafts, device="may-moi"):
    """Put entries of a later version of the program into a record."""
    machine = Replica(device)
    machine.held = {entry.hash: entry for entry in entries(path)}
    for draft in drafts:
        machine.add(draft)
    with record.writing(path, COMMUNE, device="may-a") as ledger:
        ledger.join(machine.held.values())


def undo(path, reference, on=DAY, device="may-a"):
    with record.writing(path, COMMUNE, device=device) as ledger:
        target = ledger.find(reference)
        return ledger.append([record.undo(target, why="nhầm", by="Páo", on=on)], at=NOON)[0].entry


def entries(path):
    return tuple(line.entry for line in record.history(path))


def rows(path):
    """The entries as they lie in the file, by another way than the package's own."""
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as db:
        db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        return db.execute(
            "SELECT device, n, kind, body, prev, hash FROM entries ORDER BY arrival"
        ).fetchall()


def proves(path, commune=COMMUNE) -> bool:
    """Prove the chain by hand: digests, links and numbers, without the package."""
    with closing(sqlite3.connect(path)) as db:
        if db.execute("SELECT value FROM facts").fetchall() != [(commune,)]:
            return False
    first = hashlib.sha256(f"ntm-gis record of commune {commune}".encode()).hexdigest()
    seen = {}
    for device, n, kind, body, prev, digest in sorted(rows(path), key=lambda r: (r[1], r[0], r[5])):
        text = f"ntm-gis entry\n{device}\n{n}\n{kind}\n{prev}\n{body}"
        if hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest() != digest:
            return False
        if prev != first and seen.get(prev, (None, n))[0] != device:
            return False
        parsed = json.loads(body)
        if json.dumps(parsed, ensure_ascii=False, sort_keys=True, separators=(",", ":")) != body:
            return False
        seen[digest] = (device, n)
    numbers = {n for _, n in seen.values()}
    return numbers == set(range(1, len(numbers) + 1))


def tamper(path, sql, *values):
    """Do to a record what only another program would."""
    with closing(sqlite3.connect(path)) as db:
        for name in ("facts_stay", "facts_keep", "entries_stay", "entries_keep"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute(sql, values)
        from ntm_gis.record import database

        for name, made in database.SCHEMA.items():
            if name.endswith(("_stay", "_keep")):
                db.execute(made)
        db.commit()


class Replica:
    """A record in memory: what a machine's file would hold, numbered as the rule says."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.held: dict[str, Entry] = {}
        self.tip = canonical.genesis(COMMUNE)

    def add(self, draft) -> Entry:
        n = 1 + max((e.n for e in self.held.values()), default=0)
        body = draft.body(NOON, None)
        digest = canonical.digest(self.device, n, draft.kind, body, self.tip)
        entry = Entry(self.device, n, draft.kind, body, self.tip, digest)
        self.held[digest] = entry
        self.tip = digest
        return entry

    def take(self, other: Replica) -> None:
        self.held |= other.held


days = st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 31))


@st.composite
def histories(draw, most=14):
    """Play entries, undos and merges on three machines; return their records."""
    machines = [Replica(name) for name in ("may-a", "may-b", "may-c")]
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.sampled_from(machines))
        step = draw(
            st.sampled_from(["report", "report", "undo", "undo", "dispute", "settle", "take"])
        )
        known = sorted(at.held.values(), key=lambda e: e.order)
        if step == "take":
            at.take(draw(st.sampled_from(machines)))
        elif step == "undo" and known:
            target = draw(st.sampled_from(known))
            at.add(record.undo(target, why="nhầm", by="P", on=draw(days)))
        elif step == "dispute":
            at.add(record.dispute(disputed(from_cm=draw(st.integers(0, 2)), raised_on=draw(days))))
        elif step == "settle" and any(e.kind == "dispute" for e in known):
            target = draw(st.sampled_from([e for e in known if e.kind == "dispute"]))
            outcome = draw(st.sampled_from(["counts", "does_not_count"]))
            at.add(record.settlement(target, outcome, settled_on=draw(days), settled_by="CT"))
        else:
            at.add(record.report(claim(draw(st.integers(0, 4)))))
    return machines
