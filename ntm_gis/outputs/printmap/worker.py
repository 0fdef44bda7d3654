"""The drawing process: `python -m ntm_gis.outputs.printmap.worker`, maps on stdin, files on stdout.

It is told once what to draw from, then map by map; it answers each with its files, or None where
drawing failed: who asked draws it again, and tells the fault. It writes nothing to the disk.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import threading
from typing import Any, BinaryIO


def main() -> None:
    """Draw until stdin ends."""
    # Ctrl-C is answered by who started this process, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = _streams()
    asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
    # Loaded by this thread: the other one begins to read, and may end the process, only then.
    from ntm_gis.layers.values import Layers
    from ntm_gis.outputs.printmap.printer import Printer
    from ntm_gis.results import village_word

    threading.Thread(target=_listen, args=(questions, asked), daemon=True).start()
    *given, how = asked.get()
    village_word.use(
        next((g.commune.commune.village_word for g in given if isinstance(g, Layers)), None)
    )
    printer = Printer(*given)
    while True:
        name = asked.get()
        try:
            made = printer.made(name, how)
        except Exception:  # noqa: BLE001 - whatever it is, who asked meets it too, and tells it
            made = None
        try:
            pickle.dump(made, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
        except OSError:
            return


def _listen(questions: BinaryIO, asked: queue.SimpleQueue[Any]) -> None:
    """Hand on what is asked; where nobody asks any more, end at once, in the midst of a sheet."""
    try:
        while True:
            asked.put(pickle.load(questions))  # noqa: S301 - from the process that started this
    finally:
        os._exit(0)


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdout for answers; whatever a library prints goes nowhere."""
    questions = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
    answers = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    if os.name == "nt":
        import msvcrt

        for stream in (questions, answers):
            msvcrt.setmode(stream.fileno(), os.O_BINARY)  # type: ignore[attr-defined]  # Windows
    return questions, answers


if __name__ == "__main__":
    main()
