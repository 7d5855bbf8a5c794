"""The rules of the house that no linter knows."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(
    path
    for room in ("app", "matching", "migrations", "benchmarks")
    for path in (ROOT / room).rglob("*.py")
)
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW, MOST_PARAMETERS = 300, 50, 30, 6
PLAIN_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc"}
TOP = {
    "app", "matching", "migrations", "seeds", "tests", "benchmarks", "docs", ".ci", "wsgi.py",
    "requirements.txt", "README.md", "pyproject.toml", "Makefile", "LICENSE", ".gitignore",
}  # fmt: skip


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef):
            yield node


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_file_is_longer_than_the_house_allows(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_no_function_is_longer_or_takes_more_than_the_house_allows() -> None:
    long = []
    for path in CODE:
        if "migrations" in path.parts:
            continue
        limit = LONGEST_VIEW if "web" in path.parts or "api" in path.parts else LONGEST_FUNCTION
        for node in functions(path):
            lines = (node.end_lineno or 0) - node.lineno + 1
            given = node.args.posonlyargs + node.args.args
            given = [a for a in given if a.arg not in ("self", "cls", "uow")]
            count = len(given) + len(node.args.kwonlyargs)
            if lines > limit or count > MOST_PARAMETERS:
                long.append(f"{name(path)}:{node.name} {lines} lines, {count} parameters")
    assert long == []


def test_nothing_commits_but_the_store() -> None:
    places = [
        name(path)
        for path in CODE
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("commit", "rollback")
        and path.parts[len(ROOT.parts)] == "app"
    ]
    assert places == ["app/unit_of_work/store.py"]


def test_imports_stand_at_the_top_of_the_file() -> None:
    hidden = []
    for path in CODE:
        module, *within = nodes(path)
        top = {id(node) for node in cast(ast.Module, module).body}
        hidden += [
            f"{name(path)}:{node.lineno}"
            for node in within
            if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top
        ]
    assert hidden == []


def test_every_use_case_takes_the_unit_of_work_first() -> None:
    wrong = []
    for path in sorted((ROOT / "app" / "services").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            names = [argument.arg for argument in node.args.args]
            uses = "uow" in names
            if uses and names[0] != "uow":
                wrong.append(f"{name(path)}:{node.name}")
    assert wrong == []


def test_only_the_clock_reads_the_clock() -> None:
    readers = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
                owner = node.value
                if isinstance(owner, ast.Name) and owner.id in ("datetime", "date"):
                    readers.append(name(path))
    assert readers == ["app/domain/clock.py"]


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        name(path)
        for path in sorted((ROOT / "app").rglob("*.py"))
        if "os.environ" in path.read_text(encoding="utf-8")
        or "getenv" in path.read_text(encoding="utf-8")
    }
    assert readers <= {"app/cli/serve.py", "app/jobs/__main__.py"}


def test_there_is_no_room_for_everything() -> None:
    assert [name(path) for path in CODE if path.stem in PLAIN_ROOMS] == []


def test_the_top_level_holds_nothing_else() -> None:
    assert {path.split("/")[0] for path in tracked()} <= TOP


def test_every_error_code_has_its_words_in_both_languages() -> None:
    words = json.loads((ROOT / "app" / "translations" / "errors.json").read_text(encoding="utf-8"))
    missing = sorted(code for code in error_codes() if code not in words)
    assert missing == []
    assert [code for code, row in words.items() if not row.get("zh") or not row.get("en")] == []


def error_codes() -> set[str]:
    """Return the codes written in the code: defaults, first arguments of errors, field codes."""
    found: set[str] = set()
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(getattr(target, "id", "") == "default_code" for target in targets):
                    found |= texts(node.value)
            elif isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called == "FieldError" or (called == "at" and "Error" in ast.dump(node.func)):
                    found |= texts(node.args[1]) if len(node.args) > 1 else set()
                elif called.endswith("Error") and node.args:
                    found |= {text for text in texts(node.args[0]) if "." in text}
    return found


def texts(node: ast.AST | None) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return set()


def test_importing_a_rule_starts_neither_web_nor_database() -> None:
    program = (
        "import sys, app.domain.booking, app.domain.service_record;"
        "print([m for m in ('flask', 'sqlalchemy', 'numpy', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
