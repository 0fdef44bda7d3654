"""Maintainers' job: make the pictures of the guide and the README from the sample commune.

    .venv/bin/python scripts/make_images.py             # runs the sample first (minutes)
    .venv/bin/python scripts/make_images.py FOLDER      # takes a commune already run

Needs Chromium; the pages of the report also need pdftoppm. A picture whose means are missing is
left as it was, and that is said. No picture is larger than 300 kB.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import _setup
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = _setup.ROOT / "docs" / "images"
LARGEST = 300_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a page under `out/`."""

    name: str
    page: str
    height: int = 860
    width: int = 1280
    at: str = ""
    """What the page is scrolled to, as a CSS selector."""


def shots(out: Path) -> list[Shot]:
    """Return the pictures of pages; the finding is one that has a place on the map of roads."""
    found = json.loads((out / "results.json").read_text(encoding="utf-8"))["findings"]
    number = next(i for i, one in enumerate(found, 1) if one["code"] == "ROAD_SURFACE_UNKNOWN")
    return [
        Shot("overview", "maps/overview.html", height=768, width=1366),
        Shot("trang-tong-hop", "index.html"),
        Shot("ban-do-diem", f"maps/roads.html#finding={number}"),
        Shot("bang-tieu-chi", "scorecard.html"),
        Shot("ra-soat-quy-hoach", "plan_review.html", at="#QH07"),
        Shot("tien-do", "progress.html"),
        Shot("uu-tien", "priorities.html"),
    ]


def saved(image: Image.Image, name: str) -> None:
    """Write a picture as the best JPEG that keeps to the limit.

    Raises
    ------
    ValueError
        Not even a coarse JPEG is small enough.
    """
    for quality in (88, 80, 72, 64, 56):
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= LARGEST:
            (IMAGES / f"{name}.jpg").write_bytes(buffer.getvalue())
            _setup.say(
                f"docs/images/{name}.jpg  {image.width}×{image.height}  {quality}  "
                f"{buffer.tell() / 1000:.0f} kB"
            )
            return
    message = f"{name}: larger than {LARGEST} bytes at any quality"
    raise ValueError(message)


def take(browser: Browser, out: Path, shot: Shot) -> Image.Image:
    """Open a page from disk without a network and take its picture."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, offline=True, locale="vi-VN"
    )
    page: Page = context.new_page()
    name, _, state = shot.page.partition("#")
    page.goto((out / name).resolve().as_uri() + (f"#{state}" if state else ""))
    page.wait_for_timeout(1500)
    if shot.at:
        page.locator(shot.at).first.evaluate("at => at.scrollIntoView({block: 'start'})")
        page.wait_for_timeout(300)
    data = page.screenshot()
    context.close()
    return Image.open(io.BytesIO(data))


def sheet(out: Path) -> Image.Image:
    """Return the printed map as it was written beside its PDF, small enough for a page."""
    # Sheets are drawn at print resolution: larger than the guard of Pillow against made-up files.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(out / "maps" / "overview.png") as image:
        image.thumbnail((1500, 1500), Image.Resampling.LANCZOS)
        return image.convert("RGB")


def report_pages(out: Path) -> Image.Image | None:
    """Return the first two pages of the report side by side; None without pdftoppm.

    The PDF and the Word file are written from one text; no page of Word can be drawn everywhere.
    """
    if shutil.which("pdftoppm") is None:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        page = str(Path(scratch) / "page")
        command = ["pdftoppm", "-r", "84", "-l", "2", "-png", str(out / "report.pdf"), page]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        pages = [Image.open(path).convert("RGB") for path in sorted(Path(scratch).glob("page*"))]
    gap = 16
    width = sum(one.width for one in pages) + gap * (len(pages) + 1)
    both = Image.new("RGB", (width, max(p.height for p in pages) + 2 * gap), (208, 212, 216))
    left = gap
    for one in pages:
        both.paste(one, (left, gap))
        left += one.width + gap
    return both


def sample_run(place: Path) -> Path:
    """Write the sample commune, run it, return its folder."""
    folder = place / "muong-khoa"
    for command in ("sample", "run"):
        if _setup.run(sys.executable, "-m", "ntm_gis", command, folder) not in {0, 1}:
            sys.exit(f"{command}: failed")
    return folder


def main() -> int:
    """Make every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if sys.argv[1:] else sample_run(Path(scratch))
        out = folder / "out"
        with sync_playwright() as playwright:
            found = next(filter(None, map(shutil.which, BROWSERS)), None)
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            for shot in shots(out):
                saved(take(browser, out, shot), shot.name)
            browser.close()
        others: dict[str, Callable[[Path], Image.Image | None]] = {
            "to-ban-do-in": sheet,
            "bao-cao": report_pages,
        }
        for name, make in others.items():
            image = make(out)
            if image is None:
                _setup.say(f"docs/images/{name}.jpg: left as it was (pdftoppm missing)")
            else:
                saved(image, name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
