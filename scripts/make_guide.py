"""Maintainers' job: write the guide's page on findings from the words of the messages.

    python3 scripts/make_guide.py           # writes docs/huong-dan/diem-can-kiem-tra.md
    python3 scripts/make_guide.py --check   # says whether the page is what it should be

`data/messages.toml` gives sentence, severity and proposal of every finding, `data/guide.toml`
what these are too short for, `data/plan_rules/` the rules of the plan review. Standard library
only. Nothing is written while a code has no place or no word on how to put it right.
"""

from __future__ import annotations

import re
import sys
import tomllib
from typing import Any

import _setup

ROOT = _setup.ROOT
PAGE = ROOT / "docs" / "huong-dan" / "diem-can-kiem-tra.md"
SEVERITIES = ("stop", "block", "warning", "note")
SLOT = re.compile(r"\{\w*(?::\d+)?\}")
# What follows a sentence where there is something to add; not part of what it says.
TAIL = re.compile(r"\s*\{(?:note|hint|others)\}$")
DOTS = "…"
# A sentence that opens with a value opens with what the value is.
OPENING = {"{file}": "Tệp", "'{title}'": "Cột", "{figure}": "Số liệu"}

HEAD = """# Điểm cần kiểm tra: nghĩa là gì, sửa thế nào

*In English: every finding the program can report, in the order of the work: its sentence, how
grave it is, which figures it touches and how to put it right. This page is made by
`scripts/make_guide.py`; words are changed in `data/messages.toml` and `data/guide.toml`.*

Trang này giải thích {n} loại điểm mà chương trình có thể nêu. Chương trình **không tự sửa** số liệu
nào: mỗi điểm chỉ nói tệp nào, dòng nào, vì sao và đề nghị làm gì. Cách sửa mà không động vào tệp
gốc xem ở [Sửa số liệu](sua-so-lieu.md).

**Cách tra.** Bấm Ctrl+F rồi gõ vài chữ liền nhau trong câu thông báo anh/chị đang thấy, không gõ
tên và con số. Ở đây tên, mã, con số được thay bằng dấu “…”.

## Bốn mức

| mức | nghĩa là | số loại |
| --- | --- | --- |
{severities}

Điểm ở hai mức đầu làm số liệu liên quan thành **(tạm tính)**: vẫn in ra, kèm chú thích, nhưng chưa
dùng làm số liệu chính thức. Nên sửa từ trên xuống: tệp không mở được, rồi ranh giới và hệ tọa độ,
rồi các dòng trùng mã; nhiều điểm phía dưới sẽ tự hết.

## Mục lục

{contents}
"""

RULES = """## Quy tắc rà soát quy hoạch (QH01 – {last}) <a id="quy-tac-quy-hoach"></a>

Số hiệu của mỗi điểm về quy hoạch gồm quy tắc và số thứ tự: **QH07-1** là điểm thứ nhất của quy tắc
QH07. Số hiệu ấy giống nhau trên bản đồ, trong biên bản và trong bảng Excel. Căn cứ của từng quy tắc
và tình trạng văn bản (đã đọc, dẫn theo nguồn, chưa đối chiếu) in trong biên bản rà soát.

| quy tắc | nội dung | phải như thế nào | mức |
| --- | --- | --- | --- |
{rules}
"""


def load(*parts: str) -> dict[str, Any]:
    """Read a TOML file of the checkout."""
    return tomllib.loads(ROOT.joinpath(*parts).read_text(encoding="utf-8"))


def findings() -> dict[str, dict[str, Any]]:
    """Return the messages that are findings: those with a severity."""
    return {code: m for code, m in load("data", "messages.toml").items() if "severity" in m}


def marked(text: str) -> str:
    r"""Keep letters that Markdown would take for its own.

    >>> print(marked("files = phieu_ban/*.xlsx"))
    files = phieu\_ban/\*.xlsx
    """
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


def readable(template: str) -> str:
    """Write a message as one reads it without its values.

    >>> readable("{pin}: {ha:2} ha chưa có quy hoạch.{note}")
    '… ha chưa có quy hoạch.'
    >>> readable("{file}: đường {feature} dài {metres:0} m, thiếu {lacking}.")
    'Tệp …: đường … dài … m, thiếu …'
    """
    text = TAIL.sub("", template.removeprefix("{pin}: ")).strip()
    for slot, word in OPENING.items():
        text = f"{word} {text}" if text.startswith(slot) else text
    text = re.sub(rf"{DOTS}(?:, {DOTS})+", DOTS, SLOT.sub(DOTS, text))
    text = re.sub(rf"{DOTS}\.$", DOTS, text)
    return text[:1].upper() + text[1:]


