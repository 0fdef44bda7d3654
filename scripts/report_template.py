"""Make data/report/report.docx, the Word template that a commune's report starts from.

Beside it report_en.docx, the same with its fixed words in English.

A maintainers' job: run it after changing what stands here, and commit the file. Layout by Nghị
định 30/2020/NĐ-CP, Annex I: A4, margins 20/20/30/20 mm, Times New Roman, page numbers centred in
the top margin and not on page 1. The annexes stand on A4 laid across. The same bytes each time.
"""

from __future__ import annotations

from pathlib import Path

from ntm_gis.outputs.files import atomic_write, zipped
from ntm_gis.results import LANGUAGES
from ntm_gis.rules.terms import say

HOME = Path(__file__).resolve().parent.parent
TARGETS = {
    lang: HOME / "data" / "report" / name
    for lang, name in zip(LANGUAGES, ("report.docx", "report_en.docx"), strict=True)
}
TAGS = {"vi": "vi-VN", "en": "en-GB"}

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
FONT = "Times New Roman"

SECTIONS = ("I", "II", *(f"II_{n}" for n in range(1, 12)), "III", "IV", "V")


def twips(mm: float) -> int:
    """Return millimetres in twentieths of a point."""
    return round(mm * 1440 / 25.4)


def style(
    name: str, title: str, paragraph: str = "", run: str = "", *, based: str = "Normal",
    kind: str = "paragraph",
) -> str:  # fmt: skip
    """Return one style."""
    rest = f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
    rest += f"<w:rPr>{run}</w:rPr>" if run else ""
    on = f'<w:basedOn w:val="{based}"/>' if based and kind == "paragraph" else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{title}"/>{on}'
        f"<w:qFormat/>{rest}</w:style>"
    )


def spacing(before: float, after: float, line: int = 264) -> str:
    """Return the space before and after a paragraph in points, and between its lines."""
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" '
        f'w:line="{line}" w:lineRule="auto"/>'
    )


def size(points: float) -> str:
    """Return a size of letters."""
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def styles(lang: str) -> str:
    """Return styles.xml."""
    bold, italic = "<w:b/><w:bCs/>", "<w:i/><w:iCs/>"
    first = f'<w:ind w:firstLine="{twips(12.7)}"/>'
    both = '<w:jc w:val="both"/>'
    keep = "<w:keepNext/>"
    none = spacing(0, 0, 240)
    return (
        f"{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
        f'{size(14)}<w:lang w:val="{TAGS[lang]}" w:eastAsia="{TAGS[lang]}" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
        + style("Heading1", "heading 1", f'{keep}{spacing(12, 6)}{first}<w:outlineLvl w:val="0"/>',
                bold)
        + style("Heading2", "heading 2", f'{keep}{spacing(8, 6)}{first}<w:outlineLvl w:val="1"/>',
                bold)
        + style("NtmAnnex", "NTM Biểu",
                f'<w:keepNext/><w:pageBreakBefore/>{spacing(0, 0)}<w:jc w:val="center"/>'
                '<w:outlineLvl w:val="0"/>', bold)
        + style("NtmBody", "NTM Đoạn văn", f"{spacing(0, 6)}{first}{both}")
        + style("NtmItem", "NTM Gạch đầu dòng", f"{spacing(0, 6)}{first}{both}")
        + style("NtmLead", "NTM Tiểu mục", f"{keep}{spacing(6, 6)}{first}", bold)
        + style("NtmRemark", "NTM Ghi chú", f"{spacing(0, 6)}{first}{both}", italic)
        + style("NtmCaption", "NTM Tên bảng",
                f'{keep}{spacing(8, 4, 240)}<w:jc w:val="center"/>', bold + size(13))
        + style("NtmHead", "NTM Đầu bảng", f'{none}<w:jc w:val="center"/>', bold + size(11))
        + style("NtmCell", "NTM Ô bảng", none, size(11))
        + style("NtmAfter", "NTM Sau bảng", none, size(6))
        + style("NtmCentre", "NTM Giữa", f'{none}<w:jc w:val="center"/>', size(13))
        + style("NtmSmall", "NTM Nơi nhận", none, size(11))
        + style("FootnoteText", "footnote text", f"{none}{both}", size(10))
        + style("FootnoteReference", "footnote reference", "",
                '<w:vertAlign w:val="superscript"/>', kind="character")
        + style("Header", "header", f'{none}<w:jc w:val="center"/>', size(13))
        + "</w:styles>"
    )  # fmt: skip


