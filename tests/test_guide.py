"""The guide says what is true: every finding is explained, every command shown does what it says."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
from PIL import Image

from ntm_gis.results.words import messages

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "huong-dan"
IMAGES = ROOT / "docs" / "images"
# In the order in which they are read: what one page makes the next one uses.
PAGES = (*sorted(GUIDE.glob("0*.md")), GUIDE / "sua-so-lieu.md")
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*sorted(GUIDE.glob("*.md")), ROOT / "README.md")
}
PROMPT = "D:\\xa> "
LARGEST = 300_000


def script(name: str) -> ModuleType:
    """Load a maintainers' script, which imports its neighbours by their plain names."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        # Dataclasses of a module look it up by its name.
        sys.modules[name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    return module


make_guide = script("make_guide")


# --- The page on findings -------------------------------------------------------------------------


def test_the_page_on_findings_is_what_the_messages_say() -> None:
    """Stale? Run scripts/make_guide.py."""
    assert make_guide.PAGE.read_text(encoding="utf-8") == make_guide.page()


def test_every_finding_is_explained_once() -> None:
    codes = sorted(code for code, message in messages().items() if message.severity is not None)
    assert len(codes) > 400
    told = re.findall(r"mã `(\w+)`$", make_guide.page(), re.MULTILINE)
    assert sorted(told) == codes
    assert make_guide.page().count("\n- Ảnh hưởng đến: ") == len(codes)
    assert len(re.findall(r"^- Cách sửa: \S.{10,}$", make_guide.page(), re.MULTILINE)) == len(codes)


def test_a_code_without_a_place_or_a_proposal_is_refused() -> None:
    guide = make_guide.load("data", "guide.toml")
    assert make_guide.faults(make_guide.findings(), guide) == []
    new = {"QUITE_NEW": {"vi": "Câu mới.", "en": "New.", "severity": "note"}}
    said = make_guide.faults({**make_guide.findings(), **new}, guide)
    assert [line.partition(":")[0] for line in said] == ["QUITE_NEW", "QUITE_NEW"]
    gone = dict(make_guide.findings())
    del gone["ROAD_SURFACE_UNKNOWN"]
    assert {line.partition(":")[0] for line in make_guide.faults(gone, guide)} == {
        "ROAD_SURFACE_UNKNOWN"
    }


# --- Links, pictures, letters ---------------------------------------------------------------------


def links() -> Iterator[tuple[str, str]]:
    for page, text in TEXTS.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" not in target:
                yield page, target


@pytest.mark.parametrize(("page", "target"), sorted(set(links())))
def test_links_lead_somewhere(page: str, target: str) -> None:
    name, _, anchor = target.partition("#")
    place = (ROOT / page).parent / name if name else ROOT / page
    assert place.exists(), target
    if anchor:
        assert f'<a id="{anchor}"></a>' in place.read_text(encoding="utf-8"), target


def test_pictures_are_there_named_and_small() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert len(shown) >= 8
    there = {path.resolve() for path in IMAGES.iterdir()}
    assert there == shown
    for path in sorted(shown):
        assert path.stat().st_size <= LARGEST, path.name
        with Image.open(path) as image:
            image.load()
            assert image.width >= 900, path.name
            # A blank page is one colour; these have a hundred and more.
            assert len(image.convert("RGB").resize((160, 120)).getcolors(160 * 120)) > 100, (
                path.name
            )


def test_letters_are_composed_and_numbers_vietnamese() -> None:
    for page, text in TEXTS.items():
        assert unicodedata.normalize("NFC", text) == text, page
    for page in PAGES:
        prose = re.sub(
            r"```.*?```|`[^`]*`|<!--.*?-->",
            " ",
            TEXTS[page.relative_to(ROOT).as_posix()],
            flags=re.DOTALL,
        )
        assert re.findall(r"\d+\.\d+ ?(?:%|km|ha)\b", prose) == [], page.name
        assert "*In English:" in prose, page.name


# --- Commands -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A command as a page shows it, the status it promises and the lines that follow."""

    page: str
    line: int
    typed: str
    status: int
    says: tuple[str, ...]

    @property
    def argv(self) -> list[str]:
        # Windows paths in the guide; quoted words hold none.
        return shlex.split(self.typed.replace("\\", "/"))[1:]


def blocks(page: Path) -> Iterator[Shown]:
    """Every command of the page's console blocks; a block says its status in a comment before it."""
    text = page.read_text(encoding="utf-8")
    marked = re.findall(r"^```console$", text, re.MULTILINE)
    found = list(
        re.finditer(r"^<!-- exit (\d) -->\n```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    )
    assert len(found) == len(marked), f"{page.name}: a console block without <!-- exit N -->"
    for block in found:
        start = text.count("\n", 0, block.start(2)) + 1
        lines = block[2].splitlines()
        heads = [i for i, line in enumerate(lines) if line.startswith(PROMPT)]
        assert heads[0] == 0, page.name
        for i, after in zip(heads, [*heads[1:], len(lines)], strict=True):
            says = tuple(line.removesuffix("…").strip() for line in lines[i + 1 : after])
            yield Shown(
                page.name, start + i, lines[i].removeprefix(PROMPT), int(block[1]),
                tuple(line for line in says if line),
            )  # fmt: skip


SHOWN = [one for page in PAGES for one in blocks(page)]

# One process for all commands: the libraries are loaded once. Descriptors are turned, not
# streams, so that whatever writes is heard.
DRIVER = """
import json, os, sys, tempfile
from ntm_gis import cli

kept = os.dup(1)
for line in sys.stdin:
    with tempfile.TemporaryFile() as heard:
        os.dup2(heard.fileno(), 1)
        os.dup2(heard.fileno(), 2)
        status = cli.main(json.loads(line))
        sys.stdout.flush()
        sys.stderr.flush()
        heard.seek(0)
        said = heard.read().decode("utf-8", "replace")
    os.write(kept, (json.dumps([status, said]) + "\\n").encode())
"""


def province_form(path: Path) -> None:
    """A form as a province sends it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Biểu 11"
    sheet["A1"] = "BIỂU 11: TỔNG HỢP HUY ĐỘNG NGUỒN LỰC"
    for column, head in enumerate(("STT", "Nội dung", "Kế hoạch năm", "Đã giải ngân"), 1):
        sheet.cell(3, column, head)
    for row, name in enumerate(("Tổng vốn", "Vốn đầu tư phát triển", "Vốn sự nghiệp"), 4):
        sheet.cell(row, 1, row - 3)
        sheet.cell(row, 2, name)
    book.save(path)


def supplement(path: Path) -> None:
    """The template of roads with the one row that the page on corrections speaks of."""
    book = openpyxl.load_workbook(path.parent / "muong-khoa/templates/duong-giao-thong.xlsx")
    sheet = book.worksheets[0]
    sheet["A6"], sheet["B6"], sheet["D6"] = "D16", "Đường thôn, bản", "Cấp phối"
    book.save(path)


MADE: dict[str, Callable[[Path], object]] = {
    "bieu-tinh-gui.xlsx": province_form,
    "bo-sung-duong.xlsx": supplement,
    "bao-cao-da-ky.pdf": lambda path: shutil.copy(path.parent / "mau/out/report.pdf", path),
}


@dataclass(frozen=True)
class Office:
    """A folder in which every command of the guide was typed, and what each answered."""

    place: Path
    answers: tuple[tuple[int, str], ...]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    place = tmp_path_factory.mktemp("xa")
    env = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), "COLUMNS": "220"}
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER],
        cwd=place, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    ) as driver:  # fmt: skip
        answers = []
        for one in SHOWN:
            for name, make in MADE.items():
                if name in one.argv and "--remove" not in one.argv:
                    make(place / name)
            driver.stdin.write(json.dumps(one.argv) + "\n")
            driver.stdin.flush()
            status, said = json.loads(driver.stdout.readline())
            answers.append((status, said))
        driver.stdin.close()
    yield Office(place, tuple(answers))
    shutil.rmtree(place, ignore_errors=True)


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_six_steps_show_commands() -> None:
    assert {one.page for one in SHOWN} == {page.name for page in PAGES}
    first = [one.argv[0] for one in SHOWN]
    for command in ("new", "add", "check", "run", "progress", "review", "decide", "law", "map",
                    "score", "priorities", "report", "fill", "close", "explain", "record"):  # fmt: skip
        assert command in first


@pytest.mark.parametrize("i", range(len(SHOWN)), ids=[f"{s.page}:{s.line}" for s in SHOWN])
def test_commands_do_what_the_guide_shows(office: Office, i: int) -> None:
    shown, (status, said) = SHOWN[i], office.answers[i]
    assert status == shown.status, f"{shown.typed}\n{said}"
    rest = plain(said)
    for line in shown.says:
        before, found, rest = rest.partition(plain(line))
        assert found, f"{shown.typed}: not said: {line}\n{before}"


def test_the_guide_changes_no_original(office: Office) -> None:
    given = ROOT / "data" / "sample" / "sources"
    for path in sorted(p for p in given.rglob("*") if p.is_file()):
        kept = office.place / "mau" / "sources" / path.relative_to(given)
        assert kept.read_bytes() == path.read_bytes(), path.name


def test_what_the_guide_names_under_out_is_there(office: Office) -> None:
    out = office.place / "mau" / "out"
    named = {
        name.replace("\\", "/")
        for page in PAGES
        for name in re.findall(r"`out\\([\w.\\]+)`", page.read_text(encoding="utf-8"))
    }
    assert len(named) >= 8
    assert [name for name in sorted(named) if not (out / name).exists()] == []


@pytest.mark.browser
def test_the_pictures_can_be_taken_again(office: Office, monkeypatch, tmp_path: Path) -> None:
    pytest.importorskip("playwright.sync_api")
    make_images = script("make_images")
    if not any(map(shutil.which, make_images.BROWSERS)):
        pytest.skip("no Chromium")
    monkeypatch.setattr(make_images, "IMAGES", tmp_path)
    monkeypatch.setattr(sys, "argv", ["make_images.py", str(office.place / "mau")])
    assert make_images.main() == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {path.name for path in IMAGES.iterdir()} - names <= {"overview.jpg", "bao-cao.jpg"}
    for path in tmp_path.iterdir():
        assert path.stat().st_size <= LARGEST
