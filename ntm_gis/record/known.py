"""What the record says already, so that nothing is written twice."""

from __future__ import annotations

from collections.abc import Iterable

from ntm_gis.record.entries import DECISION, SETTLEMENT, UNDO, Draft, Entry

# Kinds of which a newer entry takes the place of an older about the same.
_ABOUT = {SETTLEMENT: "dispute", DECISION: "subject"}


class Said:
    """What the record says already.

    Of settlements and decisions only the newest about a thing is looked at: what was decided,
    changed and decided back is not known because of the first time. Undos are always new.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_key: dict[object, Entry] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Take note of an entry; in their order."""
        if entry.kind in _ABOUT:
            self._by_key[self._topic(entry)] = entry
        elif entry.kind != UNDO and entry.key is not None:
            self._by_key.setdefault(entry.key, entry)

    def before(self, draft: Draft) -> Entry | None:
        """Return the entry that says already what a draft says."""
        if draft.kind not in _ABOUT:
            return self._by_key.get(draft.key)
        last = self._by_key.get(self._topic(draft))
        return last if last is not None and last.key == draft.key else None

    @staticmethod
    def _topic(of: Entry | Draft) -> tuple[str, str]:
        return of.kind, str(of.content.get(_ABOUT[of.kind]))
