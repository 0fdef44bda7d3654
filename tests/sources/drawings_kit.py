"""DXF drawings written by hand: layers, colours of every kind, hatches, paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

KINDS = {"line": "LWPOLYLINE", "text": "TEXT", "fill": "HATCH"}
Layers = Mapping[str, tuple[int, int | None]]


def write(path: Path, objects: Sequence[Mapping[str, Any]], layers: Layers) -> Path:
    """Write a drawing: objects as kind, layer, xy, and color (index), true (24 bits), text, paper."""
    out: list[str] = []

    def put(*pairs: tuple[int, object]) -> None:
        for code, value in pairs:
            out.extend((str(code), str(value)))

    put((0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1015"), (0, "ENDSEC"))
    put((0, "SECTION"), (2, "TABLES"), (0, "TABLE"), (2, "LAYER"), (70, len(layers)))
    for name, (index, true) in layers.items():
        put((0, "LAYER"), (2, name), (70, 0), (62, index))
        put(*([] if true is None else [(420, true)]), (6, "CONTINUOUS"))
    put((0, "ENDTAB"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES"))
    for number, one in enumerate(objects):
        put((0, KINDS[one["kind"]]), (5, f"{256 + number:X}"))
        put(*([(67, 1)] if one.get("paper") else []), (8, one["layer"]))
        put(*((code, one[key]) for key, code in (("color", 62), ("true", 420)) if key in one))
        places = [pair for x, y in one["xy"] for pair in ((10, x), (20, y))]
        if one["kind"] == "line":
            put((90, len(one["xy"])), (70, 1), *places)
        elif one["kind"] == "text":
            put(*places, (40, 2.5), (1, one["text"]))
        else:
            put((100, "AcDbHatch"), (10, 0), (20, 0), (30, 0), (2, "SOLID"), (70, 1), (71, 0))
            put((91, 1), (92, 2), (72, 0), (73, 1), (93, len(one["xy"])), *places, (97, 0))
            put((75, 0), (76, 1), (98, 0))
    put((0, "ENDSEC"), (0, "EOF"))
    path.write_text("\n".join(out) + "\n", encoding="utf-8", newline="\r\n")
    return path


def square(x: float, y: float, side: float = 100.0) -> list[tuple[float, float]]:
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
