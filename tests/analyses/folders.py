"""Commune folders with lists of road works and reports, as CSV and as the template of `new`."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
from pyproj import Transformer

from ntm_gis import adding, founding, pipeline
from ntm_gis.outputs import templates
from ntm_gis.pipeline import Review

AS_OF = dt.date(2025, 12, 31)
HEADINGS = {
    "road_works": ("Mã công trình", "Mã đường", "Chiều dài kế hoạch", "Từ lý trình", "Đến lý trình",
                   "Bề rộng tối thiểu", "Khởi công"),
    "road_reports": ("Mã báo cáo", "Công trình", "Từ lý trình", "Đến lý trình", "Giai đoạn",
                     "Ngày báo cáo", "Người báo cáo", "Người xác nhận", "Bề rộng"),
}  # fmt: skip
"""Headings of both lists, without the unit and the star of the templates."""

FIRST_ROW = {"csv": 2, "xlsx": 6}
"""Row of the first report in either kind of file."""

WORKS = ("CT01;D05;7000;0;7000;3;10/03/2025",)


def folder(
    at: Path, kind: str, reports: Sequence[str], works: Sequence[str] = WORKS, **more: Sequence[str]
) -> Path:
    """A folder as `new` makes it, with a road of 7 km; lines hold values set off by semicolons.

    `more` are further lists of reports, by the name of their file.
    """
    founding.new(at, "03601", "Mường Khoa", "Lai Châu", as_of=AS_OF)
    to_degrees = Transformer.from_crs("EPSG:9205", "EPSG:4326", always_xy=True)
    ends = [to_degrees.transform(570_000, 2_455_000 + y) for y in (0, 7000)]
    road = {
        "type": "Feature",
        "properties": {"road_id": "D05", "road_class": "village"},
        "geometry": {"type": "LineString", "coordinates": ends},
    }
    given = at.with_name(f"{at.name}-gui")
    given.mkdir()
    drawn = given / "duong.geojson"
    text = json.dumps({"type": "FeatureCollection", "features": [road]})
    drawn.write_text(text, encoding="utf-8")
    files = [
        drawn,
        _list(given / f"cong_trinh_duong.{kind}", "road_works", works),
        *(_list(given / f"{name}.{kind}", "road_reports", lines)
          for name, lines in {"bao_cao": reports, **more}.items()),
    ]  # fmt: skip
    adding.add(at, files, accept=True, ask=lambda *_: None)
    return at


def walked(at: Path, name: str, until_m: int) -> None:
    """Put a noisy walk along the road into a folder: a point every 8 m and 6 s, 5 m off or so."""
    to_degrees = Transformer.from_crs("EPSG:9205", "EPSG:4326", always_xy=True)
    begun = dt.datetime(2025, 11, 3, 1, 0, tzinfo=dt.UTC)
    points = []
    for k, y in enumerate(range(0, until_m + 1, 8)):
        east = 570_000 + 5 * math.sin(1.7 * k) + 3 * math.sin(0.31 * k)
        lon, lat = to_degrees.transform(east, 2_455_000 + y + 4 * math.cos(2.3 * k))
        time = f"{begun + dt.timedelta(seconds=6 * k):%Y-%m-%dT%H:%M:%SZ}"
        points.append((lon, lat, time))
    drawn = "".join(
        f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{time}</time></trkpt>'
        for lon, lat, time in points
    )
    text = f'<gpx version="1.1" creator="t"><trk><trkseg>{drawn}</trkseg></trk></gpx>'
    (at / "sources" / f"{name}.gpx").write_text(text, encoding="utf-8")
    with (at / "commune.toml").open("a", encoding="utf-8") as commune:
        commune.write(
            f'\n[[source]]\nlayer = "tracks"\nfile = "sources/{name}.gpx"\n'
            f'values = {{ track_id = "{name}", work_id = "CT01" }}\n'
        )


def review(*args: object, **more: Sequence[str]) -> Review:
    """What the whole pipeline finds in such a folder."""
    return pipeline.review(folder(*args, **more))  # type: ignore[arg-type]  # as `folder` takes them


def _list(file: Path, layer: str, lines: Sequence[str]) -> Path:
    rows = [line.split(";") for line in lines]
    if file.suffix == ".csv":
        text = "\r\n".join(";".join(row) for row in (HEADINGS[layer], *rows))
        file.write_text(text, encoding="utf-8-sig", newline="")
        return file
    book = openpyxl.load_workbook(BytesIO(templates.template(layer)))
    sheet = book.worksheets[0]
    heads = [str(cell.value) for cell in sheet[templates.HEAD_ROW + 1]]
    columns = [next(k for k, h in enumerate(heads, 1) if h.startswith(title))
               for title in HEADINGS[layer]]  # fmt: skip
    for k, row in enumerate(rows):
        for column, value in zip(columns, row, strict=True):
            sheet.cell(FIRST_ROW["xlsx"] + k, column).value = _typed(value)
    book.save(file)
    return file


def _typed(value: str) -> float | dt.datetime | str | None:
    """A value as Excel keeps what is typed: numbers and days as such, the rest as text."""
    if not value:
        return None
    if re.fullmatch(r"-?[0-9]+(,[0-9]+)?", value):
        return float(value.replace(",", "."))
    try:
        return dt.datetime.strptime(value, "%d/%m/%Y")  # noqa: DTZ007 - Excel knows no zones
    except ValueError:
        return value
