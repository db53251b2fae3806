"""The README says what is there: dependencies, commands, deployments, and the answer on its first screen."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from flows.__main__ import COMMANDS
from flows.demo.site import (
    FRIDAY,
    MONDAY,
    serving,
    site,
)
from flows.settings import inherited

ROOT = Path(__file__).parents[2]
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
        environment = inherited(
            PAPERLOG_HOME=str(tmp_path),
            PAPERLOG_HF_DAILY_URL=base,
            PAPERLOG_WEEKLY_REVIEW_URL=f"{base}/weekly",
            PAPERLOG_REQUESTS_PER_SECOND="100",
        )
        paperlog(environment, "ingest", "hf_daily", "--from", str(MONDAY), "--to", str(FRIDAY), "--no-prefect")
        paperlog(environment, "ingest", "weekly_review", "--date", str(MONDAY), "--no-prefect")
    rows = [line.split("\t") for line in paperlog(environment, "sql", query).splitlines()]
    assert rows == [re.split(r" {2,}", line) for line in answer.splitlines()]


def paperlog(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "flows", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True
    ).stdout
