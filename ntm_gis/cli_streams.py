"""Where commands write to: the two streams, and the file that keeps what went wrong.

A reader that stops reading (`| head`) is no fault. A stream that cannot be written to is said
in words, and never becomes a traceback.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from ntm_gis.errors import OutputError, trace
from ntm_gis.results import words

if TYPE_CHECKING:
    from rich.console import Console

FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
PLAIN_WIDTH = 110
"""Letters in a line where nobody's screen says how many it has."""

# What JSON leaves as it is and a screen obeys: controls beyond ASCII and signs of direction.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def utf8() -> None:
    """Let a Windows console take Vietnamese, and any stream a name that is no text."""
    for stream in (sys.stdout, sys.stderr):
        # Without a console Windows has no streams at all.
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def write(text: str) -> None:
    """Print a line of words; what a screen would obey instead of showing is taken out.

    Raises
    ------
    OutputError
        There is no room where the output goes, or it cannot be written for another reason.
    """
    _write(harmless(text))


def write_json(document: object) -> None:
    """Print a JSON document; what a screen would obey is written as an escape.

    Raises
    ------
    OutputError
        As `write`.
    """
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    _write(_OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def draw(shown: Any) -> None:
    """Print what the library `rich` lays out.

    Raises
    ------
    OutputError
        As `write`.
    """
    from rich.console import Console
    from rich.segment import Segment, Segments

    at_screen = sys.stdout is not None and sys.stdout.isatty()
    console: Console = Console(
        width=None if at_screen else PLAIN_WIDTH, highlight=False, markup=False, emoji=False
    )
    segments = [
        part if part.control else Segment(harmless(part.text), part.style)
        for part in console.render(shown)
    ]
    if not at_screen or console.legacy_windows:
        # An old console of Windows shows the signs of colours instead of obeying them.
        _write("".join(part.text for part in segments if not part.control), "")
        return
    # The colours of the library are its own signs to the screen; they come after the gate.
    with console.capture() as held:
        # A path that is longer than a line is printed whole, to be copied.
        console.print(Segments(segments), end="", crop=False)
    _write(held.get(), "")


def complain(text: str) -> None:
    """Print a line beside the output; where that cannot be, there is nobody to tell."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(harmless(text) + "\n")
        sys.stderr.flush()


def harmless(text: str) -> str:
    r"""Return a text without what a screen obeys: escapes, other controls, signs of direction.

    Examples
    --------
    >>> harmless("Hô\x1b[31m Tra\u202e"), harmless("Bản Hô Tra\nBản Mường")
    ('Hô[31m Tra', 'Bản Hô Tra\nBản Mường')
    """
    if text.replace("\n", "").isprintable():
        return text
    from ntm_gis.outputs import gates

    return gates.plain(text)


def keep(texts: Iterable[str]) -> str | None:
    """Keep tracebacks in a file for those who mend the program; return its path.

    None where there is no room for it: a full disk must not turn a sentence into a traceback.
    """
    with contextlib.suppress(OSError):
        handle, path = tempfile.mkstemp(prefix="ntm-gis-su-co-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write("\n".join(texts))
        return path
    return None


def keep_fault(fault: BaseException, lang: str) -> None:
    """Keep the traceback of something unforeseen, and say so."""
    report = keep([trace(fault)])
    code = "CRASHED" if report else "CRASHED_UNKEPT"
    inner = fault.exceptions[0] if isinstance(fault, BaseExceptionGroup) else fault
    params = {"what": type(inner).__name__, "report": report}
    complain(words.sentence(code, params).of(lang))


def keep_failures(failures: Iterable[str], lang: str) -> None:
    """Keep the tracebacks of analyses that failed, and say so; without any, nothing is said."""
    found = list(failures)
    report = keep(found) if found else None
    if report is not None:
        complain(words.sentence("FAILURES_KEPT", {"report": report}).of(lang))


def stream_fault(cause: OSError) -> OutputError:
    """Return the error that says why a stream could not be written to."""
    if cause.errno in FULL:
        return OutputError("OUTPUT_STREAM_FULL")
    return OutputError("OUTPUT_STREAM_FAILED", why=cause.strerror or type(cause).__name__)


def _write(text: str, end: str = "\n") -> None:
    stream = sys.stdout
    if stream is None:
        return
    try:
        stream.write(text + end)
        stream.flush()
    except BrokenPipeError:
        _let_go(stream)  # whoever read has read enough; the exit status is the command's own
    except OSError as cause:
        _let_go(stream)
        raise stream_fault(cause) from cause


def _let_go(stream: TextIO) -> None:
    """Lead a stream to nowhere, so that what is left in it troubles nobody at the end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
