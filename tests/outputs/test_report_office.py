"""The report as an office handles it: a template edited in Word, texts typed in Notepad, no data."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from types import MappingProxyType

import docx
import pytest

from ntm_gis.errors import OutputError
from ntm_gis.outputs import report
from ntm_gis.outputs.files import zipped
from ntm_gis.outputs.report import kept, pdf, tags, template, texts
from ntm_gis.outputs.report.build import Paper, build
from ntm_gis.outputs.report.model import Grid
from tests.outputs import pdfs
from tests.outputs.test_report import plain, rewritten, texts_of

DOCUMENT = "word/document.xml"
SPLIT = (
    '</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:lang w:val="en-US"/></w:rPr><w:t>'
)


def edited(before: str, after: str) -> bytes:
    """Return the template with one place of its text changed, as typing in Word changes it."""

    def change(parts):
        said = parts[DOCUMENT].decode()
        assert before in said
        parts[DOCUMENT] = said.replace(before, after, 1).encode()

    return rewritten(change)


def said_of(content: bytes) -> str:
    return "\n".join(texts_of(content))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{ ten_xa }}", f"{{{{ ten{SPLIT}_xa{SPLIT} }}}}"),
        ("{{ trich_yeu }}", f"{{{SPLIT}{{ trich_yeu }}{SPLIT}}}"),
        ("{{p muc.II_1.noi_dung }}", f"{{{{p muc.II_{SPLIT}1.noi_dung }}}}"),
        ("{{ mo_dau }}", "{{ so_lieu[“funds.total”] }}"),
        ("{{ mo_dau }}", "{{\u00a0mo_dau\u00a0}}"),
        ("{{ mo_dau }}", "{# lời nhắc #}{{ mo_dau }}"),
        ("{{ mo_dau }}", "Tỉnh {{ ten_tinh|upper }}"),
    ],
)
def test_what_word_does_to_a_tag_does_no_harm(answer, layers, before, after):
    paper = Paper(template=edited(before, after))
    used, findings = report.prepared(paper, answer, layers)
    assert used.template is not None
    assert [f.code for f in findings] == ["REPORT_TEMPLATE_OWN"]
    shown = said_of(report.Writing(answer, layers, "vi", used).docx())
    assert not re.search(r"\{\{|\}\}|\{%|%\}", shown)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{{ mo_dau }}", "{{ mo_dau", ("đoạn “{{ mo_dau”", "thêm }}")),
        ("{{ mo_dau }}", "{{ mo_dau }", ("“{{ mo_dau }”", "thêm }}")),
        ("{{ mo_dau }}", "mo_dau }}", ("“mo_dau }}”", "thêm {{")),
        ("{{ ten_xa }}", "{{ tên_xã }}", ("“tên_xã”", "“ten_xa”")),
        ("{{ ten_xa }}", "{{ Ten_xa }}", ("“Ten_xa”", "“ten_xa”")),
        ("{{ muc.II_1.ten }}", "{{ muc.II.1.ten }}", ("“muc.II_1”",)),
        ("{{ mo_dau }}", '{{ so_lieu["funds.totel"] }}', ("“funds.total”",)),
        ("{{ mo_dau }}", "{{ khong_he_co }}", ("khong_he_co", "mo_dau, muc")),
        ("{%p endfor %}", "", ("{%p for noi in noi_nhan %}", "{%p endfor %}")),
        ("{%p for noi in noi_nhan %}", "", ("{%p for noi in noi_nhan %}", "{{ noi }}")),
        ("{%p endif %}", "", ("{%p if minh_hoa %}", "{%p endif %}")),
        ("{%p if minh_hoa %}", "", ("{%p endif %}", "{%p if")),
        ("{%p if minh_hoa %}", "{%p If minh_hoa %}", ("If minh_hoa", "không được phép")),
        ("{{p muc.IV.noi_dung }}", "Kết quả: {{p muc.IV.noi_dung }}", ("một mình trong đoạn",)),
        ("{{p muc.IV.noi_dung }}", "{{ p muc.IV.noi_dung }}", ("{{p muc.IV.noi_dung }}",)),
        ("{{p muc.IV.noi_dung }}", "{{pmuc.IV.noi_dung}}", ("{{p muc.IV.noi_dung }}",)),
        ("{{ mo_dau }}", "{{ mo–dau }}", ("không đọc được",)),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_the_next_step(answer, layers, before, after, said):
    used, (found,) = report.prepared(Paper(template=edited(before, after)), answer, layers)
    assert used.template is None
    told = found.message.vi
    assert all(part in told for part in said), told
    assert "Ở " in told
    # The words of the template library are no words for an official.
    assert not re.search(r"undefined|expected|token|object|block|Jinja|Unexpected", told)


def test_a_fault_in_the_page_head_says_so(answer, layers):
    def change(parts):
        head = parts["word/header1.xml"]
        parts["word/header1.xml"] = head.replace(b"<w:t>2</w:t>", b"<w:t>{{ la }}</w:t>")

    _, (found,) = report.prepared(Paper(template=rewritten(change)), answer, layers)
    assert "đầu trang, đoạn “{{ la }}”" in found.message.vi


def test_a_section_taken_out_of_the_template_is_told(answer, layers):
    used, findings = report.prepared(
        Paper(template=edited("{{p muc.II_1.noi_dung }}", "")), answer, layers
    )
    assert used.template is not None
    assert {f.code for f in findings} == {"REPORT_TEMPLATE_OWN", "REPORT_TEMPLATE_LACKS"}
    assert any("II.1" in f.message.vi for f in findings)
    assert tags.lacking(template.default(), ("I", "II.1", "II.11", "V")) == ()


def test_every_tag_of_our_own_template_is_sound(answer, layers):
    words = dict(build(answer, layers).words)
    sections = {"ten": "", "noi_dung": ""}
    keys = [s.key.replace(".", "_") for s in build(answer, layers).sections]
    context = {**words, "muc": dict.fromkeys(keys, sections), "phu_luc": [], "so_lieu": {}}
    for lang in ("vi", "en"):
        tags.require_sound(template.default(lang), context)
    with pytest.raises(OutputError):
        tags.require_sound(edited("{{ ten_xa }}", "{{ ten_xam }}"), context)


def saved_by_word(content: bytes) -> bytes:
    """Return a document as Word saves it: members in an order of its own, all of 1980."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as archive:
        names = sorted(source.namelist(), key=lambda name: (name != kept.CONTENT_TYPES, name[::-1]))
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), source.read(name))
    return out.getvalue()


