"""An installed wheel works in an empty folder, whatever modules lie there."""

from __future__ import annotations

import shlex
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.demo.site import early_pages
from tests.support.environment import scrubbed
from tests.support.patience import patient
from tests.support.places import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = SETTINGS["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

Run = Callable[..., str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation")
    checked([sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(ROOT)])
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; its dependencies are those of this environment, without the tree itself."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    options = ("--quiet", "--disable-pip-version-check", "--no-index", "--no-deps")
    checked([sys.executable, "-m", "pip", "--python", str(python), "install", *options, str(wheel)])
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Run a program of that environment in a folder with modules that must not be imported."""
    for name in PACKAGES:
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('the wrong {name} was imported')\n", encoding="utf-8")

    def ran(program: str, *arguments: str) -> str:
        return checked([str(installed / "bin" / program), *arguments], cwd=tmp_path, env=cleared())

    return ran


def test_a_page_is_adopted_asked_for_exported_and_reported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    for name, body in early_pages().items():
        (tmp_path / "saved" / name).write_bytes(body)
    assert "published" in run("paperlog", "adopt", "hf_daily", "saved")
    assert "hf_daily" in run("paperlog", "status")
    assert run("paperlog", "sql", "select count(*) as papers from papers").split() == ["papers", "46"]
    assert "digest" in run("paperlog", "export", "exported")
    assert "report.html" in run("paperlog", "report")
    assert (tmp_path / "data" / "report.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert "nothing would change" in run("paperlog", "replay", "--diff")


@pytest.mark.prefect
def test_the_demo_runs_and_names_a_command_that_exists_there(run: Run, installed: Path, tmp_path: Path) -> None:
    shown = run("paperlog", "demo")
    assert (tmp_path / "data" / "demo" / "paperlog.duckdb").exists()
    words = shlex.split(shown.splitlines()[-1])
    assert words[0] == "PAPERLOG_HOME=data/demo"
    assert (tmp_path / words[1]).samefile(installed / "bin" / "paperlog")
    ask = checked(["sh", "-euc", shown.splitlines()[-1]], cwd=tmp_path, env=cleared())
    assert len(ask.splitlines()) == 6


def test_the_version_is_that_of_the_project(run: Run) -> None:
    assert SETTINGS["project"]["version"] in run("paperlog", "--version")


def test_nothing_is_imported_from_the_tree(run: Run) -> None:
    script = f"import {', '.join(PACKAGES)}; print({', '.join(f'{name}.__file__' for name in PACKAGES)})"
    assert str(ROOT) not in run("python", "-P", "-c", script)


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = set(zipfile.ZipFile(wheel).namelist())
    assert files <= held
    assert {name.split("/")[0] for name in held if not name.startswith("paperlog-")} == set(PACKAGES)


def test_the_schedules_are_installed(installed: Path) -> None:
    shared = installed / "share" / "paperlog" / "deployments.yaml"
    assert shared.read_text(encoding="utf-8") == (ROOT / "deployments.yaml").read_text(encoding="utf-8")


def cleared() -> dict[str, str]:
    """The environment without our variables and Python's."""
    return {name: text for name, text in scrubbed().items() if not name.startswith("PYTHON")}


def checked(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=patient(150), check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