def group_of(code: str, groups: list[dict[str, Any]]) -> str | None:
    """Return the id of the group that a code belongs to: listed there, or the longest prefix."""
    for group in groups:
        if code in group.get("codes", ()):
            return str(group["id"])
    fitting = [
        (len(prefix), str(group["id"]))
        for group in groups
        for prefix in group.get("prefixes", ())
        if code.startswith(prefix)
    ]
    return max(fitting)[1] if fitting else None


def proposal(message: dict[str, Any], said: dict[str, str]) -> str:
    """Return how a finding is put right: the message's own words, then those of the guide."""
    own = readable(message["repair"]["vi"]) if "repair" in message else ""
    kept = [part for part in (own, said.get("how", "")) if part.strip(f"{DOTS}. ")]
    return " ".join(kept)


def faults(messages: dict[str, dict[str, Any]], guide: dict[str, Any]) -> list[str]:
    """Say what is missing or left over before a page can be made."""
    groups, said = guide["group"], guide["say"]
    listed = [code for group in groups for code in group.get("codes", ())]
    out = [
        f"{code}: no group in data/guide.toml" for code in messages if not group_of(code, groups)
    ]
    out += [
        f"{code}: no proposal in data/messages.toml and no `how` in data/guide.toml"
        for code, message in messages.items()
        if not proposal(message, said.get(code, {}))
    ]
    out += [f"{code}: in data/guide.toml, but no finding" for code in said if code not in messages]
    out += [f"{code}: listed, but no finding" for code in listed if code not in messages]
    out += [f"{code}: listed twice" for code in sorted({c for c in listed if listed.count(c) > 1})]
    return out


def entry(
    code: str, message: dict[str, Any], said: dict[str, str], touches: str, grade: str
) -> str:
    """Write one finding."""
    lines = [f'<a id="{code.lower()}"></a>**{marked(readable(message["vi"]))}**', ""]
    if "means" in said:
        lines.append(f"- Nghĩa là: {marked(said['means'])}")
    lines.append(f"- Ảnh hưởng đến: {marked(said.get('touches', touches))}")
    lines.append(f"- Cách sửa: {marked(proposal(message, said))}")
    lines.append(f"- Mức: {grade} · mã `{code}`")
    return "\n".join(lines)


def rules() -> str:
    """Write the table of the plan review's rules."""
    grades = load("data", "terms.toml")["severity"]
    cards = [
        load(*path.relative_to(ROOT).parts)
        for path in sorted((ROOT / "data" / "plan_rules" / "national").glob("QH*.toml"))
    ]
    rows = [
        f"| {card['id']} | {marked(card['title']['vi'])} | {marked(card['says']['vi'])} "
        f"| {grades[card['severity']]['vi']} |"
        for card in cards
    ]
    return RULES.format(last=cards[-1]["id"], rules="\n".join(rows))


def page() -> str:
    """Return the whole page.

    Raises
    ------
    SystemExit
        A code has no group, no proposal, or is not a finding.
    """
    messages, guide, terms = findings(), load("data", "guide.toml"), load("data", "terms.toml")
    if wrong := faults(messages, guide):
        sys.exit("\n".join(wrong))
    grades = {name: terms["severity"][name]["vi"] for name in SEVERITIES}
    counts = {
        name: sum(message["severity"] == name for message in messages.values())
        for name in SEVERITIES
    }
    meanings = "\n".join(
        f"| **{grades[name]}** | {terms['severity_meaning'][name]['vi']} | {counts[name]} |"
        for name in SEVERITIES
    )
    parts, contents = [], []
    for group in guide["group"]:
        codes = [code for code in messages if group_of(code, guide["group"]) == group["id"]]
        codes.sort(key=lambda code: SEVERITIES.index(messages[code]["severity"]))
        contents.append(f"- [{group['title']}](#{group['id']}) ({len(codes)})")
        parts.append(
            f'## {group["title"]} <a id="{group["id"]}"></a>\n\n{marked(group["opens"])}\n\n'
            + "\n\n".join(
                entry(
                    code,
                    messages[code],
                    guide["say"].get(code, {}),
                    group["touches"],
                    grades[messages[code]["severity"]],
                )
                for code in codes
            )
            + "\n"
        )
    contents.append("- [Quy tắc rà soát quy hoạch](#quy-tac-quy-hoach)")
    head = HEAD.format(n=len(messages), severities=meanings, contents="\n".join(contents))
    return "\n".join([head, *parts, rules()])


def main() -> int:
    """Write the page, or check it."""
    text = page()
    if "--check" in sys.argv[1:]:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
        _setup.say("up to date" if same else f"stale: run scripts/make_guide.py ({PAGE.name})")
        return 0 if same else 1
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    _setup.say(f"{PAGE.relative_to(ROOT)}: {len(text.encode()) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
