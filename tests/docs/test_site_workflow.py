"""docs/examples/site.yml: its steps run as they stand there, on the demo's site, with a stand-in for GitHub's side.

What runs are the shell steps. Actions (`uses:`) are GitHub's own and are not run: the environment stands for what they
prepare. `gh` is a script that keeps the assets of a release in a folder; installing is another test's matter.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from flows.demo.site import FRIDAY, MONDAY, serving, site
from tests.support.commands import path_of
from tests.support.environment import scrubbed
from tests.support.patience import patient
from tests.support.places import ROOT
from tests.support.sites import files_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / "docs/examples/site.yml").read_text(encoding="utf-8"))
(JOB,) = WORKFLOW["jobs"].values()
STEPS: Mapping[str, Mapping[str, Any]] = {each["name"]: each for each in JOB["steps"] if "run" in each}
RUN = ("Bring the home", "Fetch and load", "Publish", "Keep the home", "Write the site")
KEY = "a key for this test alone"
BASE = "https://somebody.example/papers"

GH = """#!/bin/sh
# What the workflow asks of `gh release`, with a folder in the place of the release.
set -eu
shift
case $1 in
create) mkdir -p "$RELEASE" ;;
view) ls "$RELEASE" ;;
upload) test ! -e "$RELEASE/$3" && cp "$3" "$RELEASE/" ;;
download) cp "$RELEASE/$4" "$6" ;;
delete-asset) rm "$RELEASE/$3" ;;
*) exit 2 ;;
esac
"""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A runner's folder after its first run, on the Monday to Wednesday of the demo's week."""
    folder = tmp_path_factory.mktemp("work")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "paperlog").symlink_to(path_of("paperlog"))
    (folder / "bin").mkdir()
    (folder / "bin" / "gh").write_text(GH)
    (folder / "bin" / "gh").chmod(0o755)
    with serving(site()) as address:
        (folder / "address").write_text(address)
        for name in RUN:
            done = step(folder, name, BEGIN="true", FROM=str(MONDAY), TO="2025-03-05")
            assert done.returncode == 0, (name, done.stderr)
        yield folder


def step(folder: Path, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run one step as a runner does: its text by `bash -e -o pipefail`, with the variables that it is given."""
    own = {
        "PAPERLOG_HOME": str(folder / "home"),
        "PAPERLOG_HF_DAILY_URL": (folder / "address").read_text(),
        "PAPERLOG_REQUESTS_PER_SECOND": "100",
        "PAPERLOG_PACE": str(folder / "pace"),
        "HOME_KEY": KEY,
        "GNUPGHOME": str(folder / "gnupg"),
        "RELEASE": str(folder / "release"),
        "BEGIN": "false",
        "BASE_URL": BASE,
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
    }
    (folder / "gnupg").mkdir(mode=0o700, exist_ok=True)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],  # noqa: S607 - as a runner does
        cwd=folder,
        env=scrubbed(**own) | variables,
        capture_output=True,
        text=True,
        timeout=patient(120),
        check=False,
    )


def assets(folder: Path) -> list[str]:
    return sorted(each.name for each in (folder / "release").iterdir())


def test_every_variable_of_a_step_is_given_by_the_file() -> None:
    given = {*WORKFLOW["env"], "BASE_URL"}
    used = {name for each in STEPS.values() for name in re.findall(r"\$\{?([A-Z][A-Z_]+)\b", each["run"])}
    assert used <= given
    assert [each for each in STEPS if each not in RUN] == ["Install", "Tell what could not be fetched"]
    assert STEPS["Write the site"]["env"] == {"BASE_URL": "${{ steps.pages.outputs.base_url }}"}
    # Nothing that somebody writes into a title or an input is put into a script before the shell reads it.
    assert [name for name, each in STEPS.items() if "${{" in each["run"]] == []


def test_the_first_run_writes_a_site_and_keeps_a_home_that_only_the_key_opens(work: Path) -> None:
    files = files_in(work / "site")
    assert {"index.html", "sitemap.xml", "feeds/new.xml", f"days/{MONDAY}.html"} <= files.keys()
    assert f"{BASE}/" in files["sitemap.xml"].decode()
    (kept,) = assets(work)[:1]
    body = (work / "release" / kept).read_bytes()
    assert kept.startswith("home-")
    assert b"paperlog.duckdb" not in body
    assert not list(work.glob("*.tar*"))


def test_the_next_run_goes_on_from_the_kept_home_on_another_machine(work: Path) -> None:
    subprocess.run(["rm", "-r", work / "home", work / "site"], check=True)  # noqa: S607 - a runner begins empty
    for name in RUN:
        done = step(work, name, FROM=str(MONDAY), TO=str(FRIDAY))
        assert done.returncode == 0, (name, done.stderr)
    pages = files_in(work / "site").keys()
    assert {f"days/{MONDAY}.html", f"days/{FRIDAY}.html"} <= pages
    assert 1 <= len(assets(work)) <= 3


def test_a_home_that_cannot_be_had_stops_the_run_before_anything_is_replaced(work: Path, tmp_path: Path) -> None:
    before = assets(work)
    for variables in ({"HOME_KEY": "another"}, {"HOME_KEY": ""}, {"RELEASE": str(tmp_path / "none")}):
        assert step(work, "Bring the home", **variables).returncode != 0, variables
    assert assets(work) == before
    for left in (work / "home.gpg", work / "home.tar"):
        left.unlink(missing_ok=True)


def test_only_the_last_three_homes_are_kept(work: Path) -> None:
    for place in range(4):
        (work / "release" / f"home-2020010{place + 1}T000000Z.tar.gpg").write_bytes(b"old")
    assert step(work, "Keep the home").returncode == 0
    assert len(assets(work)) == 3
    assert assets(work)[-1] > "home-2025"


def test_a_list_that_fails_is_told_at_the_end_and_does_not_stop_the_site(work: Path) -> None:
    failed = step(work, "Fetch and load", FROM=str(MONDAY), TO=str(MONDAY), PAPERLOG_HF_DAILY_URL="http://127.0.0.1:9")
    assert (failed.returncode, STEPS["Fetch and load"]["continue-on-error"]) != (0, False)
    last = list(STEPS)[-1]
    assert STEPS[last]["if"] == "steps.fetch.outcome == 'failure'"
    assert step(work, last).returncode == 1
