"""The language between the program and its reading process: JSON, then blocks of bytes.

Each message is `NTM1`, the length of the JSON, the JSON with the lengths of the blocks, the
blocks. No pickle: what comes from the reading process is data and nothing else.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, BinaryIO

from ntm_gis.sources import limits

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARK = b"NTM1"
_HEAD = struct.Struct(">4sQ")


def send(stream: BinaryIO, message: dict[str, Any], blocks: Sequence[bytes] = ()) -> None:
    """Write one message."""
    body = json.dumps(
        {**message, "blocks": [len(block) for block in blocks]},
        ensure_ascii=True, allow_nan=False, separators=(",", ":"),
    ).encode("ascii")  # fmt: skip
    stream.write(_HEAD.pack(_MARK, len(body)))
    stream.write(body)
    stream.writelines(blocks)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message.

    Raises
    ------
    EOFError
        The other side has gone.
    ValueError
        What came is no message, or longer than any answer may be.
    """
    mark, length = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if mark != _MARK or length > limits.ANSWER_BYTES:
        msg = "not a message"
        raise ValueError(msg)
    message = json.loads(_exactly(stream, length))
    sizes = message.pop("blocks")
    if any(size < 0 for size in sizes) or sum(sizes) > limits.ANSWER_BYTES:
        msg = "message too long"
        raise ValueError(msg)
    return message, [_exactly(stream, size) for size in sizes]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) != size:
        raise EOFError
    return content
