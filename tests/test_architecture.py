"""The doors of the house: imports run one way, no circles, none inside functions; sizes stay small."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("helpdesk", "reservations", "troubleshooting")
MAY_IMPORT = {"helpdesk": set(), "reservations": {"helpdesk"}, "troubleshooting": {"helpdesk", "reservations"}}
DOORS = {"reservations.public", "reservations.signals"}


def modules() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(path: Path) -> set[str]:
    """Return what a module imports at run time, as dotted names."""
    found: set[str] = set()
    todo: list[ast.AST] = [tree(path)]
    while todo:
        node = todo.pop()
        if is_type_checking(node):
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {_imported(node.module, alias.name) for alias in node.names}
        todo += ast.iter_child_nodes(node)
    return found


def _imported(module: str, name: str) -> str:
    """Return the module that `from module import name` reaches: a submodule, or `module` itself."""
    inside = ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if inside.is_dir() or inside.with_suffix(".py").exists() else module


def test_arrows_between_apps_run_one_way_and_through_the_door():
    wrong = []
    for path in modules():
        app = path.relative_to(ROOT).parts[0]
        for name in imports(path):
            target = name.split(".")[0]
            if target not in APPS or target == app:
                continue
            if target not in MAY_IMPORT[app] or (target == "reservations" and name not in DOORS):
                wrong.append(f"{name_of(path)} -> {name}")
    assert wrong == []


def test_no_circle_among_modules():
    known = {name_of(path): path for path in modules()}
    graph = {
        name: {other for other in imports(path) if other in known and other != name} for name, path in known.items()
    }
    state: dict[str, int] = {}
    circles = []

    def visit(name: str, trail: tuple[str, ...]) -> None:
        state[name] = 1
        for other in graph[name]:
            if state.get(other) == 1:
                circles.append((*trail, name, other))
            elif other not in state:
                visit(other, (*trail, name))
        state[name] = 2

    for name in graph:
        if name not in state:
            visit(name, ())
    assert circles == []


def test_no_import_inside_a_function():
    inside = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if path.name != "apps.py"
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_templates_of_reservations_never_link_to_troubleshooting():
    ours = set(re.findall(r'name="([\w-]+)"', (ROOT / "troubleshooting/urls.py").read_text(encoding="utf-8")))
    for template in (ROOT / "templates/reservations").rglob("*.html"):
        names = set(re.findall(r"{%\s*url\s+['\"]([\w-]+)['\"]", template.read_text(encoding="utf-8")))
        assert not names & ours, template.name


@pytest.mark.parametrize(("pattern", "limit"), [("*.py", 300), ("templates/**/*.html", 120)])
def test_files_stay_small(pattern, limit):
    files = modules() if pattern == "*.py" else ROOT.glob(pattern)
    long = {
        str(p.relative_to(ROOT)): n for p in files if (n := len(p.read_text(encoding="utf-8").splitlines())) > limit
    }
    assert long == {}


def body_lines(function: ast.FunctionDef) -> int:
    """Return the lines of a function without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_stay_small():
    long = {
        f"{name_of(path)}.{node.name}": lines
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and (lines := body_lines(node)) > 25
    }
    assert long == {}


def test_every_module_says_what_lives_in_it():
    silent = [name_of(p) for p in modules() if p.stat().st_size and not ast.get_docstring(tree(p))]
    assert silent == []


@pytest.mark.parametrize("banned", ["style=", "hx-on", "<script>", "js:", "onclick"])
def test_templates_obey_the_content_policy(banned):
    found = [
        str(p.relative_to(ROOT)) for p in ROOT.glob("templates/**/*.html") if banned in p.read_text(encoding="utf-8")
    ]
    assert found == []


def test_styles_name_colours_only_in_the_tokens():
    pure = {"#000", "#fff", "#FFF", "#0000"}
    for sheet in (ROOT / "static/css").glob("*.css"):
        if sheet.name != "tokens.css":
            assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", sheet.read_text(encoding="utf-8"))) <= pure, sheet.name
