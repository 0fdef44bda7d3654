"""What the tests of the record of road works share: a commune with one work, files, words."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ntm_gis import entering, pipeline, record
from ntm_gis.outputs.terminal import no_answer

DAY = dt.date(2025, 12, 20)
HEAD = (
    "Mã báo cáo;Công trình;Từ lý trình;Đến lý trình;Giai đoạn;Ngày báo cáo;Người báo;"
    "Người xác nhận;Bề rộng (m)"
)
FIVE = [
    "N1;HT;Km0+000;Km0+800;đổ bê tông;03/11/2025;Páo;;3,5",
    "N2;HT;Km0+500;Km1+300;đổ bê tông;04/11/2025;Páo;;3,5",
    "N3;HT;Km1+000;Km1+900;đổ bê tông;05/11/2025;Tổ 2;;3,5",
    "N4;HT;Km1+500;Km2+550;đổ bê tông;05/11/2025;Tổ 2;;3,5",
    "N5;HT;Km2+100;Km2+550;nghiệm thu;06/11/2025;Tổ 2;Ban giám sát;3,5",
]
"""4,000 m by adding up; 2,550 m of road."""

ROAD = shapely.LineString([(572000 + 100 * i, 2452000 + 40 * (i % 2)) for i in range(40)])


def commune(tmp_path: Path) -> Path:
    """A commune with one road and one work on it, without any report."""
    home = tmp_path / "Xã Hồ sơ"
    (home / "sources").mkdir(parents=True)
    roads = gpd.GeoDataFrame(
        {"MA_DUONG": ["D1"], "CAP": "ĐB", "KET_CAU": "BTXM"}, geometry=[ROAD], crs="EPSG:9205"
    )
    roads.to_file(home / "sources" / "đường.gpkg", layer="duong", driver="GPKG")
    outline = gpd.GeoDataFrame(
        {"ma_xa": ["1"], "ten_xa": ["Thử"]},
        geometry=[shapely.box(570000, 2450000, 580000, 2460000)], crs="EPSG:9205",
    )  # fmt: skip
    outline.to_file(home / "sources" / "ranh.gpkg", layer="ranh", driver="GPKG")
    works = "Mã công trình;Tên công trình;Mã đường;Chiều dài (m);Bề rộng tối thiểu (m)\n"
    (home / "sources" / "ct.csv").write_text(
        works + "HT;Đường lên bản Hô Tra;D1;3500;3\n", encoding="utf-8"
    )
    sources = {"boundary": "ranh.gpkg", "roads": "đường.gpkg", "road_works": "ct.csv"}
    (home / "commune.toml").write_text(
        '[commune]\ncode = "1"\nname = "Thử"\nprovince = "Lai Châu"\ncrs = "EPSG:9205"\n'
        "as_of = 2025-12-31\n"
        + "".join(
            f'\n[[source]]\nlayer = "{k}"\nfile = "sources/{v}"\n' for k, v in sources.items()
        ),
        encoding="utf-8",
    )
    return home


def written(path: Path, rows: list[str], head: str = HEAD) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def enter(folder: Path, file: Path, **kwargs: object) -> entering.Entered:
    return entering.add(folder, file, day=DAY, ask=no_answer, **kwargs)  # type: ignore[arg-type]


def figures(folder: Path, as_of: dt.date | None = None) -> dict[str, tuple[object, ...]]:
    answer = pipeline.review(folder, as_of=as_of).answer
    return {
        m.id.removeprefix("progress.HT."): (m.value, m.low, m.high)
        for m in answer.measures
        if m.id.startswith("progress.HT.")
    }


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed, in one line: the terminal breaks sentences where it is narrow."""
    both = capsys.readouterr()
    return " ".join((both.out + both.err).split())


def broken(folder: Path, sql: str) -> None:
    """Do to the record what only another program would; its guards are gone then."""
    db = sqlite3.connect(folder / record.FILE_NAME)
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    db.execute(sql)
    db.commit()
    db.close()


def gpx(path: Path, points: list[tuple[float, float]]) -> Path:
    """Write a track of longitudes and latitudes, one point every ten seconds."""
    rows = "".join(
        f'<trkpt lat="{y:.7f}" lon="{x:.7f}"><time>2025-11-08T01:{i // 6 % 60:02d}:'
        f"{i % 6 * 10:02d}Z</time></trkpt>"
        for i, (x, y) in enumerate(points)
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="x" '
        f'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{rows}</trkseg></trk></gpx>',
        encoding="utf-8",
    )
    return path
