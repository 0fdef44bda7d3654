"""Make our map pages and folium's of the same content, in one process, and compare them.

    python benchmarks/map_pages.py [FOLDER] [--parcels 10000]

FOLDER is that of a commune; without it the invented commune of the tests is drawn. `--parcels N`
draws one page instead: N seeded parcels that share their bent sides, with the columns of a
cadastre. What the pages hold is compared first (every feature, every text, the hectares drawn): a
comparison of pages that show different things would say nothing. Folium gets the geometry already
in degrees, rounded to a decimetre, and the texts already written, so only the making of its pages
counts (with the gate that its texts need); of ours everything counts, from the frames on.
"""

from __future__ import annotations

import argparse
import base64
import gc
import gzip
import html
import importlib.util
import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import shapely
from map_parcels import parcels

from ntm_gis.layers.values import Answer
from ntm_gis.outputs import webmap
from ntm_gis.outputs.webmap import encode
from ntm_gis.rules import maps
from ntm_gis.rules.commune import Commune

WANTED = 15.0
WANTED_SIZE = 6.0
REPEATS = 3
PARCELS_MAP = "irrigation"
LOOKED_AT = 97
"""Of so many texts one is looked for in folium's page of some megabytes."""
# What folium compiles as a template or runs as a script when it stands in a text.
_LIVE = re.compile(r"[{}`$\\%]")


def main() -> int:
    """Print the comparison; 1 where contents differ or ours is not enough faster and smaller."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--parcels", type=int, default=0)
    asked = parser.parse_args()
    answer, commune = content(asked.folder)
    names = webmap.available(answer)
    if asked.parcels:
        answer = replace(answer, frames={**answer.frames, "farmland": parcels(asked.parcels)})
        names = (PARCELS_MAP,)
    first_s, ours = timed(lambda: our_pages(answer, commune, names))
    sheets = {name: sheets_of(answer, ours[name]) for name in names}
    make_theirs = partial(folium_pages, sheets)
    their_first_s, theirs = timed(make_theirs)
    same = report(names, sheets, ours, theirs)
    if not same:
        print("the pages do not hold the same")
        return 1
    # Turn about, so that a machine busy for a while slows both.
    rounds = [
        (timed(lambda: our_pages(answer, commune, names))[0], timed(make_theirs)[0])
        for _ in range(REPEATS)
    ]
    ours_s, theirs_s = (min(times) for times in zip(*rounds, strict=True))
    ratio, first = theirs_s / ours_s, their_first_s / first_s
    smaller = size(theirs) / size(ours)
    print(f"\n{len(names)} page(s), processor time, best of {REPEATS} rounds, turn about:")
    print(f"ours {ours_s:.3f} s, folium {theirs_s:.2f} s: {ratio:.1f} times faster")
    print(
        f"first time in the process: {first_s:.3f} s and {their_first_s:.2f} s: {first:.1f} times"
    )
    print(f"ours {size(ours):.0f} kB, folium {size(theirs):.0f} kB: {smaller:.1f} times smaller")
    return 0 if ratio >= WANTED and (smaller >= WANTED_SIZE or not asked.parcels) else 1


def size(pages: dict[str, str]) -> float:
    """Return the kilobytes of all pages."""
    return sum(len(text.encode("utf-8")) for text in pages.values()) / 1024


def content(folder: Path | None) -> tuple[Answer, Commune]:
    """Return what to draw."""
    if folder is not None:
        from ntm_gis import pipeline

        found = pipeline.review(folder)
        return found.answer, found.commune
    path = Path(__file__).parents[1] / "tests" / "outputs" / "synthetic.py"
    spec = importlib.util.spec_from_file_location("synthetic", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.answer(), module.commune()


def timed(make: Callable[[], dict[str, str]]) -> tuple[float, dict[str, str]]:
    """Return the processor time of making all pages, and the pages.

    Both work on one thread: what else the machine has to do in the meantime counts for neither.
    """
    gc.collect()  # neither pays for what the other left behind
    started = time.process_time()
    made = make()
    return time.process_time() - started, made


def our_pages(answer: Answer, commune: Commune, names: tuple[str, ...]) -> dict[str, str]:
    """Make every page, nothing kept from before."""
    atlas = webmap.Atlas(answer, commune)
    return {name: atlas.render(name) for name in names}


def folium_pages(sheets: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Make every page with folium."""
    return {name: folium_page(layers) for name, layers in sheets.items()}


def data_of(text: str) -> dict[str, Any]:
    """Return the data block of one of our pages."""
    found = re.search(r'type="application/(\w+)" id="data">(.*?)</script>', text, re.DOTALL)
    if found is None:
        raise ValueError("a page without data")
    plain = gzip.decompress(base64.b64decode(found[2])) if found[1] == "gzip" else found[2]
    data: dict[str, Any] = json.loads(plain)
    return data


def sheets_of(answer: Answer, text: str) -> list[dict[str, Any]]:
    """Return the layers of one of our pages as folium takes them: degrees, and written texts."""
    data = data_of(text)
    out: list[dict[str, Any]] = [
        {"shade": data["shade"], "home": data["home"], "grid": data["grid"]}
    ]
    for layer in data["layers"]:
        style = maps.styles().styles[layer["style"]]
        frame = answer.frames[style.frame]
        for column, codes in style.where.items():
            frame = frame[frame[column].isin(codes)]
        titles = ["Mã", "Tên", *(c["title"] for c in layer["columns"]), "Tệp", "Dòng"]
        rows = [
            [
                layer["id"][i],
                layer["name"][i],
                *(
                    c["values"][c["index"][i]] if "values" in c else c["texts"][i]
                    for c in layer["columns"]
                ),
                layer["files"][layer["file"][i]],
                str(layer["row"][i]),
            ]
            for i in range(len(layer["id"]))
        ]
        out.append(
            {
                "title": style.title.vi,
                "titles": titles,
                "rows": rows,
                "style": style,
                "codes": [style.cases[k].code for k in layer["case"]],
                "degrees": frame.geometry.to_crs("EPSG:4326").set_precision(1e-6, "pointwise"),
                "drawn_ha": drawn_ha(layer),
                "given_ha": shapely.area(frame.geometry.to_numpy()).sum() / 1e4,
            }
        )
    return out


