"""A drawing process seen from outside: begun anew, told from what to draw, asked sheet by sheet."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from ntm_gis import shipped

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.how import How
    from ntm_gis.outputs.printmap.printer import Printer


class Helper:
    """A drawing process.

    It is asked over its input and answers over its output; both are pipes between it and this
    process alone. When this process ends, however that comes about, its input ends, and with it
    the helper.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.at_work_on: str | None = None

    @classmethod
    def started(cls) -> Self | None:
        """Start a process, without waiting for it; None where the system lets none start."""
        if not sys.executable:
            return None
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-X", "utf8", "-m", "ntm_gis.outputs.printmap.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": shipped.module_path()},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            # No process more, no memory: all sheets are drawn by this one.
            return None
        return cls(process)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def begin(self, given: bytes) -> None:
        """Hand over what `packed` made.

        Raises
        ------
        OSError
            The process is no more.
        """
        self._send(given)

    def draw(self, name: str) -> Mapping[str, bytes] | None:
        """Let a map be drawn; return its files by kind, None where that failed there.

        Raises
        ------
        OSError, EOFError, ValueError, UnpicklingError
            The process is no more, or says nonsense.
        """
        self.at_work_on = name
        self._send(pickle.dumps(name))
        stream = self._process.stdout
        if stream is None:  # pragma: no cover - a pipe was asked for
            raise EOFError
        made: Mapping[str, bytes] | None = pickle.load(stream)  # noqa: S301 - our own process
        self.at_work_on = None
        return made

    def _send(self, content: bytes) -> None:
        stream = self._process.stdin
        if stream is None:  # pragma: no cover - a pipe was asked for
            raise EOFError
        stream.write(content)
        stream.flush()

    def kill(self) -> None:
        """Stop the process, whatever it is doing: who waits for its answer meets the end of it."""
        self._process.kill()

    def end(self) -> None:
        """Stop the process and let go of it."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                # A pipe whose other end was killed takes nothing more.
                with contextlib.suppress(OSError):
                    stream.close()


def packed(printer: Printer, how: How) -> bytes | None:
    """Return what a helper draws from; None where something in it cannot be handed over."""
    out = io.BytesIO()
    given = (*printer.given, how)
    try:
        _Pickler(out, pickle.HIGHEST_PROTOCOL).dump(given)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
        # A notebook may hang anything on a frame. All sheets are then drawn by this process.
        return None
    return out.getvalue()


class _Pickler(pickle.Pickler):
    """Knows mappings that cannot be changed, which pickle itself does not."""

    def reducer_override(self, given: object) -> Any:
        """Return how such a mapping is made again."""
        if isinstance(given, MappingProxyType):
            return _unchangeable, (dict(given),)
        return NotImplemented


def _unchangeable(given: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(given)