def test_what_was_typed_into_the_last_report_is_kept(answer, layers, tmp_path):
    out = tmp_path / "out"
    writing = report.Writing(answer, layers)
    path = writing.write(out)
    assert kept.edited(path) is None
    assert report.folder(tmp_path)[1] == ()
    changed = saved_by_word(path.read_bytes())
    path.write_bytes(changed)
    (found,) = report.folder(tmp_path)[1]
    assert (found.code, "report-da-sua.docx" in found.message.vi) == ("REPORT_KEPT", True)
    writing.write(out)
    assert (out / "report-da-sua.docx").read_bytes() == changed
    assert path.read_bytes() == writing.docx()
    path.write_bytes(changed)
    writing.write(out)
    assert (out / "report-da-sua-2.docx").read_bytes() == changed
    assert sorted(p.name for p in out.iterdir()) == [
        "report-da-sua-2.docx", "report-da-sua.docx", "report.docx",
    ]  # fmt: skip


def test_what_is_no_document_is_written_over(answer, layers, tmp_path):
    (tmp_path / "report.docx").write_bytes(b"")
    report.Writing(answer, layers).write(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["report.docx"]


@pytest.mark.parametrize(
    ("typed", "key"),
    [("[II.2]", "II.2"), ('["ii.2"]', "II.2"), ('["II_2 "]', "II.2"), ("[IV]", "IV")],
)
def test_heads_are_taken_as_people_write_them(tmp_path, typed, key):
    (tmp_path / "texts.toml").write_text(f'{typed}\ntext = "Đã làm."\n', encoding="utf-8-sig")
    found, findings = texts.read(tmp_path)
    assert findings == ()
    assert found.of(key).text == "Đã làm."


def test_one_wrong_word_does_not_lose_the_other_texts(tmp_path):
    (tmp_path / "texts.toml").write_text(
        '["II.2"]\ntext = "a"\nkhokhan = "b"\ndifficulties = ["c", "d"]\n["II.22"]\ntext = "e"\n',
        encoding="utf-8",
    )
    found, findings = texts.read(tmp_path)
    assert found.of("II.2").text == "a"
    assert texts.paragraphs(found.of("II.2").difficulties) == ["c", "d"]
    assert {f.code for f in findings} == {"REPORT_TEXTS_SECTION", "REPORT_TEXTS_FIELD"}
    assert any("khokhan" in f.message.vi for f in findings)
    assert any("II.22" in f.message.vi for f in findings)


def test_a_commune_without_data_is_told_head_by_head(answer, layers):
    bare = replace(answer, measures=(), findings=(), frames=MappingProxyType({}))
    said = texts.Texts(sections={"II.5": texts.Said(lead="Trạm Y tế xã")})
    told = build(bare, layers, "vi", Paper(said))
    for section in told.sections:
        if section.key == "II":
            continue
        words = "".join(s.text for b in section.blocks for s in getattr(b, "spans", ()))
        lead = "Trạm Y tế xã" if section.key == "II.5" else "chưa ghi ở biểu nhiệm vụ"
        assert f"Chưa có số liệu; đơn vị chủ trì: {lead}." in words, section.key
        assert "……" not in words
    assert not any(isinstance(b, Grid) and not b.rows for s in told.annexes for b in s.blocks)
    (last,) = [s for s in told.annexes if s.key == "06"]
    assert "Không có điểm nào cần kiểm tra." in "".join(s.text for s in last.blocks[0].spans)
    third = next(s for s in told.sections if s.key == "III")
    assert "chưa có số liệu nên chưa kèm" in third.blocks[-1].spans[0].text


def test_a_note_is_never_taken_for_a_digit(answer, layers):
    """A raised number stands in brackets: "13" and note 1 must not read as 131."""
    made = docx.Document(io.BytesIO(report.Writing(answer, layers).docx()))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    references = list(made.element.iter(f"{space}footnoteReference"))
    assert references
    for reference in references:
        paragraph = next(reference.iterancestors(f"{space}p"))
        shown = "".join(
            "#" if e.tag.endswith("footnoteReference") else e.text or ""
            for e in paragraph.iter(f"{space}t", f"{space}footnoteReference")
        )
        assert "[#]" in shown
    assert re.search(r"\[\d+\]", pdfs.text(pdf.document(report.Writing(answer, layers).content)))


def test_the_english_report_has_no_vietnamese_block_of_ours(answer, layers):
    made = report.Writing(answer, layers, "en")
    shown = plain(said_of(made.docx()))
    paper = plain(pdfs.text(pdf.document(made.content)))
    for text in (shown, paper):
        assert "SOCIALIST REPUBLIC OF VIET NAM" in text
        assert "Independence - Freedom - Happiness" in text
        for words in ("CỘNG HÒA", "BÁO CÁO", "CHỦ TỊCH", "Nơi nhận", "DỰ THẢO", "Kèm theo"):
            assert words not in text
    language = docx.Document(io.BytesIO(made.docx())).styles.element
    assert 'w:val="en-GB"' in language.xml


def test_each_annex_says_which_report_it_goes_with(answer, layers):
    made = report.Writing(answer, layers)
    annexes = len(made.content.annexes)
    assert annexes
    for text in (said_of(made.docx()), plain(pdfs.text(pdf.document(made.content)))):
        assert len(re.findall(r"Kèm theo Báo cáo số", text)) == annexes


def test_lines_of_the_head_are_as_long_as_the_decree_has_them():
    """A third to a half of the body's name; all of the motto."""
    # Bold Times, 12 and 13 pt, measured on a page that LibreOffice set.
    body, motto = 39.8, 56.1
    found = docx.Document(io.BytesIO(template.default()))
    left, right = found.tables[0].rows[0].cells
    lines = []
    for cell, across in ((left, 66.0), (right, 94.0)):
        (drawn,) = [p for p in cell.paragraphs if "w:pBdr" in p._p.xml]
        form = drawn.paragraph_format
        # The cell itself keeps 1.5 mm free on each side.
        lines.append(across - 3.0 - form.left_indent.mm - form.right_indent.mm)
    assert body / 3 <= lines[0] <= body / 2
    assert lines[1] == pytest.approx(motto, rel=0.03)


def test_a_template_saved_anew_is_still_our_own(tmp_path):
    (tmp_path / "templates").mkdir()
    for lang in ("vi", "en"):
        (tmp_path / "templates" / "report.docx").write_bytes(template.default(lang))
        assert report.folder(tmp_path)[0].template is None
    other = zipped({"a": b"1"})
    (tmp_path / "templates" / "report.docx").write_bytes(other)
    assert report.folder(tmp_path)[0].template == other


def test_a_subject_too_long_for_a_property_is_no_fault(answer, layers):
    said = texts.Texts(document=texts.Document(subject="Kết quả " * 60))
    made = report.Writing(answer, layers, "vi", Paper(said)).docx()
    assert len(docx.Document(io.BytesIO(made)).core_properties.title) <= 255
    assert "Kết quả " * 59 in said_of(made)


def test_copies_of_earlier_templates_are_still_our_own(tmp_path, monkeypatch):
    import hashlib

    old = zipped({"a": b"1"})
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "report.docx").write_bytes(old)
    assert report.folder(tmp_path)[0].template == old
    monkeypatch.setattr(template, "_EARLIER", frozenset({hashlib.sha256(old).hexdigest()}))
    assert report.folder(tmp_path)[0].template is None
