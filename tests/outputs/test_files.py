"""Files appear whole or not at all, and what went wrong is said in a sentence."""

from __future__ import annotations

import errno
import io
import os
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.errors import OutputError
from ntm_gis.outputs import files, leftovers
from ntm_gis.outputs.files import (
    atomic_write,
    deterministic_zip,
    replacing,
    require_folder,
    zipped,
)
from ntm_gis.outputs.leftovers import sweep


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def left(folder):
    return sorted(p.name for p in folder.rglob("*"))


def raise_after(temporary):
    temporary.write_bytes(b"half of the n")
    raise RuntimeError


def test_content_and_folder_are_there(tmp_path):
    target = tmp_path / "thư mục mới" / "bảng số liệu.csv"
    assert atomic_write(target, b"abc") == target
    assert target.read_bytes() == b"abc"
    assert left(target.parent) == ["bảng số liệu.csv"]


def test_old_content_goes_only_with_the_new_in_place(tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing(target) as temporary:
        raise_after(temporary)
    assert target.read_bytes() == b"old"
    assert left(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("place", "fault", "code"),
    [
        ("replace", OSError(errno.ENOSPC, "No space left on device"), "OUTPUT_NO_ROOM"),
        ("replace", PermissionError(errno.EACCES, "Permission denied"), "OUTPUT_NOT_ALLOWED"),
        ("fsync", OSError(errno.EIO, "Input/output error"), "OUTPUT_FAILED"),
        ("fsync", OSError(errno.ENOSPC, "No space left on device"), "OUTPUT_NO_ROOM"),
    ],
    ids=["disk full at the end", "not allowed", "disk broken", "disk full before the end"],
)
def test_faults_of_the_system_are_told_and_leave_nothing(monkeypatch, tmp_path, place, fault, code):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def broken(*_args, **_kw):
        raise fault

    monkeypatch.setattr(files.os, place, broken)
    with pytest.raises(OutputError) as caught:
        atomic_write(target, b"new")
    monkeypatch.undo()
    assert caught.value.code == code
    assert "a.txt" in caught.value.say("vi")
    assert target.read_bytes() == b"old"
    assert left(tmp_path) == ["a.txt"]


def test_a_write_that_fails_half_way_leaves_the_old_file(monkeypatch, tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    opened = files.Path.open

    def failing(self, mode="r", *args, **kw):
        file = opened(self, mode, *args, **kw)
        if mode == "wb":
            file.write(b"ne")
            file.close()
            raise OSError(errno.ENOSPC, "No space left on device")
        return file

    monkeypatch.setattr(files.Path, "open", failing)
    with pytest.raises(OutputError) as caught:
        atomic_write(target, b"new")
    assert caught.value.code == "OUTPUT_NO_ROOM"
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert left(tmp_path) == ["a.txt"]


def test_too_little_room_is_said_before_anything_is_written(monkeypatch, tmp_path):
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: Usage(1, 1, 150_000))
    atomic_write(tmp_path / "small", b"x")
    with pytest.raises(OutputError) as caught:
        atomic_write(tmp_path / "large", b"x" * 100_000)
    assert caught.value.code == "OUTPUT_NO_ROOM"
    assert "0,2 MB" in caught.value.say("vi").replace("\u00a0", " ")
    assert left(tmp_path) == ["small"]


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_folder_that_is_read_only_is_said(tmp_path):
    folder = tmp_path / "chỉ đọc"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.access(folder, os.W_OK):
        folder.chmod(stat.S_IRWXU)
        # The administrator may write anywhere: the same answer is asked of the system's word.
        told = files.explained(PermissionError(errno.EROFS, "Read-only"), folder / "a.txt")
        assert told.code == "OUTPUT_NOT_ALLOWED"
        return
    with pytest.raises(OutputError) as caught:
        atomic_write(folder / "a.txt", b"x")
    folder.chmod(stat.S_IRWXU)
    assert caught.value.code == "OUTPUT_NOT_ALLOWED"


def test_a_file_open_in_excel_is_said(tmp_path):
    held = OSError(errno.EACCES, "in use")
    held.winerror = 32
    told = files.explained(held, tmp_path / "tables.xlsx")
    assert told.code == "OUTPUT_IN_USE"
    assert "Excel" in told.say("vi")


def test_a_folder_in_place_of_the_file_is_said(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(OutputError):
        atomic_write(tmp_path / "a", b"x")
    assert left(tmp_path) == ["a"]


def test_sweeping_takes_old_leftovers_only(tmp_path):
    old, new, other = tmp_path / "m" / ".ntm-00.gpkg", tmp_path / ".ntm-11.txt", tmp_path / "a.txt"
    old.parent.mkdir()
    for path in (old, new, other):
        path.write_bytes(b"x")
    past = time.time() - 2 * leftovers.STALE_S
    os.utime(old, (past, past))
    sweep(tmp_path)
    assert left(tmp_path) == [".ntm-11.txt", "a.txt", "m"]


@given(st.dictionaries(st.text("abc/", min_size=1), st.binary(), min_size=1, max_size=5))
def test_archives_depend_on_their_members_alone(members):
    once = zipped(members)
    assert once == zipped(dict(reversed(members.items())))
    assert deterministic_zip(once) == once
    with zipfile.ZipFile(io.BytesIO(once)) as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == members
        assert archive.namelist() == sorted(members)
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_member_can_stand_first():
    with zipfile.ZipFile(io.BytesIO(zipped({"a": b"", "z": b""}, first="z"))) as archive:
        assert archive.namelist() == ["z", "a"]


def test_what_a_killed_process_left_is_swept_at_once(tmp_path):
    code = (
        "import os, pathlib, sys\n"
        "from ntm_gis.outputs.files import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1]) / 'maps' / 'roads.html') as temporary:\n"
        "    temporary.write_bytes(b'half')\n"
        "    os._exit(1)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    (left,) = (tmp_path / "maps").iterdir()
    assert left.name.startswith(leftovers.TEMPORARY)
    with replacing(tmp_path / "index.html") as ours:
        ours.write_bytes(b"at work")
        sweep(tmp_path)
        assert ours.exists()
        assert not left.exists()


def test_what_another_machine_writes_is_left_alone_until_it_is_old(tmp_path):
    theirs = tmp_path / f"{leftovers.TEMPORARY}00000000-999999999-abc.html"
    theirs.write_bytes(b"half")
    sweep(tmp_path)
    assert theirs.exists()


def test_a_file_in_place_of_the_folder_is_said(tmp_path):
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(OutputError) as caught:
        require_folder(tmp_path / "out")
    assert caught.value.code == "OUTPUT_FOLDER_IS_FILE"


def test_a_folder_without_the_right_to_write_is_said(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(OutputError) as caught:
        require_folder(tmp_path / "out")
    assert caught.value.code == "OUTPUT_FOLDER_NOT_ALLOWED"
    assert "Documents" in caught.value.say("vi")
