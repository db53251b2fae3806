"""What the pages name is there: commands, options, make's targets, variables, files, links, packages, states, words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from flows.__main__ import cli
from flows.settings import variables
from tests.docs.pages import (
    PAGES,
    Call,
    calls,
    fences,
    fences_of,
    prose,
)
from tests.support.places import ROOT
from transforms.records import Cause, Reason, Status
from transforms.truth.partition import State

OPERATE, DESIGN, GLOSSARY = (ROOT / "docs" / f"{name}.md" for name in ("operate", "design", "glossary"))
FOREIGN_VARIABLES = {
    "PAPERLOG_PROJECT",
    "PREFECT_API_URL",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
    "PREFECT_SERVER_ANALYTICS_ENABLED",
    "PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED",
    "PREFECT_SERVER_LOGS_STREAM_PUBLISHING_ENABLED",
}
"""Read by Prefect itself, or by the command line to see whether there is an API."""

FOR_USERS = ("analyst", "mcp", "lake", "dask", "services", "analyst-tests")
"""The extras whose packages need a reason too; those of `dev` and `bench` are for whoever changes the project."""

WORDS = """
    source series partition open final page landing listing entry sighting paper paper_key match metric rejection
    quarantine finding check run rerun backfill replay raw core marts ops publish snapshot redirect
"""
TERMS = {*WORDS.split(), "side index", "block key", "founding sighting"}


def test_every_command_that_is_named_exists_with_its_options() -> None:
    named = [call for call in every_call() if call.program == "paperlog" and call.arguments]
    assert len(named) > 40
    for call in named:
        command = cli.get_command(click.Context(cli), call.arguments[0])
        known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} if command else set()
        used = {word for word in call.arguments if word.startswith("--")} - {"--help"}
        assert call.arguments[0] in {"COMMAND", "--version"} or (command and used <= known), call


def test_every_make_target_that_is_named_exists_and_every_target_is_listed() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = {call.arguments[0] for call in every_call() if call.program == "make"}
    assert {"demo", "test", "install", "docs"} <= named
    assert named <= targets


def test_prefect_is_called_in_the_pages_as_in_the_tests() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "flows").rglob("*.py"))
    # Started by hand from there in tests/services/test_compose.py.
    services = (ROOT / "docs" / "examples" / "compose.lake.yaml").read_text(encoding="utf-8")
    for call in (call for fence in fences("sh") for call in calls(fence.text) if call.program == "prefect"):
        words = [word for word in call.arguments if "=" not in word and word not in {"-p", "--watch"}]
        quoted = ", ".join(f'"{word}"' for word in words if word != "prefect")
        assert quoted in tests or f"[{quoted}]" in services, call


def test_every_variable_that_is_named_is_read_and_every_one_is_documented() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES if page.name != "CONTRIBUTING.md")
    named = set(re.findall(r"\b(?:PAPERLOG|PREFECT)_[A-Z0-9_]+\b", text))
    assert named == {each.name for each in variables()} | FOREIGN_VARIABLES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`((?:flows|extractors|transforms|warehouse|tests|docs)/[\w./-]+)`", page.read_text("utf-8"))
    written = {fence.note for fence in fences_of(page) if fence.kind == "file"}
    assert [name for name in named if not (ROOT / name).exists() and name not in written] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)", prose(page)):
        path, _, anchor = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), target
        assert not anchor or anchor in set(anchors(there)), target


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = (*project["dependencies"], *(each for name in FOR_USERS for each in extras[name]))
    declared = {re.split(r"[\[<>=]", each)[0] for each in needed}
    explained = [name for cell in first_cells(DESIGN, "## Dependencies") for name in re.findall(r"`([^`]+)`", cell)]
    assert sorted(explained) == sorted(declared)


def test_every_deployment_is_listed() -> None:
    declared = re.findall(r"^  - name: (\w+)", (ROOT / "deployments.yaml").read_text("utf-8"), flags=re.MULTILINE)
    listed = [cell.strip("`").partition("/")[2] for cell in first_cells(OPERATE, "### Deployments")]
    assert sorted(listed) == sorted(declared)


def test_every_status_state_and_cause_is_explained() -> None:
    table = section(OPERATE, "## States of a day")
    named = {word for cell in re.findall(r"`([^`]+)`", table) for word in re.split(r"[\s,]+", cell)}
    assert {str(each) for of in (Status, State, Cause) for each in of} <= named


def test_every_reason_of_the_quarantine_is_explained() -> None:
    listed = re.findall(r"`(\w+)`", " ".join(first_cells(OPERATE, "## Quarantine")))
    assert sorted(listed) == sorted(str(each) for each in Reason)


def test_every_word_of_the_project_is_in_the_glossary() -> None:
    defined = re.findall(r"\*\*(.+?)\*\*", re.sub(r"^(?!\|).*$", "", GLOSSARY.read_text("utf-8"), flags=re.MULTILINE))
    assert set(defined) >= TERMS
    assert len(defined) == len(set(defined))


def every_call() -> Iterator[Call]:
    """Command lines of shell blocks, and those that stand in a sentence."""
    for page in PAGES:
        for fence in fences_of(page):
            if fence.language == "sh":
                yield from calls(fence.text)
        for span in re.findall(r"`((?:paperlog|make) [^`]+)`", prose(page)):
            yield from calls(span)


def section(page: Path, title: str) -> str:
    return page.read_text(encoding="utf-8").split(f"{title}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(page: Path, title: str) -> list[str]:
    return re.findall(r"^\| (`.*?) \|", section(page, title), flags=re.MULTILINE)


def anchors(page: Path) -> Iterator[str]:
    for title in re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
