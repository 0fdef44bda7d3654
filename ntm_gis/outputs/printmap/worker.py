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

from ntm_gis.pipes import streams


def main() -> None:
    """Draw until stdin ends."""
    # Ctrl-C is answered by who started this process, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = streams()
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


if __name__ == "__main__":
    main()
