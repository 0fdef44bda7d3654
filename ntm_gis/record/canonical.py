"""The one way of writing an entry down, and the digests over it.

A digest proves a text only if the same thing is always written the same way: composed letters
(NFC), names in order, whole numbers, no blanks. What is not known is left out, never null.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from ntm_gis import text
from ntm_gis.errors import RecordError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_GREATEST = 2**53 - 1
_DEEPEST = 16
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u00a0": None})


def canonical(body: Mapping[str, Any]) -> str:
    r"""Write a body in its one canonical form.

    Parameters
    ----------
    body : mapping
        Text, whole numbers, truth values, lists and mappings of them. Names of keys are small
        ASCII letters, digits and `_`.

    Raises
    ------
    RecordError
        A value has no unique form: a decimal number, None, a broken character, a key that is
        no name.

    Examples
    --------
    >>> canonical({"b": 1, "a": "đường"})
    '{"a":"đường","b":1}'
    >>> canonical({"name": "Ho\u0302"}) == canonical({"name": "Hô"})
    True
    """
    return dumps(_plain(body, "body", 0))


def dumps(plain: object) -> str:
    """Write what was read from a canonical text, or part of it, as it stood there."""
    return json.dumps(
        plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def parse(written: str) -> dict[str, Any]:
    """Read a body back.

    Raises
    ------
    ValueError
        The text is not in canonical form.
    """
    try:
        found = json.loads(written, parse_float=_refuse, parse_constant=_refuse)
        same = isinstance(found, dict) and canonical(found) == written
    except (RecordError, RecursionError) as cause:
        raise ValueError(str(cause)) from cause
    if not same:
        msg = "not in canonical form"
        raise ValueError(msg)
    body: dict[str, Any] = found
    return body


def digest(device: str, n: int, kind: str, body: str, prev: str) -> str:
    """Return the digest that an entry must bear, 64 hexadecimal digits.

    `body` is the text as it stands in the file, whether it can be read or not.
    """
    written = "\n".join(("ntm-gis entry", device, str(n), kind, prev, body))
    return hashlib.sha256(written.encode("utf-8", "surrogateescape")).hexdigest()


def genesis(commune: str) -> str:
    """Return what the first entry of every device names as the one before it."""
    return hashlib.sha256(f"ntm-gis record of commune {commune}".encode()).hexdigest()


def head(commune: str, tips: Iterable[str]) -> str:
    """Return the digest over the newest entries of all devices, in any order.

    Each newest entry proves those before it, so the head proves the whole record.
    """
    written = "\n".join(("ntm-gis head", commune, *sorted(tips)))
    return hashlib.sha256(written.encode()).hexdigest()


def check_code(digest: str) -> str:
    """Return the first 40 bits of a digest as people can read them out: "7K3M-Q9TD".

    Figures and capital letters without I, L, O and U (Crockford's base 32).

    Examples
    --------
    >>> check_code("00" * 32), check_code("ff" * 32)
    ('0000-0000', 'ZZZZ-ZZZZ')
    """
    bits = int(digest[:10], 16)
    letters = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def read_code(typed: str) -> str | None:
    """Return a check code as printed, however it was typed; None where it is none.

    Examples
    --------
    >>> read_code("7k3m q9td"), read_code("OIL0-0000"), read_code("7K3M")
    ('7K3M-Q9TD', '0110-0000', None)
    """
    letters = typed.strip().upper().translate(_MISREAD)
    if len(letters) != 8 or not set(letters) <= set(_CROCKFORD):
        return None
    return f"{letters[:4]}-{letters[4:]}"


def _plain(value: object, where: str, depth: int) -> object:
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= _GREATEST:
        return int(value)
    if isinstance(value, list | tuple) and depth < _DEEPEST:
        return [_plain(item, where, depth + 1) for item in value]
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return {_key(key, where): _plain(item, key, depth + 1) for key, item in value.items()}
    raise RecordError("RECORD_VALUE_UNFIT", field=where, value=repr(value)[:60])


def _key(key: object, where: str) -> str:
    if isinstance(key, str) and _NAME.fullmatch(key):
        return key
    raise RecordError("RECORD_VALUE_UNFIT", field=where, value=repr(key)[:60])


def _text(value: str, where: str) -> str:
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as cause:
            raise RecordError("RECORD_VALUE_UNFIT", field=where, value=repr(value)[:60]) from cause
        return text.nfc(value)
    return str(value)


def _refuse(number: str) -> NoReturn:
    msg = f"{number} is no whole number"
    raise ValueError(msg)
