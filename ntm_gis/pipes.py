"""The two ends of a helper process: what it is asked and what it answers, and nothing else.

Light on purpose: helpers of the readers and of the printed sheets begin with it.
"""

from __future__ import annotations

import os
from typing import BinaryIO


def streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdin for questions and stdout for answers; whatever a library prints goes nowhere.

    Returns
    -------
    (questions, answers) : binary files
    """
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
