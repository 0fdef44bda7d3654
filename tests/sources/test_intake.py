"""The door: what a file is, by its content; only copies are read; advice for what is not."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import tarfile
import unicodedata
import zipfile
from pathlib import Path

import pytest

from ntm_gis.errors import SourceError
from ntm_gis.results import words
from ntm_gis.sources import intake, kinds, limits, opening, paths, sweeping, telling
from ntm_gis.sources.readers.parsed import Refusal

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _ole(name):
    return OLE + name.encode("utf-16-le") + bytes(512)


def _zip(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return content.getvalue()


def _tar():
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as packed:
        packed.addfile(tarfile.TarInfo("a"), io.BytesIO())
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("ban_ve.dwg", b"AC1027" + bytes(100), "FORMAT_DWG"),
        ("dia_chinh.dgn", _ole("Dgn~H"), "FORMAT_DGN8"),
        ("anh.ecw", b"e\x02" + bytes(100), "FORMAT_ECW"),
        ("anh.sid", b"msid" + bytes(100), "FORMAT_MRSID"),
        ("bieu.xls", _ole("Workbook"), "FORMAT_XLS"),
        ("bieu.xlsx", _ole("EncryptedPackage"), "FORMAT_LOCKED"),
        (
            "bieu.xlsb",
            _zip("[Content_Types].xml", "xl/workbook.bin", "xl/worksheets/sheet1.bin"),
            "FORMAT_XLSB",
        ),
        ("bieu.ods", _zip("mimetype", "content.xml"), "FORMAT_ODS"),
        ("bao_cao.doc", _ole("WordDocument"), "FORMAT_WORD"),
        ("bao_cao.docx", _zip("word/document.xml"), "FORMAT_WORD"),
        ("bao_cao.pdf", b"%PDF-1.7 ...", "FORMAT_PDF"),
        ("du_lieu.zip", _zip("duong.shp", "duong.dbf"), "FORMAT_ARCHIVE"),
        ("du_lieu.rar", b"Rar!\x1a\x07\x00", "FORMAT_ARCHIVE"),
        ("du_lieu.tar", _tar(), "FORMAT_ARCHIVE"),
        ("bieu.xls", b"<html><body><table></table></body></html>", "FORMAT_HTML"),
        ("bieu.xls", b'<?xml version="1.0"?><Workbook xmlns="urn:x"/>', "FORMAT_XLS"),
        ("ban_do.osm", b"<osm version='0.6'/>", "FORMAT_OSM"),
        ("ban_do.png", b"\x89PNG\r\n\x1a\n", "FORMAT_IMAGE"),
        ("duong.shx", b"\x00\x00\x27\x0a" + bytes(96), "FORMAT_MEMBER"),
        ("duong.dat", b"\x03" + bytes(60), "FORMAT_MEMBER"),
        ("trong.csv", b"", "FORMAT_EMPTY"),
        ("la.xyz", bytes(range(256)), "FORMAT_UNKNOWN"),
        ("ban.geojson", b'{"a": 1}', "FORMAT_UNKNOWN"),
        ("ban.gpkg", b"<kml><Document/></kml>", "CONTENT_MISMATCH"),
        ("bieu.csv", _zip("[Content_Types].xml", "xl/workbook.xml"), "CONTENT_MISMATCH"),
        ("ban.tif", b"\xff\xd8\xff\xe0" + bytes(20), "CONTENT_MISMATCH"),
        ("hong.xlsx", b"PK\x03\x04" + bytes(20), "PACKED_DAMAGED"),
    ],
)
def test_what_is_not_read_is_answered(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    with pytest.raises(Refusal) as caught:
        intake.take(path, shelf, name=f"sources/{name}")
    assert caught.value.code == code
    finding = telling.refused(caught.value, file=f"sources/{name}")
    assert finding.severity.value == "stop"
    assert name in finding.message.vi
    assert finding.repair is not None
    assert list(shelf.iterdir()) == []


VIRTUAL = [
    b"<OGRVRTDataSource><OGRVRTLayer><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>",
    b"\xef\xbb\xbf  <!-- x --><VRTDataset rasterXSize='1' rasterYSize='1'></VRTDataset>",
    b"<?xml version='1.0'?>\n<OGRWFSDataSource><URL>http://192.0.2.1</URL></OGRWFSDataSource>",
    b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read x"}',
    "<OGRVRTDataSource/>".encode("utf-16"),
]


@pytest.mark.parametrize("content", VIRTUAL)
@pytest.mark.parametrize(
    "end", ["geojson", "kml", "gpx", "shp", "gpkg", "csv", "tif", "vrt", "dxf"]
)
def test_virtual_files_are_refused_under_every_name(tmp_path, content, end):
    path = tmp_path / f"duong.{end}"
    path.write_bytes(content)
    (tmp_path / "shelf").mkdir()
    with pytest.raises(Refusal) as caught:
        intake.take(path, tmp_path / "shelf", name=path.name)
    assert caught.value.code == "FORMAT_DISGUISED"


def test_the_copy_is_what_was_digested(tmp_path):
    path = tmp_path / "Bản đồ.csv"
    path.write_bytes("Mã;Tên\n1;A\n".encode())
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    taken = intake.take(path, shelf, name="sources/Bản đồ.csv")
    assert taken.path.read_bytes() == path.read_bytes()
    assert taken.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert taken.path.name == "input.csv"
    assert shelf in taken.path.parents
    assert (taken.kind, taken.name, taken.stem) == ("csv", "sources/Bản đồ.csv", "Bản đồ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in folders")
def test_a_pipe_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "ban.gpkg")
    (tmp_path / "shelf").mkdir()
    with pytest.raises(Refusal) as caught:
        intake.take(tmp_path / "ban.gpkg", tmp_path / "shelf", name="ban.gpkg", root=tmp_path)
    assert caught.value.code == "SOURCE_NOT_A_FILE"


def _link(link, target, **more):
    try:
        link.symlink_to(target, **more)
    except OSError:
        pytest.skip("the system allows no links")


def test_links_stay_inside(tmp_path):
    root, outside, shelf = (tmp_path / name for name in ("xa", "ngoai", "shelf"))
    for folder in (root / "sources", outside, shelf):
        folder.mkdir(parents=True)
    (outside / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    (root / "sources/b.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    _link(root / "sources/ra.csv", outside / "a.csv")
    _link(root / "sources/trong.csv", root / "sources/b.csv")
    _link(root / "sources/thu_muc", outside, target_is_directory=True)
    _link(root / "sources/vong.csv", root / "sources/vong.csv")
    assert intake.take(root / "sources/trong.csv", shelf, name="x", root=root).kind == "csv"
    for name, code in (
        ("ra.csv", "SOURCE_LEADS_OUT"),
        ("thu_muc/a.csv", "SOURCE_LEADS_OUT"),
        ("vong.csv", "SOURCE_NOT_OPENED"),
        ("thu_muc", "SOURCE_LEADS_OUT"),
    ):
        with pytest.raises(Refusal) as caught:
            intake.take(root / "sources" / name, shelf, name="x", root=root)
        assert caught.value.code == code, name


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setitem(limits.BYTES, "table", 5)
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    (tmp_path / "shelf").mkdir()
    with pytest.raises(Refusal) as caught:
        intake.take(tmp_path / "a.csv", tmp_path / "shelf", name="a.csv")
    assert caught.value.code == "SOURCE_TOO_LARGE"


def test_members_belong_by_name_whatever_their_case_and_composition(tmp_path):
    (tmp_path / "shelf").mkdir()
    (tmp_path / "Đường.shp").write_bytes(b"\x00\x00\x27\x0a" + bytes(96))
    for name in (
        unicodedata.normalize("NFD", "Đường.DBF"),
        "đường.Prj",
        "duong.shx",
        "Đường.shp.xml",
    ):
        (tmp_path / name).write_bytes(b"x")
    taken = intake.take(tmp_path / "Đường.shp", tmp_path / "shelf", name="x")
    assert {name.lower().rsplit(".", 1)[1] for name, _ in taken.members} == {"dbf", "prj"}
    assert {p.name for p in taken.path.parent.iterdir()} == {"input.shp", "input.dbf", "input.prj"}


class _FullDisk(io.BytesIO):
    """A file on a disk that is full after the first bytes."""

    def write(self, _):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("name", ["a.csv", "a.shp"])
def test_a_full_disk_is_a_finding_and_leaves_no_half_copy(tmp_path, monkeypatch, name):
    path, shelf = tmp_path / name, tmp_path / "shelf"
    path.write_bytes(b"a;b\n1;2\n" if name == "a.csv" else b"\x00\x00\x27\x0a" + bytes(96))
    path.with_suffix(".dbf").write_bytes(b"x")
    shelf.mkdir()
    last = "input.csv" if name == "a.csv" else "input.dbf"
    plain = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda self, *a, **k: _FullDisk() if self.name == last else plain(self, *a, **k),
    )
    with pytest.raises(Refusal) as caught:
        intake.take(path, shelf, name=name)
    assert caught.value.code == "COPY_NO_ROOM"
    finding = telling.refused(caught.value, file=name)
    assert finding.severity.value == "stop"
    assert finding.repair is not None
    assert list(shelf.iterdir()) == []


def test_a_disk_that_takes_nothing_is_a_finding(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("a;b\n", encoding="utf-8")
    monkeypatch.setattr(Path, "mkdir", _denied)
    os.mkdir(tmp_path / "shelf")  # noqa: PTH102 - Path.mkdir is what fails here
    with pytest.raises(Refusal) as caught:
        intake.take(tmp_path / "a.csv", tmp_path / "shelf", name="a.csv")
    assert caught.value.code == "COPY_FAILED"


def _denied(*_, **__):
    raise OSError(errno.EACCES, "denied")


def test_no_place_for_copies_is_said(monkeypatch):
    monkeypatch.setattr(sweeping.tempfile, "mkdtemp", _denied)
    with pytest.raises(SourceError), opening.opening(None):
        pass


def test_a_photo_is_copied_whole_where_its_copy_is_handed_on(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "PHOTO_HEAD", 50)
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff" + bytes(500))
    (tmp_path / "shelf").mkdir()
    short = intake.take(tmp_path / "a.jpg", tmp_path / "shelf", name="a.jpg")
    whole = intake.take(tmp_path / "a.jpg", tmp_path / "shelf", name="a.jpg", whole=True)
    assert (short.path.stat().st_size, whole.path.stat().st_size) == (50, 503)
    assert short.sha256 == whole.sha256


@pytest.mark.parametrize(
    "pattern",
    ["", " ", ".", "./", "/", "**", "sources/**.csv", "sources/**/*.csv", "../*", "a/../../*.csv",
     "/etc/*", "C:\\*.csv", "\\\\may\\xa\\*.csv", "sources/\0*", "*" * 300],
)  # fmt: skip
def test_patterns_that_name_no_files_of_the_folder_are_refused(tmp_path, pattern):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/a.csv").write_text("a;b\n", encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        paths.listed(tmp_path, pattern)
    assert caught.value.code in ("SOURCE_PATTERN_WRONG", "SOURCE_PATTERN_EMPTY")
    assert telling.refused(caught.value, file=pattern).repair is not None


def test_a_pattern_of_windows_names_files_too(tmp_path):
    (tmp_path / "sources").mkdir()
    for name in ("a10.csv", "a9.csv", "~$a.csv", ".a.csv"):
        (tmp_path / "sources" / name).write_text("a;b\n", encoding="utf-8")
    for pattern in ("sources/*.csv", "sources\\*.csv", "./sources/*.csv"):
        assert [p.name for p in paths.listed(tmp_path, pattern)] == ["a9.csv", "a10.csv"]


def test_every_kind_that_is_not_read_has_advice_with_words():
    for kind in kinds.KINDS.values():
        assert bool(kind.family) != bool(kind.advice), kind.id
        if kind.advice:
            message = words.messages()[kind.advice]
            assert message.severity == "stop"
            assert message.repair is not None


@pytest.mark.parametrize(
    ("windows", "code"), [(None, "SOURCE_NO_RIGHT"), (32, "SOURCE_NOT_OPENED")]
)
def test_a_file_that_may_not_be_read_is_said_so(tmp_path, monkeypatch, windows, code):
    """Also by who has every right: the system's answer is made here."""
    (tmp_path / "shelf").mkdir()
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")

    def denied(*_, **__):
        error = PermissionError(13, "Permission denied")
        if windows:
            error.winerror = windows
        raise error

    monkeypatch.setattr("ntm_gis.sources.intake.os.open", denied)
    with pytest.raises(Refusal) as refused:
        intake.take(tmp_path / "a.csv", tmp_path / "shelf", name="a.csv")
    assert refused.value.code == code


def test_a_folder_that_may_not_be_listed_hides_nothing(tmp_path, monkeypatch):
    def denied(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("ntm_gis.sources.paths.os.scandir", denied)
    with pytest.raises(Refusal) as refused:
        paths.find(tmp_path, "sources/a.csv")
    assert refused.value.code == "SOURCE_NO_RIGHT"
