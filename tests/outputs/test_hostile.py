"""Hostile texts in every position of every format: shown as typed, nothing runs or is fetched.

And the personal fields: what is planted there lies under `internal/` alone.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sqlite3
import zipfile
import zlib
from pathlib import Path
from xml.etree.ElementTree import Element

import geopandas as gpd
import openpyxl
import pyogrio
import pypdf
import pytest
from defusedxml import ElementTree
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from ntm_gis import outputs
from ntm_gis.outputs import atlas, cards, exports
from ntm_gis.outputs.folium_map import to_folium
from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.printmap import How, Printer
from tests.outputs import pdfs
from tests.outputs.hostile_kit import FOREVER_INSIDE, PLANTED, TEXTS, hostile

ATLAS = ("chairman", "works")
SHEETS = ("overview", "road_progress")
"""Maps that are printed here; all stand as pages."""


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    """Everything written once; every output is made, whatever stands in it."""
    answer, layers, paper = hostile()
    folder = tmp_path_factory.mktemp("hostile") / "out"
    without = How(kinds=())
    outputs.write_all(
        answer, layers, layers.commune, folder, paper=paper, record_head="ab12", printing=without
    )
    printer = Printer(answer, layers, layers.commune, "vi", "ab12")
    for name in SHEETS:
        printer.write(name, folder / "maps", How("A4", ("pdf", "svg")))
    exports.write(answer, layers, folder, tuple(exports.WRITERS))
    atlas.write(answer, layers, layers.commune, folder, sheets=frozenset(ATLAS))
    _notebook(answer, layers, folder / "notebook")
    return folder


def _notebook(answer, layers, folder: Path) -> None:
    """Write what a notebook shows, and a map of folium, as pages."""
    folder.mkdir()
    who = layers.commune
    shown_there = (
        cards.figures(answer, layers, who, "vi"), cards.findings(answer, who, "vi"),
        cards.scorecard(answer, who, "vi"),
    )  # fmt: skip
    page = "".join(('<!doctype html><meta charset="utf-8">', *shown_there))
    (folder / "figures.html").write_text(page, encoding="utf-8")
    to_folium(answer, who, "villages").save(str(folder / "folium.html"))


@pytest.fixture(scope="module")
def made(out):
    return sorted(path for path in out.rglob("*") if path.is_file())


def of(made: list[Path], *endings: str) -> list[Path]:
    found = [path for path in made if path.suffix in endings]
    assert found, endings
    return found


def shown(text: str) -> str:
    return " ".join(plain(text).split())


# --- pages ----------------------------------------------------------------------------------------


def test_pages_run_nothing_and_ask_for_nothing(out, made):
    from playwright.sync_api import sync_playwright

    said: list[str] = []
    with sync_playwright() as play:
        try:
            browser = play.chromium.launch()
        except Exception:  # noqa: BLE001 - no browser of its own: the system's
            browser = play.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_context(offline=True).new_page()
        page.on("console", lambda message: said.append(f"console {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error {error}"))
        page.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: said.append(f"request {request.url[:80]}")
                if not request.url.startswith(("file:", "data:", "blob:")) else None)  # fmt: skip
        for path in of(made, ".html"):
            del said[:]
            page.goto(path.as_uri(), wait_until="load")
            page.wait_for_timeout(60)
            assert said == [], path.name
            assert page.evaluate("window.RAN") is None, path.name
            leads = page.eval_on_selector_all(
                "[href], [src]",
                """all => all.map(
                e => e.getAttribute("href") || e.getAttribute("src") || "")""",
            )
            assert [
                x for x in leads if re.match(r"\s*(javascript|https?|//)", x, re.IGNORECASE)
            ] == []
        page.goto((out / "index.html").as_uri())
        assert shown(TEXTS[0]) in shown(page.inner_text("h1"))
        everything = shown(page.evaluate("document.body.textContent"))
        browser.close()
    # Names of files, places, values: most texts stand on the start page as they were typed.
    seen = [text for text in TEXTS if shown(text)[:60] in everything or "http" in text]
    assert len(seen) > len(TEXTS) * 0.6


# --- sheets ---------------------------------------------------------------------------------------


def test_sheets_hold_texts_and_no_formula_of_theirs(made):
    typed = set()
    for path in of(made, ".xlsx"):
        book = openpyxl.load_workbook(path)
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert "evil" not in str(cell.value), (path.name, cell.coordinate)
                        assert "cmd" not in str(cell.value), (path.name, cell.coordinate)
                    elif isinstance(cell.value, str):
                        typed.add(cell.value)
                    assert cell.hyperlink is None or not cell.hyperlink.target, path.name
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    root = ElementTree.fromstring(archive.read(name))
                    outside = [e for e in root.iter() if e.get("TargetMode") == "External"]
                    assert not outside, (path.name, name)
    formulas = [text for text in TEXTS if text[:1] in "=+-@"]
    assert [text for text in formulas if text not in typed] == []


# --- documents ------------------------------------------------------------------------------------

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_word_documents_have_no_field_or_link_from_texts(made):
    for path in of(made, ".docx"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if not name.endswith((".xml", ".rels")):
                    continue
                root = ElementTree.fromstring(archive.read(name))
                outside = [e for e in root.iter() if e.get("TargetMode") == "External"]
                assert not outside, name
                fields = [e.text or "" for e in root.iter(f"{_W}instrText")]
                fields += [e.get(f"{_W}instr", "") for e in root.iter(f"{_W}fldSimple")]
                assert {field.split()[0] for field in fields if field.split()} <= {
                    "PAGE", "NUMPAGES", "TOC", "PAGEREF", "NOTEREF",
                }, name  # fmt: skip
            body = ElementTree.fromstring(archive.read("word/document.xml"))
        said = "".join(e.text or "" for e in body.iter(f"{_W}t"))
        for text in ("{{ 7*7 }}", "{% raw %}", "<script>window.RAN=1</script>", "]]><x/>"):
            assert text in said, text


_RUNS = {"/JS", "/JavaScript", "/URI", "/Launch", "/OpenAction", "/AA", "/EmbeddedFile"}


def pdf_objects(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    """Return every dictionary of a PDF, however it is reached."""
    found: list[DictionaryObject] = []
    seen: set[tuple[int, int]] = set()
    left: list[object] = [reader.trailer]
    while left:
        one = left.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            found.append(one)
            left += one.values()
        elif isinstance(one, ArrayObject):
            left += one
    return found


def test_pdfs_hold_nothing_that_runs(made):
    for path in of(made, ".pdf"):
        reader = pypdf.PdfReader(path)
        for held in pdf_objects(reader):
            assert not _RUNS & set(held), path.name
            assert held.get("/S") not in _RUNS, path.name
            # Contents and footnotes lead to places of the document itself.
            assert held.get("/Type") != "/Annot" or held["/Subtype"] == "/Link", path.name
            assert held.get("/S") not in ("/GoToR", "/GoToE", "/SubmitForm"), path.name
    said = pdf_text(next(path for path in made if path.name == "report.pdf"))
    for text in ("{{ 7*7 }}", "$x^2$", "#import", "=HYPERLINK("):
        assert "".join(text.split()) in said, text


def pdf_text(path: Path) -> str:
    return "".join(pdfs.text(path.read_bytes()).split())


def test_the_brief_has_two_pages_whatever_is_in_it(out):
    assert len(pypdf.PdfReader(out / "brief.pdf").pages) <= 2
    assert "window.RAN=1" in pdf_text(out / "brief.pdf").replace("\u200b", "")


# --- drawings and layers --------------------------------------------------------------------------


def local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def test_drawings_have_no_script(made):
    for path in of(made, ".svg"):
        root = ElementTree.parse(path, forbid_dtd=False).getroot()
        for element in root.iter():
            assert local(element.tag) not in ("script", "foreignobject", "a"), path.name
            for name, value in element.attrib.items():
                assert not local(name).startswith("on"), path.name
                if local(name) == "href":
                    assert value.startswith(("#", "data:image/png")), path.name


def test_layers_for_other_programs_hold_texts_as_typed(out, made):
    typed = {plain(text) for text in TEXTS}
    frame = pyogrio.read_dataframe(out / "commune.gpkg", layer="villages")
    names = {re.sub(r" \d+$", "", name) for name in frame["name"]}
    assert len(names & typed) > 10
    for name, _ in pyogrio.list_layers(out / "commune.gpkg"):
        pyogrio.read_dataframe(out / "commune.gpkg", layer=name)
    for path in of(made, ".geojson", ".kml", ".parquet"):
        read = gpd.read_parquet if path.suffix == ".parquet" else pyogrio.read_dataframe
        found = read(path)
        assert len(found), path.name
        if path.suffix == ".kml":
            assert tags(ElementTree.parse(path).getroot()) & {"script", "x"} == set()
    with zipfile.ZipFile(out / "commune.qgz") as archive:
        project = ElementTree.fromstring(archive.read("commune.qgs"))
    assert tags(project) & {"script", "macros", "pythoncode"} == set()


def tags(root: Element) -> set[str]:
    return {local(element.tag) for element in root.iter()}


def test_results_and_notes_are_whole_texts(out, made):
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["commune"]["name"] == TEXTS[0]
    said = " ".join(finding["message"]["vi"] for finding in results["findings"])
    assert sum(text in said for text in TEXTS) > 20
    for path in of(made, ".txt"):
        text = path.read_text(encoding="utf-8")
        assert plain(text) == text, path.name
    told = (out / "cards" / "loi-dan.txt").read_text(encoding="utf-8")
    assert TEXTS[0] in told


def test_no_file_is_named_by_a_text(out, made):
    reserved = re.compile(r"(con|nul|aux|prn|com\d|lpt\d)(\..*)?", re.IGNORECASE)
    for path in made:
        name = path.relative_to(out)
        assert all(re.fullmatch(r"[\w .\-]{1,120}", part) for part in name.parts), name
        assert not any(reserved.fullmatch(part) for part in name.parts), name


# --- personal fields ------------------------------------------------------------------------------


def contents(path: Path) -> bytes:
    """Return everything in a file, whatever it is packed in."""
    whole = path.read_bytes()
    parts = [whole]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    if path.suffix == ".pdf":
        parts.append(pdf_text(path).encode("utf-8"))
    if path.suffix == ".gpkg":
        with sqlite3.connect(path) as db:
            parts.append("\n".join(db.iterdump()).encode("utf-8", "replace"))
    if path.suffix in (".html", ".svg"):
        parts += list(unpacked(whole))
    if path.suffix == ".parquet":
        frame = gpd.read_parquet(path).drop(columns="geometry")
        parts += [frame.to_csv().encode("utf-8"), str(list(frame.columns)).encode("utf-8")]
    if path.suffix == ".png":
        # Captions and other words that a picture bears beside what it shows.
        with Image.open(path) as picture:
            parts.append(repr(picture.info).encode("utf-8"))
    return b"\0".join(parts)


def unpacked(page: bytes):
    """Yield what stands compressed in a page."""
    for block in re.findall(rb"[A-Za-z0-9+/]{200,}={0,2}", page):
        raw = base64.b64decode(block[: len(block) // 4 * 4])
        for bits in (15, 31, -15):
            try:
                yield zlib.decompress(raw, bits)
            except zlib.error:
                continue


def test_personal_fields_are_under_internal_alone(out, made):
    inside = [path for path in made if (out / "internal") in path.parents]
    outside = [path for path in made if path not in inside]
    assert any(all(mark in contents(path) for mark in PLANTED) for path in inside)
    found = {path.name: contents(path) for path in outside}
    assert [name for name, held in found.items() if any(m in held for m in FOREVER_INSIDE)] == []


def test_every_kind_of_file_is_searched(made):
    """A new kind of output is not passed over: somebody says how it is looked into."""
    known = {
        ".html", ".json", ".xlsx", ".docx", ".pdf", ".gpkg", ".qgz", ".txt", ".png", ".svg",
        ".geojson", ".kml", ".parquet",
    }  # fmt: skip
    assert {path.suffix for path in made} <= known


def test_the_search_for_personal_fields_finds_what_is_packed(tmp_path):
    packed = base64.b64encode(zlib.compress(b"x" * 5000 + b"Zqxkin" + bytes(range(256)) * 3))
    page = tmp_path / "a.html"
    page.write_bytes(b"<script>" + packed + b"</script>")
    book = tmp_path / "a.xlsx"
    held = openpyxl.Workbook()
    held.active["A1"] = "Zqxkin"
    stream = io.BytesIO()
    held.save(stream)
    book.write_bytes(stream.getvalue())
    assert all(PLANTED[0] in contents(path) for path in (page, book))
