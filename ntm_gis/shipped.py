"""Where the shipped folders `layers`, `maps` and `data` lie: in a checkout or installed.

A checkout (also an editable installation) has them beside the package; a wheel carries them as
`ntm_gis/_shipped/`. Nothing else in the package asks where files of its own are.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from ntm_gis.errors import RuleError

FOLDERS = ("layers", "maps", "data")

_PACKAGE = Path(__file__).resolve().parent


@lru_cache(maxsize=1)
def root() -> Path:
    """Return the folder that holds `layers`, `maps` and `data`.

    Raises
    ------
    RuleError
        The installation is incomplete.

    Examples
    --------
    >>> (root() / "data" / "messages.toml").is_file()
    True
    """
    for candidate in (_PACKAGE.parent, _PACKAGE / "_shipped"):
        # `layers` alone would also match the folder of any project that installs us beside it.
        if (candidate / "data" / "messages.toml").is_file() and (candidate / "layers").is_dir():
            return candidate
    raise RuleError("SHIPPED_MISSING", place=_PACKAGE.name)


def path(*parts: str) -> Path:
    """Return the path of a shipped file or folder.

    Parameters
    ----------
    *parts : str
        The folder (`layers`, `maps` or `data`) and what follows.

    Examples
    --------
    >>> path("data", "messages.toml").name
    'messages.toml'
    """
    if not parts or parts[0] not in FOLDERS:
        raise RuleError("SHIPPED_MISSING", place="/".join(parts))
    return root().joinpath(*parts)


def module_path() -> str:
    """Return the `PYTHONPATH` of a process that must find this very package.

    Examples
    --------
    >>> os.pathsep * 2 in module_path()  # an empty one would be the working folder
    False
    """
    paths = [os.environ.get("PYTHONPATH", "")]
    if _PACKAGE.parent.name not in ("site-packages", "dist-packages"):
        paths.insert(0, str(_PACKAGE.parent))  # a checkout
    return os.pathsep.join(path for path in paths if path)
