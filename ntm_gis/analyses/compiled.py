"""How loops of numbers are compiled, and their machine code kept for the next time.

Beside the module where that can be written, else in the user's cache folder (numba's rule; the
environment variable NUMBA_CACHE_DIR names another). Where nothing can be kept the loops are
compiled anew in every process: slower by some seconds, and otherwise the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core import caching

_Function = TypeVar("_Function", bound=Callable[..., Any])

_Cache: Any = caching.FunctionCache


class _Kept(_Cache):  # type: ignore[misc]  # numba's classes have no types
    """Machine code on disk; what cannot be read there is compiled anew, whatever is wrong with it.

    A power failure leaves files cut short, a full disk takes none: neither may cost a figure.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code kept for some types; None where there is none to be trusted."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # noqa: BLE001 - a pickle cut short may raise anything
            with contextlib.suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for some types, if the disk takes it."""
        with contextlib.suppress(OSError):
            super().save_overload(sig, data)


def compiled(function: _Function) -> _Function:
    """Compile a loop; its machine code is kept for the next process.

    Notes
    -----
    Kept code is renewed when the file of the loop changes, not when that of a loop called by it
    does: loops call only loops of their own file.
    """
    loop: Any = numba.njit(nogil=True)(function)
    with contextlib.suppress(RuntimeError):  # no folder that can be written
        loop._cache = _Kept(function)  # noqa: SLF001 - as numba's own `cache=True` does
    return cast("_Function", loop)