def placed_of(layer: dict[str, Any]) -> list[int]:
    """Return the rows of a layer that have a place."""
    shapes = enumerate(layer["degrees"])
    return [i for i, shape in shapes if shape is not None and not shape.is_empty]


def inert(text: str) -> str:
    """Return a text that folium neither compiles nor runs."""
    return _LIVE.sub(lambda sign: f"&#{ord(sign[0])};", html.escape(text))


def folium_page(sheets: list[dict[str, Any]]) -> str:
    """Make the same content with folium: a layer a style, a pop-up with the row, a legend box."""
    ground, *layers = sheets
    drawn = folium.Map(location=(22.2, 103.7), zoom_start=11, tiles=None, control_scale=True)
    if ground["shade"]:
        folium.raster_layers.ImageOverlay(
            ground["shade"]["src"], [[22.0, 103.5], [22.4, 103.9]]
        ).add_to(drawn)
    for layer in layers:
        group = folium.FeatureGroup(name=inert(layer["title"]))
        placed = placed_of(layer)
        if placed:
            folium_layer(layer, placed).add_to(group)
        for i in sorted(set(range(len(layer["rows"]))) - set(placed)):
            # A row without a place stands in the list of our page; here it stands in a marker.
            folium.Marker((22.0, 103.5), tooltip=inert(layer["rows"][i][1])).add_to(group)
        group.add_to(drawn)
    folium.LayerControl().add_to(drawn)
    return str(drawn.get_root().render())


def folium_layer(layer: dict[str, Any], placed: list[int]) -> folium.GeoJson:
    """Return one layer of folium with its styles and pop-ups."""
    titles = [inert(t) for t in layer["titles"]]
    names = [f"f{k}" for k in range(len(titles))]
    columns = {name: [inert(layer["rows"][i][k]) for i in placed] for k, name in enumerate(names)}
    columns["code"] = [layer["codes"][i] for i in placed]
    frame = gpd.GeoDataFrame(
        columns, geometry=layer["degrees"].iloc[placed].to_list(), crs="EPSG:4326"
    )
    style = layer["style"]
    return folium.GeoJson(
        frame,
        style_function=lambda feature: folium_style(style, feature["properties"]["code"]),
        marker=folium.CircleMarker(radius=6),
        popup=folium.GeoJsonPopup(fields=names, aliases=titles),
        tooltip=folium.GeoJsonTooltip(fields=names[1:2], aliases=titles[1:2]),
    )


def folium_style(style: maps.Style, code: str) -> dict[str, Any]:
    """Return what Leaflet can draw of one of our looks: one stroke and one fill."""
    case = style.case(code)
    strokes = case.strokes or case.edge
    look: dict[str, Any] = {"weight": 3, "color": strokes[-1].colour if strokes else "#17212b"}
    pattern = maps.styles().patterns[case.pattern].ground if case.pattern else None
    return look | {"fillColor": case.fill or pattern or "#dddddd", "fillOpacity": 0.6}


def drawn_ha(layer: dict[str, Any]) -> float:
    """Return the hectares that our page draws of a layer: its rings, holes counted off."""
    rings = (
        np.cumsum(np.reshape(ring, (-1, 2)), axis=0)
        for shape in encode.unpacked(layer["shape"])
        for ring in shape
    )
    twice = sum(
        float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
        for x, y in (ring.T.astype(float) for ring in rings)
    )
    return abs(twice) / 2e4


def report(
    names: tuple[str, ...],
    sheets: dict[str, list[dict[str, Any]]],
    ours: dict[str, str],
    theirs: dict[str, str],
) -> bool:
    """Print features and sizes; return whether both pages hold the same features and texts."""
    same = True
    print(f"{'map':<14}{'features':>10}{'folium':>10}{'ours kB':>10}{'folium kB':>11}")
    for name in names:
        mine = sum(len(layer["id"]) for layer in data_of(ours[name])["layers"])
        other = theirs[name].count('"type": "Feature"') + theirs[name].count("L.marker(")
        drawn = sum(len(layer["rows"]) for layer in sheets[name][1:])
        same &= mine == other == drawn
        sizes = (len(text.encode("utf-8")) / 1024 for text in (ours[name], theirs[name]))
        print(f"{name:<14}{mine:>10}{other:>10}" + "".join(f"{kb:>10.0f}" for kb in sizes))
        same &= all(holds(layer, theirs[name]) for layer in sheets[name][1:])
    return same


def in_script(text: str) -> str:
    """Return a text as it stands in a script that Jinja writes: signs of markup as numbers."""
    written = json.dumps(text)[1:-1]
    return "".join(f"\\u{ord(sign):04x}" if sign in "&<>'" else sign for sign in written)


def holds(layer: dict[str, Any], theirs: str) -> bool:
    """Whether folium's page has the texts of a layer's placed rows, and ours its hectares."""
    rows = (layer["rows"][i] for i in placed_of(layer))
    texts = {inert(text) for row in rows for text in row if text}
    there = all(in_script(text) in theirs for text in sorted(texts)[::LOOKED_AT])
    areas = layer["style"].level in ("areas", "zones")
    return there and (not areas or abs(layer["drawn_ha"] / layer["given_ha"] - 1) < 0.005)


if __name__ == "__main__":
    sys.exit(main())
