"""The README says what is there: dependencies, commands, deployments, and the answer on its first screen."""

from __future__ import annotations

import re
import tomllib
from functools import partial
from pathlib import Path

from flows.cli.commands import COMMANDS
from flows.demo.site import FRIDAY, MONDAY, serving, site
from tests.support.commands import paperlog_in
from tests.support.environment import environment_of
from tests.support.places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| (`.*?) \|", text, flags=re.MULTILINE)


def test_every_dependency_has_a_reason() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {re.split(r"[\[<>=]", each)[0] for each in settings["project"]["dependencies"]}
    explained = {name for cell in first_cells(section("Dependencies")) for name in re.findall(r"`([^`]+)`", cell)}
    assert explained == declared


def test_every_command_is_told() -> None:
    told = {name for cell in first_cells(section("Commands")) for name in re.findall(r"`(\w+)", cell)}
    assert told == set(COMMANDS)


def test_every_deployment_is_told() -> None:
    declared = re.findall(
        r"^  - name: (\w+)", (ROOT / "deployments.yaml").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    told = {cell.strip("`").partition("/")[2] for cell in first_cells(section("Deploy"))}
    assert told == set(declared)


def test_every_make_target_that_is_told_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b(?= |`|\n)", README)) & {"demo", "test", "install", "lock"} <= targets


def test_the_query_on_the_first_screen_has_the_answer_that_stands_there(tmp_path: Path) -> None:
    query, answer = re.findall(r"```(?:sql|text)\n(.*?)```", README, flags=re.DOTALL)[:2]
    with serving(site()) as base:
        command = partial(paperlog_in, environment_of(tmp_path, base))
        command("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY)
        command("ingest", "weekly_review", "--date", MONDAY)
    rows = [line.split("\t") for line in command("sql", query).out.splitlines()]
    assert rows == [re.split(r" {2,}", line) for line in answer.splitlines()]
