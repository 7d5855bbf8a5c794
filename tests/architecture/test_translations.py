import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

APP = Path(__file__).parents[2] / "app"
ENGLISH = APP / "translations" / "en" / "LC_MESSAGES"

MARKERS = {"_", "gettext", "ngettext", "lazy_gettext"}
MARKED = re.compile(r"""\b(?:_|ngettext)\(\s*('[^']*'|"[^"]*")""")
# Dates, lengths and what stands in for a name are written in both languages there.
BOTH_LANGUAGES = {"errors.py", "formatting.py", "layout.py"}
FACT = re.compile(r"%\((\w+)\)s")
CHINESE = re.compile(r"[一-鿿。，：；？！（）]")


def english() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as source:
        return read_po(source)


def texts() -> Iterator[str]:
    """Yield every text of a page that is marked for translation, templates and code alike."""
    for path in (APP / "web" / "templates").rglob("*.html"):
        yield from (match[1][1:-1] for match in MARKED.finditer(path.read_text(encoding="utf-8")))
    for path in (APP / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name(name), [ast.Constant(str(text)), *_]) if name in MARKERS:
                    yield text


def unmarked(path: Path) -> Iterator[str]:
    """Yield the Chinese constants of a module that stand in no call of a marker."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    marked = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name(name), given) if name in MARKERS:
                marked |= {id(part) for each in given for part in ast.walk(each)}
            case ast.Expr(ast.Constant() as docstring):
                marked.add(id(docstring))
    for node in ast.walk(tree):
        match node:
            case ast.Constant(str(text)) if id(node) not in marked and CHINESE.search(text):
                yield text


def forms(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Answer the forms of a message, one or two, and those of its translation."""
    if isinstance(message.id, str):
        return (message.id,), (str(message.string or ""),)
    return tuple(message.id), tuple(message.string or ("", ""))


def test_every_chinese_word_of_code_can_be_translated() -> None:
    modules = [path for path in (APP / "web").rglob("*.py") if path.name not in BOTH_LANGUAGES]
    assert {path.name: found for path in modules if (found := list(unmarked(path)))} == {}


def test_every_text_of_a_page_is_said_in_english() -> None:
    marked = set(texts())
    assert len(marked) > 2500
    said = {
        forms(message)[0][0]
        for message in english()
        if all(forms(message)[1]) and not message.fuzzy
    }
    assert sorted(marked - said) == []


def test_english_loses_no_fact_and_holds_no_chinese() -> None:
    faults = []
    for message in english():
        if not message.id:
            continue
        for text, said in zip(*forms(message), strict=True):
            differing = set(FACT.findall(text)) ^ set(FACT.findall(said))
            if message.pluralizable and said == forms(message)[1][0]:
                # One may be said without its number.
                differing.discard("num")
            if differing or CHINESE.search(said):
                faults.append((text, said))
    assert faults == []


def test_compiled_english_equals_its_source() -> None:
    compiled = BytesIO()
    write_mo(compiled, english())
    assert compiled.getvalue() == (ENGLISH / "messages.mo").read_bytes()
