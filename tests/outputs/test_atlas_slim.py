"""A bound PDF made small: nothing lost, nothing moved that could be seen, same bytes again."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from pypdf import PdfReader, PdfWriter

from ntm_gis.outputs.atlas.slim import joined, shortened, slim


def sheet(title, seed):
    """One page as the map sheets are made: common lines, a picture, something of its own."""
    figure = Figure(figsize=(6, 4))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow([[(i * j) % 7 for i in range(40)] for j in range(40)], extent=(0, 9, 0, 9))
    for k in range(6):
        axes.plot([i / 17 for i in range(400)], [(i * (k + 3) % 31) / 3.7 for i in range(400)])
    axes.plot([i / 13 for i in range(90)], [(i * seed % 17) / 1.9 for i in range(90)], "k--")
    axes.text(1, 1, title)
    out = io.BytesIO()
    with PdfPages(out, metadata={"CreationDate": None}) as pdf:
        pdf.savefig(figure)
    return out.getvalue()


TITLES = ("Ranh giới 12.345678", "(0.987654321) dấu ngoặc \\", "Bản Hô Tra")


def bound(titles=TITLES):
    writer = PdfWriter()
    for n, title in enumerate(titles, 5):
        writer.append(io.BytesIO(sheet(title, n)))
    return writer


def written(writer):
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_pages_share_is_kept_once():
    plain, small = bound(), bound()
    slim(small)
    before, after = written(plain), written(small)
    assert len(after) < 0.65 * len(before)
    reader = PdfReader(io.BytesIO(after))
    streams = [page["/Contents"] for page in reader.pages]
    first = {ref.idnum for ref in streams[0]}
    assert all(first & {ref.idnum for ref in others} for others in streams[1:])
    pictures = {
        ref.idnum
        for page in reader.pages
        for ref in page["/Resources"]["/XObject"].get_object().values()
    }
    assert len(pictures) < len(reader.pages)


def test_pages_say_and_draw_what_they_did():
    plain, small = bound(), bound()
    slim(small)
    texts = [[p.extract_text() for p in PdfReader(io.BytesIO(written(w))).pages]
             for w in (plain, small)]  # fmt: skip
    assert texts[0] == texts[1]
    assert [any(title.split()[0] in text for text in texts[1]) for title in TITLES] == [True] * 3
    for before, after in zip(plain.pages, small.pages, strict=True):
        was, now = (numbers(page.get_contents().get_data()) for page in (before, after))
        assert len(was) == len(now)
        assert max(abs(a - b) for a, b in zip(was, now, strict=True)) <= 0.01


def numbers(data):
    return [float(n) for n in re.findall(rb"(?<![\w(])-?\d+\.?\d*", data)]


def test_same_bytes_twice():
    first, second = bound(), bound()
    slim(first)
    slim(second)
    assert written(first) == written(second)


def test_one_page_and_a_blank_one():
    writer = bound(TITLES[:1])
    writer.add_blank_page(100, 100)
    slim(writer)
    reader = PdfReader(io.BytesIO(written(writer)))
    assert len(reader.pages) == 2
    assert "12.345678" in reader.pages[0].extract_text()


@given(st.text(st.sampled_from("01.()\\ab \n"), max_size=30))
def test_texts_are_never_shortened(text):
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    said = f"({escaped}0.123456789) Tj".encode()
    assert shortened(b"1.23456 0 m\n" + said) == b"1.23 0 m\n" + said


@given(st.floats(-9999, 9999))
def test_places_stay_within_a_hundredth_and_colours_closer(x):
    place, colour = shortened(f"{x:.6f} 0 m".encode()), shortened(f"{x:.10f} 0 rg".encode())
    assert float(place.split()[0]) == pytest.approx(round(x, 6), abs=0.0100001)
    assert float(colour.split()[0]) == pytest.approx(x, abs=0.0001001)


@given(st.lists(st.sampled_from([b"a", b"b", b"X", b"Y"])))
def test_joined_runs_are_the_page(pieces):
    runs = joined(pieces, {b"X", b"Y"})
    assert b"".join(runs) == b"".join(pieces)
    assert all(len(run) == 1 or not set(run) & set(b"XY") for run in runs)
