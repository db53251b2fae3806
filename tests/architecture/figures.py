"""Figures of the tree, from any checkout, old or new: `python tests/architecture/figures.py [ROOT] [--json]`.

Standard library only, and no name of a module but the command line's, so that the same command measures both trees.

**One page's way.** A real ingest of a day with one invented paper, from request to publish, without Prefect and into
an empty home, is run under a profiler that starts with `flows.__main__.main`. Noted is every call of a function of a
room, in the order of the run and on every thread; a class body counts as a function, the body of a module does not.

- `modules`: the different modules called. `passed_modules` leaves out what runs while a module is imported, which the
  page does not pass: a command imports its module when it is asked for.
- `folder_switches`: how often a call lies in another folder than the call before it: 87 at ce33a14, before the rooms
  had folders. A folder that is cut into two adds every call between its halves.
- `room_switches`: the same between the four rooms, which finer folders do not change.
- `reading_switches`: the same as `folder_switches`, but each function counts only the first time: a reader who follows
  the run and reads nothing twice.
- `reading_module_switches`: the same between modules, which finer folders do not change either.

**Files to touch.** For a fact of a paper: the files of the rooms and of the benchmark that name one which is there,
all migrations together as one file. For a source: its own module or folder as one, and every other file that names it,
but for the changelog, generated blocks, and saved pages with what is read from them.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import tokenize
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from statistics import median
from types import FrameType
from typing import Any

ROOMS = ("extractors", "flows", "transforms", "warehouse")
OWN = Path("tests", "architecture", "figures.py")
FACT, SOURCE = "published_certainty", "ml_papers_week"

DAY = "2026-01-07"
DAY_PAGE = Path("tests", "pages", "hf_daily", "open_day", "page.html")
OPEN, CLOSED = "&quot;periodType&quot;", "&quot;nextDate&quot;: &quot;2026-01-08&quot;, &quot;periodType&quot;"
RUN_SECONDS = 300
WALK = "--walk"

TEXT_SUFFIXES = {".py", ".toml", ".yaml", ".yml", ".md"}
NOT_OURS = {"build", "data", "dist", "__pycache__"}
SAVED_PAGES = re.compile(r"tests/pages/[^/]+/.+")
GENERATED = re.compile(r"<!-- (\w+): begin\b.*?<!-- \1: end\b", flags=re.DOTALL)
FOR_LINTERS = re.compile(r"#\s*(noqa|type:|ruff:|fmt:|pragma)")
COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}

Figures = dict[str, Any]


def figures_of(root: Path) -> Figures:
    """Every figure of the checkout at `root`."""
    product, bench, tests = _python_of(root)
    return {
        "modules_per_folder": _per_folder(root),
        "way": _way(root),
        "fact": _naming_fact(root, product, bench),
        "source": _naming_source(root),
        "statements": {
            "product": _statements(product),
            "bench": _statements(bench),
            "product_and_bench": _statements([*product, *bench]),
            "tests": _statements(tests),
        },
        "tests": sum(_tests_in(path) for path in [*bench, *tests] if path.name.startswith("test_")),
        "readme_words": len((root / "README.md").read_text(encoding="utf-8").split()),
        "comments": _comments(product),
    }


def table(found: Figures) -> str:
    """The figures for people."""
    folders, way, fact, source = (found[name] for name in ("modules_per_folder", "way", "fact", "source"))
    statements, comments = found["statements"], found["comments"]
    rows = [
        ("modules per folder of the rooms", f"median {folders['median']:g}, max {folders['max']}"),
        ("modules on one page's way", f"{way['modules']} ({way['functions']} functions)"),
        ("  without what imports call during the run", way["passed_modules"]),
        ("  switches between rooms, without imports", way["passed_room_switches"]),
        ("  switches between folders, every call", way["folder_switches"]),
        ("  switches between rooms, every call", way["room_switches"]),
        ("  switches between folders, each function once", way["reading_switches"]),
        ("  switches between modules, each function once", way["reading_module_switches"]),
        (f"files to touch for a fact of a paper ({FACT})", fact["count"]),
        (f"files to touch for a source ({SOURCE})", source["count"]),
        ("statements of product and bench together", statements["product_and_bench"]),
        ("  of product", statements["product"]),
        ("  of bench", statements["bench"]),
        ("  of tests, apart", statements["tests"]),
        ("tests (functions)", found["tests"]),
        ("README words", found["readme_words"]),
        ("comment lines per 100 code lines of product", f"{comments['per_100']} ({comments['comment_lines']})"),
    ]
    width = max(len(name) for name, _ in rows)
    lines = [f"{name:<{width}}  {value}" for name, value in rows]
    lines += ["", "modules per folder:", *(f"  {count:>3}  {name}" for name, count in folders["folders"].items())]
    lines += ["", f"files with {FACT}:", *(f"  {name}" for name in fact["files"])]
    lines += [f"  beside them, in tests: {', '.join(fact['tests']) or 'none'}"]
    lines += ["", f"files with {SOURCE}:", *(f"  {name}" for name in source["files"])]
    return "\n".join(lines)


def _python_of(root: Path) -> tuple[list[Path], list[Path], list[Path]]:
    """The Python files of product, benchmark and tests; this file is none of them."""
    product = [path for room in ROOMS for path in _files(root / room) if path.suffix == ".py"]
    bench = [path for path in _files(*_bench_of(root)) if path.suffix == ".py"]
    tests = [path for path in _files(root / "tests") if path.suffix == ".py"]
    return product, bench, [path for path in tests if path not in {*bench, root / OWN}]


def _bench_of(root: Path) -> list[Path]:
    return [folder for folder in (root / "bench", root / "tests" / "bench") if folder.is_dir()]


def _files(*folders: Path) -> Iterator[Path]:
    """Files below the folders, sorted, without what is hidden or made."""
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.name.startswith(".") or path.name in NOT_OURS:
                continue
            if path.is_dir():
                yield from _files(path)
            else:
                yield path


def _per_folder(root: Path) -> Figures:
    counts: dict[str, int] = {}
    for room in ROOMS:
        for path in _files(root / room):
            if path.suffix == ".py" and path.name != "__init__.py":
                name = path.parent.relative_to(root).as_posix()
                counts[name] = counts.get(name, 0) + 1
    return {"median": median(counts.values()), "max": max(counts.values()), "folders": counts}


def _way(root: Path) -> Figures:
    """Run this file again with the checkout's own Python, which calls the command line under the profiler."""
    python = root / ".venv" / "bin" / "python"
    command = [str(python) if python.exists() else sys.executable, str(Path(__file__).absolute()), WALK]
    with tempfile.TemporaryDirectory() as folder, _serving(_day_page(root)) as base:
        environment = {name: text for name, text in os.environ.items() if not name.startswith(("PAPERLOG", "PREFECT"))}
        environment |= {
            "PAPERLOG_HOME": f"{folder}/home",
            "PAPERLOG_PACE": f"{folder}/pace",
            "PAPERLOG_REQUESTS_PER_SECOND": "100",
            "PAPERLOG_HF_DAILY_URL": base,
        }
        done = subprocess.run(
            [*command, f"{folder}/calls.json"],
            cwd=root,
            env=environment,
            timeout=RUN_SECONDS,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the ingest under the profiler ended with {done.returncode}:\n{done.stderr}")
        calls: list[tuple[str, str, bool]] = json.loads(Path(folder, "calls.json").read_text(encoding="utf-8"))
    modules = [module for module, _, _ in calls]
    once = [module for module, *_ in dict.fromkeys((module, name) for module, name, _ in calls)]
    passed = [module for module, _, is_import in calls if not is_import]
    return {
        "passed_modules": len(set(passed)),
        "passed_room_switches": _switches(module.partition("/")[0] for module in passed),
        "passed_in_order": list(dict.fromkeys(passed)),
        "modules": len(set(modules)),
        "functions": len(once),
        "folder_switches": _switches(map(os.path.dirname, modules)),
        "room_switches": _switches(module.partition("/")[0] for module in modules),
        "reading_switches": _switches(map(os.path.dirname, once)),
        "reading_module_switches": _switches(once),
        "modules_in_order": list(dict.fromkeys(modules)),
    }


def _switches(places: Iterator[str] | Sequence[str]) -> int:
    return sum(before != after for before, after in pairwise(places))


def _day_page(root: Path) -> bytes:
    """The saved page of an open day with one invented paper; a next day makes it a closed one."""
    text = (root / DAY_PAGE).read_text(encoding="utf-8")
    if text.count(OPEN) != 1:
        raise RuntimeError(f"{DAY_PAGE} is not the page that this was written for: {OPEN} must stand there once")
    return text.replace(OPEN, CLOSED).encode()


@contextmanager
def _serving(page: bytes) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page if self.path == f"/papers/date/{DAY}" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def _walk(report: Path) -> None:
    """In a process of its own: ingest the day under the profiler and write down every call."""
    root = Path.cwd()
    sys.path[0] = str(root)
    sys.argv = ["paperlog", "ingest", "hf_daily", "--date", DAY, "--no-prefect"]
    names = {str(path): path.relative_to(root).as_posix() for room in ROOMS for path in _files(root / room)}
    calls: list[tuple[str, str, bool]] = []
    importing: Counter[int] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        code, thread = frame.f_code, threading.get_ident()
        if code.co_name == "<module>":
            importing[thread] += {"call": 1, "return": -1}.get(event, 0)
        elif event == "call" and code.co_filename in names and code.co_name not in COMPREHENSIONS:
            name = f"{code.co_qualname}:{code.co_firstlineno}"
            calls.append((names[code.co_filename], name, importing[thread] > 0))

    main = import_module("flows.__main__").main
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    report.write_text(json.dumps(calls), encoding="utf-8")


def _naming_fact(root: Path, product: Sequence[Path], bench: Sequence[Path]) -> Figures:
    statements = [path for room in ROOMS for path in _files(root / room) if path.suffix == ".sql"]
    named = [path.relative_to(root).as_posix() for path in [*product, *statements, *bench] if _names(path, FACT)]
    migrations = [name for name in named if "/migrations/" in name]
    tests = [path for path in _files(root / "tests") if path.suffix == ".py" and path not in {*bench, root / OWN}]
    return {
        "count": len(named) - max(len(migrations) - 1, 0),
        "count_with_each_migration": len(named),
        "files": named,
        "tests": [path.relative_to(root).as_posix() for path in tests if _names(path, FACT)],
    }


def _naming_source(root: Path) -> Figures:
    folders = {"tests", *ROOMS, *(path.name for path in root.iterdir() if path.name in {"bench", "docs"})}
    files = [path for path in _files(root) if path.suffix in TEXT_SUFFIXES]
    names = {path: path.relative_to(root) for path in files}
    ours = [path for path, name in names.items() if len(name.parts) == 1 or name.parts[0] in folders]
    own = Path("extractors", "sources", SOURCE)
    others = [
        names[path].as_posix()
        for path in ours
        if names[path] != OWN
        and names[path].name != "CHANGELOG.md"
        and names[path].with_suffix("") != own
        and own not in names[path].parents
        and not SAVED_PAGES.fullmatch(names[path].as_posix())
        and _names(path, SOURCE)
    ]
    return {"count": 1 + len(others), "files": [f"{own.as_posix()} (its own)", *others]}


def _names(path: Path, name: str) -> bool:
    text = GENERATED.sub("", path.read_text(encoding="utf-8"))
    return re.search(rf"(?<![a-zA-Z0-9]){name}(?![a-zA-Z0-9])", text) is not None


def _statements(paths: Sequence[Path]) -> int:
    """Statements as parsed; a text that stands alone is a docstring and no statement."""
    return sum(isinstance(node, ast.stmt) and not _is_text(node) for path in paths for node in ast.walk(_tree(path)))


def _tests_in(path: Path) -> int:
    functions = (node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return sum(node.name.startswith("test_") for node in functions)


def _comments(paths: Sequence[Path]) -> Figures:
    """Lines with a comment, remarks for the linters left out, and lines that hold code, docstrings left out."""
    comment_lines = alone_lines = code_lines = 0
    for path in paths:
        text = path.read_text(encoding="utf-8")
        texts = {line for node in ast.walk(_tree(path)) if _is_text(node) for line in _lines_of(node)}
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        code = {
            line
            for token in tokens
            if token.type not in NO_CODE
            for line in range(token.start[0], token.end[0] + 1)
            if line not in texts
        }
        comments = (token for token in tokens if token.type == tokenize.COMMENT)
        lines = {token.start[0] for token in comments if not FOR_LINTERS.match(token.string)}
        comment_lines += len(lines)
        alone_lines += len(lines - code)
        code_lines += len(code)
    return {
        "comment_lines": comment_lines,
        "of_these_alone_on_their_line": alone_lines,
        "code_lines": code_lines,
        "per_100": round(100 * comment_lines / code_lines, 1),
    }


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _lines_of(node: ast.AST) -> range:
    return range(node.lineno, node.end_lineno + 1) if isinstance(node, ast.stmt) and node.end_lineno else range(0)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def main() -> None:
    """Print the figures of a checkout, by default of the one that this file lies in."""
    parser = argparse.ArgumentParser(description="Figures of the tree.")
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).parents[2], help="a checkout")
    parser.add_argument("--json", action="store_true", help="JSON for programs")
    parser.add_argument(WALK, type=Path, metavar="FILE", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.walk:
        _walk(chosen.walk)
        return
    found = figures_of(chosen.root.absolute())
    print(json.dumps(found, indent=2) if chosen.json else table(found))  # noqa: T201 - a program that prints


if __name__ == "__main__":
    main()
