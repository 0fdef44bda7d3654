"""Many sheets at once: drawn beside each other and beside the other outputs where that is sound.

This process draws, and so do helpers: processes of their own, begun anew, not copies of this one,
which would take over locks that threads of its libraries hold.
"""

from __future__ import annotations

import os
import pickle
import re
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ntm_gis.outputs.files import atomic_write
from ntm_gis.outputs.printmap.helper import Helper, packed
from ntm_gis.outputs.printmap.how import file_name

if TYPE_CHECKING:
    from types import TracebackType

    from ntm_gis.outputs.printmap.how import How
    from ntm_gis.outputs.printmap.printer import Printer

_MOST_HELPERS = 2
"""Each holds the answer and a sheet: some 400 MB."""
_EACH = 2
"""Sheets that a helper must find to do, or loading its libraries takes longer than it saves."""
_PATIENCE_S = 300.0
"""The longest that a helper may take for a sheet; then it is ended, and the sheet drawn here."""
_BLINK_S = 0.2

Made = Mapping[str, bytes]
"""The files of a sheet, by kind; of a set by number and kind."""

_SHEET_FILE = re.compile(r"-\d+\.\w+")


def _keys(made: Made, kind: str) -> list[str]:
    """Return what the files of a kind are called, in their order."""
    return [key for key in made if key.rpartition(".")[2] == kind]


class Press:
    """Draws sheets of one printer; once started, beside each other and the caller.

    A sheet has the same bytes whoever draws it. What a helper cannot draw, or was drawing when
    it died, is drawn here: any fault of a sheet is told from here.

    Parameters
    ----------
    printer : Printer
    out : Path
        The folder of the files.
    names : sequence of str
        The maps.
    how : How
    """

    def __init__(self, printer: Printer, out: Path, names: Sequence[str], how: How) -> None:
        self.printer, self.out, self.names, self.how = printer, out, tuple(names), how
        self._helpers: list[tuple[Helper, threading.Thread]] = []
        self._state = threading.Condition()
        # Helpers take from the left, this process, which comes to it later, from the right.
        self._waiting: deque[str] = deque()
        self._in_work: set[str] = set()
        self._made: dict[str, Made | Exception] = {}
        self._files: dict[tuple[str, str], tuple[Path, ...]] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Let helpers begin with the sheets, where there are cores and sheets enough for any."""
        number = min(cores() - 1, len(self.names) // _EACH - 1, _MOST_HELPERS)
        if self._helpers or number < 1:
            return
        given = packed(self.printer, self.how)
        if given is None:
            return
        self._waiting.extend(self.names)
        for _ in range(number):
            helper = Helper.started()
            if helper is None:
                break
            thread = threading.Thread(
                target=self._feed, args=(helper, given), daemon=True, name="ntm-gis-press"
            )
            self._helpers.append((helper, thread))
            thread.start()

    def file(self, name: str, kind: str) -> Path:
        """Return a file of a map, written by now or here.

        Raises
        ------
        RuleError
            There is no such map.
        OutputError
            The file cannot be written.
        """
        return self.files(name, kind)[0]

    def files(self, name: str, kind: str) -> tuple[Path, ...]:
        """Return the files of a map in a format: several of a set of sheets.

        Those that an earlier printing left are taken away: they would pass for more sheets.

        Raises
        ------
        RuleError
            There is no such map.
        OutputError
            A file cannot be written.
        """
        if (name, kind) not in self._files:
            made = self._of(name)
            found = {file_name(name, key): made[key] for key in _keys(made, kind)}
            written = tuple(atomic_write(self.out / file, found[file]) for file in found)
            self._files[name, kind] = written
            for old in sorted(self.out.glob(f"{name}-*.{kind}")):
                if old not in written and _SHEET_FILE.fullmatch(old.name.removeprefix(name)):
                    old.unlink(missing_ok=True)
            if self.out / f"{name}.{kind}" not in written:
                (self.out / f"{name}.{kind}").unlink(missing_ok=True)
        return self._files[name, kind]

    def further(self, name: str, kind: str) -> tuple[Path, ...]:
        """Return the files of a map beyond the first, as far as they were written by now."""
        return self._files.get((name, kind), ())[1:]

    def content(self, name: str, kind: str) -> bytes:
        """Return a map in a format, the first sheet of a set, drawn by now or here.

        Raises
        ------
        RuleError
            There is no such map.
        """
        made = self._of(name)
        return made[_keys(made, kind)[0]]

    def _of(self, name: str) -> Made:
        """Return all files of a map, by what the printer calls them."""
        while name not in self._made:
            mine = self._next(name)
            if mine is None:
                self._wait(name)
            else:
                self._draw(mine)
        made = self._made[name]
        if isinstance(made, Exception):
            raise made
        return made

    def close(self) -> None:
        """End the helpers, whatever they are doing."""
        with self._state:
            self._waiting.clear()
        for helper, thread in self._helpers:
            helper.kill()
            thread.join()
        self._helpers.clear()

    # --- this process ----------------------------------------------------------------------------

    def _next(self, name: str) -> str | None:
        """Return what to draw here until `name` is there; None where nothing is left to take.

        That is itself or, while a helper has it, another one.
        """
        with self._state:
            if name in self._made:
                return None
            if name in self._in_work:
                return self._waiting.pop() if self._waiting else None
            if name in self._waiting:
                self._waiting.remove(name)
            return name

    def _draw(self, name: str) -> None:
        made: Made | Exception
        try:
            made = self.printer.made(name, self.how)
        except Exception as fault:  # noqa: BLE001 - raised where the sheet is asked for
            made = fault
        with self._state:
            self._made[name] = made

    def _wait(self, name: str) -> None:
        """Wait for a helper's sheet; one that takes too long is ended, its sheet is free again."""
        with self._state:
            left = _PATIENCE_S
            # In short turns: on Windows Ctrl-C does not end a wait.
            while name in self._in_work and left > 0:
                self._state.wait(_BLINK_S)
                left -= _BLINK_S
            if name not in self._in_work:
                return
            self._in_work.discard(name)
        for helper, _ in self._helpers:
            if helper.at_work_on == name:
                helper.kill()

    # --- a helper, one thread each ---------------------------------------------------------------

    def _feed(self, helper: Helper, given: bytes) -> None:
        """Hand sheet after sheet to a helper until none waits or the helper is no more."""
        name = None
        try:
            helper.begin(given)
            while (name := self._taken()) is not None:
                made = helper.draw(name)
                with self._state:
                    # One that this process drew in the meantime stays as it is.
                    if made is not None:
                        self._made.setdefault(name, made)
                    self._in_work.discard(name)
                    self._state.notify_all()
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            # Killed, out of memory, not able to load: what it had is drawn by this process.
            pass
        finally:
            helper.end()
            with self._state:
                if name is not None:
                    self._in_work.discard(name)
                self._state.notify_all()

    def _taken(self) -> str | None:
        with self._state:
            if not self._waiting:
                return None
            name = self._waiting.popleft()
            self._in_work.add(name)
            return name


def cores() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
