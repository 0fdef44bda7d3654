"""report.docx and report.pdf: every head, the same words in both, layout, hostile texts."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from types import MappingProxyType

import docx
import pytest
from PIL import Image

from ntm_gis.analyses.listing import listing
from ntm_gis.errors import OutputError
from ntm_gis.outputs import report
from ntm_gis.outputs.files import zipped
from ntm_gis.outputs.report import pdf, template, texts, word
from ntm_gis.outputs.report.build import Paper, build
from ntm_gis.outputs.report.model import Grid, Picture, Section
from ntm_gis.outputs.report.telling import Previous
from ntm_gis.outputs.report.wordxml import columns
from ntm_gis.results import Words
from ntm_gis.rules.schema import code_list
from tests.outputs import pdfs
from tests.outputs.conftest import HOSTILE

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HELD = io.BytesIO()
Image.new("RGB", (16, 11), "teal").save(_HELD, "PNG")
PNG = _HELD.getvalue()
MORE_HOSTILE = (
    *HOSTILE, "{_{ten_xa}_}", "{%p for x in y %}", "{{p muc.I.noi_dung }}", "]]><w:p/>", "&amp;&#65;",
    '#read("/etc/passwd")', "$ x $ *b* _i_ <lbl> @ref", "\\u{41} // x", "a\tb\nc", "[#panic()]",
)  # fmt: skip


def texts_of(content: bytes) -> list[str]:
    """Return every text of a Word document as Word would show it, a paragraph each."""
    found = docx.Document(io.BytesIO(content))
    parts = [found.element]
    parts += [p._blob and docx.oxml.parse_xml(p.blob) for p in found.part.package.parts
              if str(p.partname) == "/word/footnotes.xml"]  # fmt: skip
    out = []
    for root in parts:
        for paragraph in root.iter(f"{W}p"):
            said = paragraph.iter(f"{W}t", f"{W}br")
            out.append("".join(e.text or "" if e.tag == f"{W}t" else "\n" for e in said))
    return out


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def rewritten(change) -> bytes:
    """Return our own template with its parts changed by a function."""
    with zipfile.ZipFile(io.BytesIO(template.default())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return zipped(parts)


def said_in(xml: str):
    """Return a change that puts a paragraph with a text at the beginning of the document."""

    def change(parts):
        made = f"<w:body><w:p><w:r><w:t>{xml}</w:t></w:r></w:p>".encode()
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", made)

    return change


@pytest.fixture
def writing(answer, layers):
    return report.Writing(answer, layers)


def test_every_head_of_the_plan_is_there(writing):
    heads = [section.title for section in writing.content.sections]
    assert [section.key for section in writing.content.sections] == [
        "I", "II", *(f"II.{n}" for n in range(1, 12)), "III", "IV", "V",
    ]  # fmt: skip
    titles = {code.code: code.title.vi for code in code_list("task_section").codes}
    assert heads[2] == titles["II.1"].removeprefix("II.")
    shown = texts_of(writing.docx())
    assert [head for head in heads if head not in shown] == []


def test_where_nothing_is_given_the_lead_office_is_named(answer, layers):
    task = ("N1", "II.10", "x", 1.0, "Tuần tra", "Công an xã", None, None, None, None, None,
            dt.date(2026, 1, 1), 1.0, "doing", "due", None)  # fmt: skip
    from ntm_gis.analyses.tasks import LIST

    frames = {**answer.frames, "task_list": listing(LIST, [task], "EPSG:9205")}
    told = build(replace(answer, frames=MappingProxyType(frames)), layers)
    by_key = {section.key: section for section in told.sections}
    (nothing,) = by_key["II.9"].blocks
    assert nothing.spans[0].text == ("Chưa có số liệu; đơn vị chủ trì: chưa ghi ở biểu nhiệm vụ.")
    assert "Tuần tra" in "".join(s.text for b in by_key["II.10"].blocks for s in b.spans)


def test_provisional_figures_bear_mark_and_footnote(writing):
    (item,) = (b for s in writing.content.sections if s.key == "III" for b in s.blocks[:1])
    assert (
        "".join(span.text for span in item.spans) == "Tổng vốn: 3.900\u00a0triệu đồng (tạm tính)."
    )
    notes = [span.note for span in item.spans if span.note]
    assert notes == ["Số tạm tính: còn điểm cần kiểm tra số 2 (biểu số 06)."]
    assert any(notes[0] in text for text in texts_of(writing.docx()))


def test_bounds_stand_in_a_footnote(writing):
    spans = [s for line in writing.content.lines() for s in line]
    found = next(s for s in spans if s.text.startswith("23,5"))
    assert found.note.startswith("Chắc chắn từ 20,0 đến 35,0\u00a0%")


def test_word_and_pdf_say_the_same(writing, tmp_path):
    shown = pdfs.text(pdf.document(writing.content))
    words_of = lambda text: set(re.findall(r"[^\W\d_]+", text))  # noqa: E731
    numbers_of = lambda text: set(re.findall(r"\d[\d.,]*\d", text))  # noqa: E731
    typed = "\n".join(texts_of(writing.docx()))
    # Long words are broken at the end of narrow cells.
    assert {w for w in words_of(typed) - words_of(shown) if len(w) < 12} == set()
    said = [span.text for line in writing.content.lines() for span in line]
    assert numbers_of(" ".join(said)) - {""} <= numbers_of(typed)
    assert [n for n in numbers_of(" ".join(said)) if n not in shown] == []


def test_pdf_has_every_vietnamese_letter_and_its_fonts(answer, layers, tmp_path):
    letters = "ăâđêôơư ằắẳẵặ ầấẩẫậ ềếểễệ ồốổỗộ ờớởỡợ ừứửữự ỳýỷỹỵ ĂÂĐÊÔƠƯ ẲẪỄỖỠỮỸ"
    said = texts.Texts(sections={"I": texts.Said(text=letters)})
    made = pdf.document(build(answer, layers, "vi", Paper(said)))
    assert letters in plain(pdfs.text(made))
    held = pdfs.fonts(made)
    assert held
    assert all(held.values()), held


def test_same_bytes_each_time(answer, layers):
    first, second = (report.Writing(answer, layers) for _ in range(2))
    assert first.docx() == second.docx()
    assert pdf.document(first.content) == pdf.document(second.content)
    with zipfile.ZipFile(io.BytesIO(first.docx())) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_page_is_as_the_decree_has_it(writing):
    found = docx.Document(io.BytesIO(writing.docx()))
    text, annexes = found.sections
    sides = [round(x.mm) for x in (text.left_margin, text.right_margin, text.top_margin)]
    assert sides == [30, 20, 20]
    assert (round(text.page_width.mm), round(text.page_height.mm)) == (210, 297)
    assert round(annexes.page_width.mm) == 297
    assert text.different_first_page_header_footer
    assert "PAGE" in text.header._element.xml
    assert "PAGE" not in text.first_page_header._element.xml
    assert "Times New Roman" in found.styles.element.xml
    shown = texts_of(writing.docx())
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in shown
    assert "Độc lập - Tự do - Hạnh phúc" in shown


def test_tables_fill_the_width_of_their_page(writing):
    found = docx.Document(io.BytesIO(writing.docx()))
    for table in found.tables:
        grid = [int(c.get(f"{W}w")) for c in table._tbl.tblGrid]
        wide = sum(grid) * 25.4 / 1440
        assert round(wide) in (160, 257)
        for row in table._tbl.iter(f"{W}tr"):
            assert len(row.findall(f"{W}tc")) == len(grid)


def test_columns_add_up():
    assert sum(columns((3, 5, 7, 11), 160)) == round(160 * 1440 / 25.4)


@pytest.mark.parametrize("hostile", MORE_HOSTILE)
def test_hostile_texts_show_as_typed(answer, layers, hostile, tmp_path):
    first = replace(answer.measures[-1], id="funds.total", title=Words(hostile, hostile))
    told = replace(answer, measures=(first,))
    said = texts.Texts(
        document=texts.Document(subject=hostile, recipients=(hostile,), signer=hostile),
        sections={"II.2": texts.Said(text=f"x {hostile}", proposals=hostile)},
    )
    content = build(told, layers, "vi", Paper(said))
    from ntm_gis.outputs.gates import plain as gate

    for made in (content, replace(content, words=(*content.words[:1], *content.words[1:]))):
        shown = texts_of(word.document(made, {}))
        want = gate(hostile)
        lines = [line.strip() for line in want.splitlines() if line.strip()]
        assert all(any(line.replace("\t", " ") in text.replace("\t", " ") for text in shown)
                   for line in lines)  # fmt: skip
    seen = pdfs.text(pdf.document(content))
    start = plain(gate(hostile).splitlines()[0])[:24]
    assert start.replace(" ", "") in plain(seen).replace(" ", "")


def test_no_part_leads_outside(answer, layers):
    made = report.Writing(answer, layers).docx()
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            assert b"External" not in archive.read(name), name
    template.require_safe(made)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (said_in("{{ ten_xa "), "TEMPLATE_NOT_CLOSED"),
        (said_in("{% for x in muc %}"), "TEMPLATE_NO_END"),
        (said_in("{{ khong_co }}"), "TEMPLATE_NAME_AT"),
        (said_in("{{ muc.II_99.ten }}"), "TEMPLATE_NAME_AT"),
        (said_in("{{ muc.I.noi_dung }}"), "TEMPLATE_BLOCK_AT"),
        (said_in("{{ ten_xa.__class__ }}"), "TEMPLATE_COMMAND_AT"),
        (said_in("{{ cac_muc.clear() }}"), "TEMPLATE_COMMAND_AT"),
        (said_in("{{ 9 ** 9 ** 9 }}"), "TEMPLATE_COMMAND_AT"),
        (said_in("{% for i in range(9) %}{% endfor %}"), "TEMPLATE_COMMAND_AT"),
        (said_in("{% set x = 1 %}"), "TEMPLATE_COMMAND_AT"),
        (said_in("{% include 'x' %}"), "TEMPLATE_COMMAND_AT"),
        (said_in("{{ ten_xa|pprint }}"), "TEMPLATE_COMMAND_AT"),
        (lambda p: p.update({"word/vbaProject.bin": b"x"}), "TEMPLATE_MACRO"),
        (lambda p: p.update({"word/embeddings/a.bin": b"x"}), "TEMPLATE_MACRO"),
        (lambda p: p.pop("[Content_Types].xml"), "TEMPLATE_NOT_DOCX"),
        (lambda p: p.update({"word/styles.xml": b"<broken"}), "TEMPLATE_NOT_DOCX"),
        (lambda p: p.update({"a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
         "TEMPLATE_NOT_DOCX"),
        (lambda p: p.update({"word/_rels/settings.xml.rels": (
            b'<q:Relationships xmlns:q="u"><q:Relationship Id="a" Type="x/attachedTemplate" '
            b"TargetMode='External' Target=\"http://x/y.dotm\"/></q:Relationships>")}),
         "TEMPLATE_FETCHES"),
        (lambda p: p.update({"word/document.xml": p["word/document.xml"].replace(
            b"<w:body>", b"<w:body><w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r>"
            b"<w:instrText>AUTO cmd</w:instrText></w:r></w:p>")}), "TEMPLATE_FETCHES"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_used_is_said(answer, layers, change, code):
    with pytest.raises(OutputError) as caught:
        report.Writing(answer, layers, "vi", Paper(template=rewritten(change))).docx()
    assert caught.value.code == code
    paper, findings = report.prepared(Paper(template=rewritten(change)), answer, layers)
    assert paper.template is None
    assert [f.code for f in findings] == ["REPORT_TEMPLATE_UNUSABLE"]
    assert caught.value.say("vi") in findings[0].message.vi


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 100, b"\xd0\xcf\x11\xe0" * 99])
def test_what_is_no_word_file_is_said(content, answer, layers):
    paper, findings = report.prepared(Paper(template=content), answer, layers)
    assert (paper.template, len(findings)) == (None, 1)


def test_a_template_made_to_keep_the_library_busy_is_refused_at_once(answer, layers):
    import time

    own = rewritten(said_in("{{" * 200_000))
    start = time.perf_counter()
    with pytest.raises(OutputError) as caught:
        report.Writing(answer, layers, "vi", Paper(template=own)).docx()
    assert caught.value.code == "TEMPLATE_TAG"
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("hostile", [*MORE_HOSTILE, "x" * 5_000, "ế" * 300, "\ud800a"])
def test_hostile_rows_show_as_typed(answer, layers, hostile):
    from ntm_gis.analyses.tasks import LIST
    from ntm_gis.outputs.gates import plain as gate

    task = ("N1", "II.2", "II.2", 1.0, hostile, hostile, hostile, None, hostile, None, None,
            dt.date(2026, 1, 1), 1.0, "doing", "due", hostile)  # fmt: skip
    frames = {**answer.frames, "task_list": listing(LIST, [task], "EPSG:9205")}
    told = replace(answer, frames=MappingProxyType(frames))
    writing = report.Writing(told, layers)
    shown = texts_of(writing.docx())
    first = gate(hostile).replace("\t", " ").splitlines()[0]
    assert sum(first in text for text in shown) >= 4
    assert pdf.document(writing.content)


def test_a_template_of_the_office_is_used(answer, layers):
    own = rewritten(said_in("Xã {{ ten_xa }} có {{ so_lieu[“funds.total”] }}"))
    paper, findings = report.prepared(Paper(template=own), answer, layers)
    assert [f.code for f in findings] == ["REPORT_TEMPLATE_OWN"]
    shown = texts_of(report.Writing(answer, layers, "vi", paper).docx())
    assert shown[0] == "Xã Mường Khoa có 3.900\u00a0triệu đồng (tạm tính)"


def test_footnotes_come_into_a_template_that_has_none(answer, layers):
    def change(parts):
        del parts["word/footnotes.xml"]
        for name in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
            parts[name] = re.sub(
                rb"<(Override|Relationship) [^>]*footnotes[^>]*/>", b"", parts[name]
            )

    made = report.Writing(answer, layers, "vi", Paper(template=rewritten(change))).docx()
    assert any("Số tạm tính" in text for text in texts_of(made))


def test_pictures_are_put_at_their_size(layers, answer):
    content = build(answer, layers, "vi", Paper(draw=lambda _: PNG))
    pictures = [b for s in content.sections for b in s.blocks if isinstance(b, Picture)]
    assert len(pictures) == 1
    found = docx.Document(io.BytesIO(word.document(content, {})))
    (shape,) = found.inline_shapes
    assert (round(shape.width.mm), round(shape.height.mm)) == (160, 113)
    assert pdf.document(content)


def test_a_picture_that_cannot_be_drawn_keeps_nothing_else_back(layers, answer):
    def broken(_):
        raise RuntimeError

    content = build(answer, layers, "vi", Paper(draw=broken))
    said = ["".join(s.text for s in line) for line in content.lines()]
    assert "(Chưa vẽ được bản đồ; xem thông báo ở trang đầu.)" in said


def test_texts_of_the_folder_are_read_and_kept(tmp_path, answer, layers):
    (tmp_path / "texts.toml").write_text(
        '["II.9"]\ntext = "Vận động hiến đất."\ndifficulties = "Thiếu vốn."\n', encoding="utf-8"
    )
    paper, findings = report.folder(tmp_path)
    assert findings == ()
    shown = texts_of(report.Writing(answer, layers, "vi", paper).docx())
    assert {"Vận động hiến đất.", "Khó khăn, vướng mắc:", "- Thiếu vốn."} <= set(shown)


@pytest.mark.parametrize("broken", ['["II.9"', '["II.9"]\ntext = 7\n', "\xff", '"II.9" = 3'])
def test_texts_that_cannot_be_read_are_a_finding(tmp_path, broken):
    (tmp_path / "texts.toml").write_bytes(broken.encode("latin-1"))
    paper, findings = report.folder(tmp_path)
    assert paper.texts == texts.NONE
    assert [f.code for f in findings] == ["REPORT_TEXTS_UNREAD"]


def test_the_last_period_stands_beside_a_figure(answer, layers):
    paper = Paper(previous={"funds.total": Previous("2025-Q3", 3600.0)})
    content = build(answer, layers, "vi", paper)
    said = ["".join(s.text for s in line) for line in content.lines()]
    assert any("(kỳ 2025-Q3: 3.600\u00a0triệu đồng)" in text for text in said)


def test_a_grid_whose_rows_do_not_fit_is_refused():
    with pytest.raises(ValueError, match="columns"):
        Grid("", ("a", "b"), ((),), (1, 2))


def test_the_shipped_template_is_what_the_script_makes():
    from importlib.util import module_from_spec, spec_from_file_location

    from ntm_gis import shipped

    path = shipped.path("data").parent / "scripts" / "report_template.py"
    if not path.is_file():
        pytest.skip("installed without scripts")
    spec = spec_from_file_location("report_template", path)
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    for lang in ("vi", "en"):
        made_now = zipped(made.members(lang), first="[Content_Types].xml")
        assert made_now == template.default(lang)
    assert len(template.default()) < 100_000


def test_sections_have_names_that_templates_can_write(writing):
    assert all(isinstance(section, Section) for section in writing.content.all_sections)
    keys = [section.key.replace(".", "_") for section in writing.content.sections]
    assert all(key.isidentifier() for key in keys)
