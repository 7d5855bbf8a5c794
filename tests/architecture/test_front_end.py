import re
from collections.abc import Iterator
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "app" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SHEETS = sorted((WEB / "static").glob("*.css"))
SCRIPTS = sorted(set((WEB / "static").glob("*.js")) - {WEB / "static" / "htmx.min.js"})
ICONS = {path.stem: path for path in (WEB / "templates" / "icons").glob("*.svg")}

IN_TEMPLATES = {
    "style attribute": re.compile(r"\bstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "event attribute": re.compile(r"[\s\"']on[a-z]+\s*=\s*[\"'{]"),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)"),
    "script address": re.compile(r"javascript:"),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\("),
    "script in htmx": re.compile(r"\bhx-(?:on|vals=[\"']js)"),
}
IN_SCRIPTS = {
    "markup from text": re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write"),
    "text run as code": re.compile(r"\beval\(|new Function|setTimeout\(\s*['\"]"),
    "style": re.compile(r"\.style\b|cssText"),
}
IN_SHEETS = {
    "layer": re.compile(r"@layer\b"),
    "has": re.compile(r":has\("),
    "container query": re.compile(r"@container\b|container-type"),
    "oklch": re.compile(r"oklch\("),
    "nesting by name": re.compile(r"@nest\b|&"),
    "import": re.compile(r"@import\b|url\((?!['\"]?data:)"),
}
COMMENT = re.compile(r"/\*.*?\*/", re.S)
TRANSLATED = re.compile(r"""(?:\bngettext\(|\b_\()(?:\s*,?\s*(?:'[^']*'|"[^"]*"))+""")
LANGUAGE_SWITCH = ">中文<"


def breaches(text: str, rules: dict[str, re.Pattern[str]]) -> list[str]:
    return [name for name, pattern in rules.items() if pattern.search(text)]


def depths(sheet: str) -> Iterator[int]:
    """Yield how many style rules enclose each rule; a grouping rule such as @media is none."""
    enclosing: list[bool] = []
    for opened, closed in re.findall(r"([^{};]*)(?=\{)\{|(\})", COMMENT.sub("", sheet)):
        if closed:
            enclosing.pop()
        else:
            yield sum(enclosing)
            enclosing.append(not opened.strip().startswith(("@media", "@supports")))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_template_carries_no_style_and_no_code(path: Path) -> None:
    assert breaches(path.read_text(encoding="utf-8"), IN_TEMPLATES) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_every_chinese_word_of_a_template_can_be_translated(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    bare = TRANSLATED.sub("", text).replace(LANGUAGE_SWITCH, "")
    assert re.findall(r"[一-鿿，。、；：？！（）“”]+", bare) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_makes_no_markup_from_text(path: Path) -> None:
    assert breaches(path.read_text(encoding="utf-8"), IN_SCRIPTS) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheet_is_understood_by_chromium_88(path: Path) -> None:
    sheet = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert breaches(sheet, IN_SHEETS) == []
    assert max(depths(sheet)) == 0


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('<p style="x">', IN_TEMPLATES),
        ('<p onclick="x">', IN_TEMPLATES),
        ("<script>x</script>", IN_TEMPLATES),
        ("{{ x | safe }}", IN_TEMPLATES),
        ("{% autoescape false %}", IN_TEMPLATES),
        ('<p hx-on:click="x">', IN_TEMPLATES),
        ("a.innerHTML = b", IN_SCRIPTS),
        ("a.style.top = 0", IN_SCRIPTS),
        (".a:has(b) {}", IN_SHEETS),
        ("@layer a {}", IN_SHEETS),
        ("@container (min-width: 1px) {}", IN_SHEETS),
    ],
)
def test_the_rules_see_what_they_forbid(text: str, rules: dict[str, re.Pattern[str]]) -> None:
    assert len(breaches(text, rules)) == 1


def test_nested_rule_is_seen() -> None:
    assert max(depths("@media (x) { .a { top: 0; } } .b { left: 0; .c { top: 0; } }")) == 1
    assert max(depths("@media (x) { .a { top: 0; } }")) == 0


def test_no_page_code_marks_text_as_safe() -> None:
    code = {path: path.read_text(encoding="utf-8") for path in WEB.rglob("*.py")}
    assert [path.name for path, text in code.items() if re.search(r"\bMarkup\b", text)] == []


def test_every_icon_used_exists_and_every_icon_is_used() -> None:
    sources = [*TEMPLATES, *WEB.rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = set(re.findall(r"""\bicon(?:_name)?(?:\(|=|['"]?:\s*)\s*['"]([a-z0-9-]+)['"]""", text))
    quoted = set(re.findall(r"""['"]([a-z0-9-]+)['"]""", text))
    assert named - set(ICONS) == set()
    assert set(ICONS) - quoted == set()


@pytest.mark.parametrize("name", sorted(ICONS))
def test_icon_is_hidden_from_readers_and_holds_only_shapes(name: str) -> None:
    svg = ICONS[name].read_text(encoding="utf-8")
    assert svg.startswith('<svg class="i" viewBox="0 0 24 24"')
    assert 'aria-hidden="true"' in svg
    assert set(re.findall(r"<([a-z]+)", svg)) <= {
        "svg",
        "path",
        "rect",
        "circle",
        "line",
        "polyline",
        "ellipse",
    }


def test_borrowed_files_keep_their_licences() -> None:
    assert "Zero-Clause BSD" in (WEB / "static" / "htmx.LICENSE").read_text(encoding="utf-8")
    assert "ISC License" in (WEB / "templates" / "icons" / "LICENSE").read_text(encoding="utf-8")
    assert 'version:"2.0.11"' in (WEB / "static" / "htmx.min.js").read_text(encoding="utf-8")
