"""Frames of the answer as plain rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ntm_gis.layers.values import Answer
from ntm_gis.outputs import rows


def records(answer: Answer, name: str) -> list[Mapping[str, Any]]:
    """Return the rows of a frame without geometry, values plain; none where it is not there."""
    frame = answer.frames.get(name)
    if frame is None:
        return []
    columns = [str(c) for c in frame.columns if c != frame.geometry.name]
    values = [rows.plain(frame[c]) for c in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
