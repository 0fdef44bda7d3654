"""The record of a commune: what was reported, verified and decided, and never changed since.

An append-only SQLite file of entries, each proved by the digest of what it says and of the entry
before it. `state` says what holds on a day; `writing` opens the record to add; `verify`,
`backup`, `restore` and `merge` look after it. Everything else the program writes can be made
again; this cannot.

Examples
--------
>>> import datetime as dt, pathlib, tempfile
>>> from ntm_gis.layers.decisions import Claim
>>> folder = tempfile.TemporaryDirectory()
>>> path = pathlib.Path(folder.name) / FILE_NAME
>>> claim = Claim("", "BC1", "HT", 0, 25_000, "poured", dt.date(2025, 11, 3))
>>> with writing(path, "03601", device="may-a") as ledger:
...     [outcome.state for outcome in ledger.append([report(claim), report(claim)])]
['new', 'known']
>>> [(c.report_id, c.to_cm) for c in state(path, dt.date(2025, 12, 31)).claims]
[('BC1', 25000)]
>>> with writing(path, "03601", device="may-a") as ledger:
...     nothing = undo(ledger.find("1"), why="nhầm", by="Páo", on=dt.date(2025, 12, 1))
...     ledger.append([nothing])[0].entry.n
2
>>> state(path, dt.date(2025, 12, 31)).claims, verify(path).whole
((), True)
>>> folder.cleanup()
"""

from ntm_gis.record.bodies import (
    Settlement,
    Undo,
    Value,
    acceptance,
    centreline,
    decision,
    dispute,
    report,
    settlement,
    survey,
    undo,
    value_of,
)
from ntm_gis.record.canonical import check_code
from ntm_gis.record.chain import Break
from ntm_gis.record.copies import Backup, Restored, backup, restore
from ntm_gis.record.entries import Draft, Entry, find, kind_title
from ntm_gis.record.folding import Line, history, state
from ntm_gis.record.ledger import FILE_NAME, Ledger, Outcome, writing
from ntm_gis.record.machine import device
from ntm_gis.record.merging import Merged, merge
from ntm_gis.record.proof import Verified, verify
from ntm_gis.record.store import StoreState

__all__ = [
    "FILE_NAME",
    "Backup",
    "Break",
    "Draft",
    "Entry",
    "Ledger",
    "Line",
    "Merged",
    "Outcome",
    "Restored",
    "Settlement",
    "StoreState",
    "Undo",
    "Value",
    "Verified",
    "acceptance",
    "backup",
    "centreline",
    "check_code",
    "decision",
    "device",
    "dispute",
    "find",
    "history",
    "kind_title",
    "merge",
    "report",
    "restore",
    "settlement",
    "state",
    "survey",
    "undo",
    "value_of",
    "verify",
    "writing",
]
