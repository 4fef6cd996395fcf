"""What holds the parts apart: import direction, a core without I/O, one story per file."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {"model": {"model"}, "service": {"service", "model"}, "training": {"training", "model"}}
"""Training and service meet on disk only."""

FORBIDDEN_IN_MODEL = {
    "flask", "pandas", "click", "requests", "socket", "ssl", "http", "urllib.request", "asyncio", "subprocess",
    "threading", "multiprocessing", "logging",
}  # fmt: skip
MAX_LINES = 350


def modules(*packages: str) -> list[str]:
    files = (file for package in packages for file in (ROOT / package).rglob("*.py"))
    return sorted(file.relative_to(ROOT).as_posix() for file in files)


def tree_of(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), module)


def imported(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            yield from (alias.name for alias in inner.names)
        elif isinstance(inner, ast.ImportFrom) and inner.module:
            yield inner.module
            yield from (f"{inner.module}.{alias.name}" for alias in inner.names)


@pytest.mark.parametrize("module", modules("model", "service", "training"))
def test_imports_go_from_service_and_training_to_model_and_nowhere_else(module: str) -> None:
    packages = {name.split(".")[0] for name in imported(tree_of(module))}
    assert packages & (set(MAY_IMPORT) | {"tests"}) <= MAY_IMPORT[Path(module).parts[0]]


@pytest.mark.parametrize("module", modules("model", "service", "training"))
def test_imports_within_the_project_are_absolute(module: str) -> None:
    relative = [node.lineno for node in ast.walk(tree_of(module)) if isinstance(node, ast.ImportFrom) and node.level]
    assert relative == []


@pytest.mark.parametrize("module", modules("model"))
def test_the_model_knows_no_web_no_tables_no_network_and_no_environment(module: str) -> None:
    tree = tree_of(module)
    found = set(imported(tree))
    assert not {name for name in found if name in FORBIDDEN_IN_MODEL or name.split(".")[0] in FORBIDDEN_IN_MODEL}
    attributes = {f"os.{node.attr}" for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not (attributes | found) & {"os.environ", "os.getenv", "os.putenv"}


IMPORT_AND_WATCH = """
import sys
import joblib, numpy, scipy.special, sklearn.ensemble, turbohtml, turbohtml.detect  # what they read is their affair

opened = []
sources = (".py", ".pyc", ".so")  # what Python itself reads to find and load a module
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
for name in sys.argv[1:]:
    __import__(name)
print([path for path in opened if not path.split(".cpython")[0].endswith(sources) and "__pycache__" not in path])
"""


def test_importing_the_model_reads_no_file() -> None:
    names = [module.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for module in modules("model")]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_AND_WATCH, *names], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", modules("model", "service", "training"))
def test_every_module_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(tree_of(module))


@pytest.mark.parametrize("module", modules("model", "service", "training", "tests"))
def test_a_file_can_be_read_in_one_go(module: str) -> None:
    lines = (ROOT / module).read_text(encoding="utf-8").count("\n")
    assert lines <= MAX_LINES