def run(text: str, inside: str = "") -> str:
    """Return a run of text."""
    rest = f"<w:rPr>{inside}</w:rPr>" if inside else ""
    return f'<w:r>{rest}<w:t xml:space="preserve">{text}</w:t></w:r>'


def para(text: str, name: str, inside: str = "", more: str = "") -> str:
    """Return a paragraph of a style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{name}"/>{more}</w:pPr>{run(text, inside)}</w:p>'


def rule(left: float, right: float) -> str:
    """Return a short line: the lower border of an empty paragraph, drawn in by millimetres."""
    return (
        '<w:p><w:pPr><w:pStyle w:val="NtmAfter"/><w:pBdr><w:bottom w:val="single" w:sz="6" '
        f'w:space="1" w:color="auto"/></w:pBdr><w:ind w:left="{twips(left)}" '
        f'w:right="{twips(right)}"/></w:pPr><w:r><w:rPr>{size(2)}</w:rPr><w:t></w:t></w:r></w:p>'
    )


def table(widths: tuple[float, ...], cells: tuple[str, ...]) -> str:
    """Return a row of cells without lines."""
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    row = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for width, cell in zip(widths, cells, strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(sum(widths))}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr></w:tbl>"
    )


def section(*, wide: bool, last: bool) -> str:
    """Return the page of a section: upright for the text, laid across for the annexes."""
    page = f'<w:pgSz w:w="{twips(210)}" w:h="{twips(297)}"/>'
    if wide:
        page = f'<w:pgSz w:w="{twips(297)}" w:h="{twips(210)}" w:orient="landscape"/>'
    top, left = (20, 20) if wide else (20, 30)
    inside = (
        '<w:headerReference w:type="default" r:id="rId3"/>'
        '<w:headerReference w:type="first" r:id="rId4"/>'
        f'{page}<w:pgMar w:top="{twips(top)}" w:right="{twips(20)}" w:bottom="{twips(20)}" '
        f'w:left="{twips(left)}" w:header="{twips(10)}" w:footer="{twips(10)}" w:gutter="0"/>'
        + ("" if wide else "<w:titlePg/>")
    )
    properties = f"<w:sectPr>{inside}</w:sectPr>"
    after = f'<w:p><w:pPr><w:pStyle w:val="NtmAfter"/>{properties}</w:pPr></w:p>'
    return properties if last else after


def fixed(key: str, lang: str, /, **params: object) -> str:
    """Return words that every report has."""
    return say(f"report_doc.fixed_{key}", lang, **params)


def day(lang: str) -> str:
    """Return the words of a day that is still to be filled in."""
    words = (fixed(key, lang) for key in ("day", "month", "year"))
    return "".join(f"{word}       " for word in words)


def top(lang: str) -> str:
    """Return the block above the title: who issues, the name of the state, number, day."""
    bold = "<w:b/><w:bCs/>"
    commune = fixed("commune", lang, name="{{ TEN_XA }}")
    number = f"{fixed('number', lang)}          {fixed('code', lang)}"
    # Lines as the decree has them: a third to a half of the words above, and all of the motto.
    left = (
        para(fixed("committee", lang), "NtmCentre", bold + size(12))
        + para(commune, "NtmCentre", bold + size(12))
        + rule(23, 23)
        + para(number, "NtmCentre", "", spacing(6, 0, 240))
        + para(fixed("draft", lang), "NtmCentre", bold, spacing(4, 0, 240))
    )
    right = (
        para(fixed("state", lang), "NtmCentre", bold + size(12))
        + para(fixed("motto", lang), "NtmCentre", bold + size(13))
        + rule(17.5, 17.5)
        + para(f"{{{{ ten_xa }}}}, {day(lang)}", "NtmCentre", "<w:i/><w:iCs/>", spacing(6, 0, 240))
    )
    return table((66, 94), (left, right))


def bottom(lang: str) -> str:
    """Return the block at the end: to whom the report goes, and who signs."""
    bold, italic = "<w:b/><w:bCs/>", "<w:i/><w:iCs/>"
    left = (
        para(fixed("recipients", lang), "NtmSmall", bold + italic + size(12))
        + para("{%p for noi in noi_nhan %}", "NtmSmall")
        + para("- {{ noi }}{{ ';' if not loop.last else '.' }}", "NtmSmall")
        + para("{%p endfor %}", "NtmSmall")
    )
    right = (
        para(fixed("for", lang), "NtmCentre", bold)
        + para(fixed("signs", lang), "NtmCentre", bold)
        + "".join(para("", "NtmCentre") for _ in range(5))
        + para("{{ nguoi_ky }}", "NtmCentre", bold)
    )
    return table((86, 74), (left, right))


def body(lang: str) -> str:
    """Return document.xml."""
    bold = "<w:b/><w:bCs/>"
    goes_with = (
        f"({fixed('goes_with', lang)}       {fixed('code', lang)} "
        f"{day(lang)}{fixed('of', lang, name='{{ ten_xa }}')})"
    )
    parts = [
        top(lang),
        para("", "NtmAfter"),
        para(fixed("kind", lang), "NtmCentre", bold + size(14), spacing(10, 0, 240)),
        para("{{ trich_yeu }}", "NtmCentre", bold + size(14)),
        rule(50, 50),
        para("", "NtmAfter"),
        para("{%p if minh_hoa %}", "NtmBody"),
        para("{{ minh_hoa }}", "NtmRemark"),
        para("{%p endif %}", "NtmBody"),
        para("{{ mo_dau }}", "NtmBody"),
        para("{{ ghi_chu }} {{ ma_kiem_tra }}", "NtmRemark"),
    ]
    for key in SECTIONS:
        name = "Heading2" if "_" in key else "Heading1"
        parts += [
            para(f"{{{{ muc.{key}.ten }}}}", name),
            para(f"{{{{p muc.{key}.noi_dung }}}}", "NtmBody"),
        ]
    parts += [
        para("", "NtmAfter"), bottom(lang), section(wide=False, last=False),
        para("{%p for bieu in phu_luc %}", "NtmBody"),
        para("{{ bieu.ten }}", "NtmAnnex"),
        para(goes_with, "NtmCentre", "<w:i/><w:iCs/>", f"<w:keepNext/>{spacing(0, 6, 240)}"),
        para("{{p bieu.noi_dung }}", "NtmBody"),
        para("{%p endfor %}", "NtmBody"),
        section(wide=True, last=True),
    ]  # fmt: skip
    return f"{HEAD}<w:document {W} {R}><w:body>{''.join(parts)}</w:body></w:document>"


def header(*, number: bool) -> str:
    """Return the header of a page: its number, or nothing on the first."""
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    inside = field if number else ""
    return f'{HEAD}<w:hdr {W}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{inside}</w:p></w:hdr>'


def footnotes() -> str:
    """Return footnotes.xml with its two separators alone."""
    first = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p>'
    second = '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r>'
    return (
        f"{HEAD}<w:footnotes {W}>{first}</w:footnote>{second}<w:continuationSeparator/></w:r></w:p>"
        "</w:footnote></w:footnotes>"
    )


def relations(rows: tuple[tuple[str, str, str], ...]) -> str:
    """Return a part of relations."""
    inside = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
        for name, kind, target in rows
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def members(lang: str) -> dict[str, bytes]:
    """Return the parts of the template."""
    kinds = {
        "/word/document.xml": "document.main", "/word/styles.xml": "styles",
        "/word/settings.xml": "settings", "/word/footnotes.xml": "footnotes",
        "/word/header1.xml": "header", "/word/header2.xml": "header",
    }  # fmt: skip
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{WORD}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    types = (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'{overrides}<Override PartName="/docProps/core.xml" ContentType='
        '"application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{{ trich_yeu }}</dc:title>'
        "</cp:coreProperties>"
    )
    settings = (
        f'{HEAD}<w:settings {W}><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/>'
        '</w:footnotePr><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    )
    texts = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations((
            ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
            ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        )),
        "docProps/core.xml": core,
        "word/document.xml": body(lang),
        "word/styles.xml": styles(lang),
        "word/settings.xml": settings,
        "word/footnotes.xml": footnotes(),
        "word/header1.xml": header(number=True),
        "word/header2.xml": header(number=False),
        "word/_rels/document.xml.rels": relations((
            ("rId1", f"{OFFICE}/styles", "styles.xml"),
            ("rId2", f"{OFFICE}/settings", "settings.xml"),
            ("rId3", f"{OFFICE}/header", "header1.xml"),
            ("rId4", f"{OFFICE}/header", "header2.xml"),
            ("rId5", f"{OFFICE}/footnotes", "footnotes.xml"),
        )),
    }  # fmt: skip
    return {name: text.encode("utf-8") for name, text in texts.items()}


def main() -> None:
    """Write the templates."""
    for lang, target in TARGETS.items():
        atomic_write(target, zipped(members(lang), first="[Content_Types].xml"))


if __name__ == "__main__":
    main()
