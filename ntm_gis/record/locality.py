"""Whether a folder lies on a disk of this machine: a record is written nowhere else.

SQLite needs locks and shared memory that network disks do not keep, and programs that copy a
folder to the cloud take a file half written, or put an old one back.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PureWindowsPath

from ntm_gis.errors import RecordError

_MOUNTS = Path("/proc/self/mounts")
_REMOTE = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "davfs", "ceph", "glusterfs",
    "lustre", "vboxsf", "prl_fs", "vmhgfs",
}  # fmt: skip
# Containers without rights of the administrator have their own disk through this one.
_LOCAL_FUSE = {"fuse.fuse-overlayfs"}
# A disk of Windows as seen from its Linux subsystem.
_THROUGH = re.compile(r"(^|,)aname=drvfs")
_DRIVE_REMOTE = 4
_ESCAPED = re.compile(r"\\([0-7]{3})")

_SYNCED = (
    (re.compile(r"onedrive( ?[-–].*)?"), "OneDrive"),
    (re.compile(r"dropbox( \(.*\))?"), "Dropbox"),
    (re.compile(r"google ?drive|my drive|drive của tôi|googledrive-.*"), "Google Drive"),
    (re.compile(r"icloud ?drive|mobile documents|com~apple~clouddocs"), "iCloud"),
    (re.compile(r"nextcloud|owncloud|megasync|box sync"), "Nextcloud, MEGA, Box"),
)
_SYNC_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")


def require_local(folder: Path, mounts: str | None = None) -> None:
    """Refuse a folder on a network disk or one that a program copies to the cloud.

    Parameters
    ----------
    folder : Path
    mounts : str, optional
        The system's table of mounted disks, as Linux writes it; read where left out.

    Raises
    ------
    RecordError
        The folder is one of these, as far as that can be told.
    """
    real = folder.resolve()
    synced = _synced(real)
    if synced is not None:
        raise RecordError("RECORD_IN_SYNCED_FOLDER", folder=folder.name, program=synced)
    if _on_network(real, mounts):
        raise RecordError("RECORD_ON_NETWORK", folder=folder.name)


def synced_by(parts: tuple[str, ...]) -> str | None:
    r"""Return the program that copies a folder to the cloud, by the names on the way to it.

    Examples
    --------
    >>> synced_by(("C:\\", "Users", "an", "OneDrive - UBND xã Mường Khoa", "ntm"))
    'OneDrive'
    >>> synced_by(("home", "an", "ntm"))
    """
    for part in parts:
        for pattern, program in _SYNCED:
            if pattern.fullmatch(part.casefold()):
                return program
    return None


def is_unc(path: str) -> bool:
    r"""Say whether a Windows path names another machine.

    Examples
    --------
    >>> is_unc(r"\\may-chu\ntm\muong-khoa"), is_unc(r"\\?\C:\ntm"), is_unc(r"D:\ntm")
    (True, False, False)
    """
    drive = PureWindowsPath(path).drive.replace("/", "\\")
    if drive.startswith(("\\\\?\\", "\\\\.\\")):
        return drive[4:].upper().startswith("UNC\\")
    return drive.startswith("\\\\")


def filesystem(folder: str, mounts: str) -> tuple[str, str]:
    r"""Return type and options of the file system that holds a folder; "" where not told.

    Examples
    --------
    >>> table = "/dev/sda1 / ext4 rw 0 0\nmay:/x /mnt/d\\040chung nfs4 rw 0 0\n"
    >>> filesystem("/mnt/d chung/ntm", table), filesystem("/mnt/d", table)
    (('nfs4', 'rw'), ('ext4', 'rw'))
    """
    best = ("", "", "")
    for line in mounts.splitlines():
        words = line.split(" ")
        if len(words) < 4:
            continue
        point = _ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), words[1])
        inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        # Of two on one point, the later hides the earlier.
        if inside and len(point) >= len(best[0]):
            best = (point, words[2], words[3])
    return best[1], best[2]


def _synced(real: Path) -> str | None:
    found = synced_by(real.parts)
    if found is not None or os.name != "nt":
        return found
    homes = (os.environ.get(name) for name in _SYNC_VARIABLES)
    return "OneDrive" if any(h and real.is_relative_to(Path(h).resolve()) for h in homes) else None


if sys.platform == "win32":
    import ctypes

    def _on_network(real: Path, mounts: str | None) -> bool:
        del mounts
        remote = ctypes.windll.kernel32.GetDriveTypeW(real.anchor) == _DRIVE_REMOTE
        return remote or is_unc(str(real))

else:

    def _on_network(real: Path, mounts: str | None) -> bool:
        if mounts is None:
            if not _MOUNTS.exists():
                return False
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        kind, options = filesystem(str(real), mounts)
        fuse = kind.startswith("fuse.") and kind not in _LOCAL_FUSE
        return kind in _REMOTE or fuse or bool(_THROUGH.search(options))
