"""Make our map pages and folium's of the same content, in one process, and compare them.

    python benchmarks/map_pages.py [FOLDER]

FOLDER is that of a commune; without it the invented commune of the tests is drawn. Features are
counted first: a comparison of pages that show different things would say nothing. Folium gets the
geometry already in degrees and the texts already written, so only the making of its pages counts
(with the gate that its texts need); of ours everything counts, from the frames on.
"""

from __future__ import annotations

import argparse
import gc
import html
import importlib.util
import json
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd

from ntm_gis.layers.values import Answer
from ntm_gis.outputs import webmap
from ntm_gis.rules import maps
from ntm_gis.rules.commune import Commune

WANTED = 15.0
REPEATS = 3
# What folium compiles as a template or runs as a script when it stands in a text.
_LIVE = re.compile(r"[{}`$\\%]")


def main() -> int:
    """Print the comparison; 1 where features differ or ours is not enough faster."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path)
    answer, commune = content(arguments.parse_args().folder)
    names = webmap.available(answer)
    first_s, ours = timed(lambda: our_pages(answer, commune, names))
    sheets = {name: sheets_of(answer, ours[name]) for name in names}
    make_theirs = partial(folium_pages, sheets)
    their_first_s, theirs = timed(make_theirs)
    # Turn about, so that a machine busy for a while slows both.
    rounds = [
        (timed(lambda: our_pages(answer, commune, names))[0], timed(make_theirs)[0])
        for _ in range(REPEATS)
    ]
    ours_s, theirs_s = (min(times) for times in zip(*rounds, strict=True))
    same = report(names, sheets, ours, theirs)
    ratio, first = theirs_s / ours_s, their_first_s / first_s
    print(f"\nall {len(names)} pages, processor time, best of {REPEATS} rounds, turn about:")
    print(f"ours {ours_s:.3f} s, folium {theirs_s:.2f} s: {ratio:.1f} times faster")
    print(
        f"first time in the process: {first_s:.3f} s and {their_first_s:.2f} s: {first:.1f} times"
    )
    return 0 if same and ratio >= WANTED else 1


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
    found = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)
    if found is None:
        raise ValueError("a page without data")
    data: dict[str, Any] = json.loads(found[1])
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
                "degrees": frame.geometry.to_crs("EPSG:4326"),
            }
        )
    return out


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
        placed = [
            i
            for i, shape in enumerate(layer["degrees"])
            if shape is not None and not shape.is_empty
        ]
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


def report(
    names: tuple[str, ...],
    sheets: dict[str, list[dict[str, Any]]],
    ours: dict[str, str],
    theirs: dict[str, str],
) -> bool:
    """Print features and sizes; return whether both show the same number of features."""
    same = True
    print(f"{'map':<14}{'features':>10}{'folium':>10}{'ours kB':>10}{'folium kB':>11}")
    for name in names:
        mine = sum(len(layer["id"]) for layer in data_of(ours[name])["layers"])
        other = theirs[name].count('"type": "Feature"') + theirs[name].count("L.marker(")
        drawn = sum(len(layer["rows"]) for layer in sheets[name][1:])
        same &= mine == other == drawn
        sizes = (len(text.encode("utf-8")) / 1024 for text in (ours[name], theirs[name]))
        print(f"{name:<14}{mine:>10}{other:>10}" + "".join(f"{kb:>10.0f}" for kb in sizes))
    return same


if __name__ == "__main__":
    sys.exit(main())
