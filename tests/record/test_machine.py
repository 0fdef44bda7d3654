"""A machine's name is made once; folders on other machines' disks are told apart."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from record_kit import patient

from ntm_gis.errors import RecordError
from ntm_gis.record import locality, machine
from ntm_gis.record.entries import DEVICE as NAME
from ntm_gis.record.machine import device

MOUNTS = """\
sysfs /sys sysfs rw 0 0
/dev/sda2 / ext4 rw,relatime 0 0
/dev/sdb1 /media/an/USB\\0401 vfat rw 0 0
/dev/sdc1 /media/an/D fuseblk rw 0 0
may-chu:/ntm /mnt/chung nfs4 rw 0 0
//may-chu/ntm /mnt/ntm cifs rw 0 0
/dev/sdd1 /mnt/ntm/trong ext4 rw 0 0
an@may:/ /home/an/xa fuse.sshfs rw 0 0
overlay /var/box fuse.fuse-overlayfs rw 0 0
drvfs /mnt/c 9p rw,aname=drvfs;path=C:,trans=fd 0 0
rootfs /cage 9p rw,trans=fd 0 0
"""


def test_the_name_is_made_once_and_kept(tmp_path):
    name = device(tmp_path / "nhà")
    assert NAME.fullmatch(name)
    assert device(tmp_path / "nhà") == name
    assert device(tmp_path / "nhà khác") != name
    assert [p.name for p in (tmp_path / "nhà").iterdir()] == ["device.txt"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"M\xc3\xa1y 1", b"a b", b"x" * 60, b"-a"])
def test_a_name_that_says_nothing_is_made_anew(tmp_path, content):
    (tmp_path / "device.txt").write_bytes(content)
    name = device(tmp_path)
    assert NAME.fullmatch(name)
    assert device(tmp_path) == name


@patient
@example("_")
@example('\r_¯"\x98\x16\U00097779')
@given(st.text(max_size=80))
def test_any_host_name_gives_a_name(tmp_path_factory, host):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine.platform, "node", lambda: host)
        assert NAME.fullmatch(device(tmp_path_factory.mktemp("nha")))


def test_where_nothing_can_be_kept_the_host_name_speaks(tmp_path, monkeypatch):
    file = tmp_path / "tệp"
    file.write_bytes(b"")
    monkeypatch.setattr(machine.platform, "node", lambda: "VP-XÃ-01")
    name = device(file / "trong tệp")
    assert name == device(file / "trong tệp")
    assert name.startswith("vp-xa-01-")
    assert NAME.fullmatch(name)
    monkeypatch.setattr(machine.platform, "node", lambda: "VP-XÃ-02")
    assert device(file / "trong tệp") != name


def test_two_processes_at_once_agree(tmp_path, monkeypatch):
    """The other process makes the name between our looking and our writing."""
    real = machine._put_first

    def late(half, path):
        path.write_text("may-kia-0123abcd\n", encoding="utf-8")
        monkeypatch.setattr(path.__class__, "exists", lambda _: False)
        real(half, path)

    monkeypatch.setattr(machine, "_put_first", late)
    assert device(tmp_path) == "may-kia-0123abcd"


@pytest.mark.skipif(sys.platform == "win32", reason="tables of mounts are of Linux")
@pytest.mark.parametrize(
    ("folder", "refused"),
    [
        ("/home/an/ntm", None),
        ("/media/an/USB 1/ntm", None),
        ("/media/an/D/ntm", None),
        ("/mnt/chung/ntm", "RECORD_ON_NETWORK"),
        ("/mnt/chung", "RECORD_ON_NETWORK"),
        ("/mnt/chung2", None),
        ("/mnt/ntm/x", "RECORD_ON_NETWORK"),
        ("/mnt/ntm/trong/x", None),
        ("/home/an/xa/ntm", "RECORD_ON_NETWORK"),
        ("/var/box/ntm", None),
        ("/mnt/c/Users/an/ntm", "RECORD_ON_NETWORK"),
        ("/cage/ntm", None),
        ("/home/an/OneDrive/ntm", "RECORD_IN_SYNCED_FOLDER"),
        ("/home/an/OneDrive - UBND xã/ntm", "RECORD_IN_SYNCED_FOLDER"),
        ("/home/an/Dropbox/ntm", "RECORD_IN_SYNCED_FOLDER"),
        ("/home/an/Dropbox (xã)/ntm", "RECORD_IN_SYNCED_FOLDER"),
        ("/home/an/My Drive/ntm", "RECORD_IN_SYNCED_FOLDER"),
        ("/Users/an/Library/Mobile Documents/ntm", "RECORD_IN_SYNCED_FOLDER"),
        ("/home/an/Dropboxes/ntm", None),
        ("/home/an/my-onedrive/ntm", None),
    ],
)
def test_disks_of_others_and_of_clouds_are_told(folder, refused):
    if refused is None:
        locality.require_local(Path(folder), MOUNTS)
        return
    with pytest.raises(RecordError) as caught:
        locality.require_local(Path(folder), MOUNTS)
    assert caught.value.code == refused
    assert "ntm-gis record THƯ_MỤC backup" in caught.value.say("vi")


def test_this_machines_own_disk_is_told_as_such(tmp_path):
    locality.require_local(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_a_link_into_a_cloud_is_followed(tmp_path):
    cloud = tmp_path / "OneDrive" / "ntm"
    cloud.mkdir(parents=True)
    (tmp_path / "ntm").symlink_to(cloud)
    with pytest.raises(RecordError) as caught:
        locality.require_local(tmp_path / "ntm", "")
    assert caught.value.params["program"] == "OneDrive"
