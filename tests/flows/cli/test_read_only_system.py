"""A system on which nothing can be written but the home, or not even that, and a user without a folder."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import Command, path_of
from tests.support.patience import patient
from tests.support.places import ROOT

READ_ONLY = """
mount --make-rprivate / && mount --bind {home} {home} || exit 99
for place in $(cut -d' ' -f2 /proc/mounts | sort -u); do
    case $place in {home}|/proc*|/sys*) ;; *) mount -o remount,bind,ro $place 2>/dev/null ;; esac
done
cd / && ! touch {home}/../x /tmp/x /dev/shm/x 2>/dev/null && touch {home}/x && rm {home}/x || exit 99
{then}
exec {command}
"""


def on_it(home: Path, *arguments: object, then: str = "") -> subprocess.CompletedProcess[str]:
    """The command line on such a system."""
    variables = [
        f"PATH={os.environ['PATH']}",
        f"PYTHONPATH={ROOT}",
        f"PAPERLOG_HOME={home}",
        "PAPERLOG_HF_DAILY_URL=http://127.0.0.1:9",
    ]
    command = shlex.join(["env", "-i", *variables, path_of("python"), "-B", "-m", "flows", *map(str, arguments)])
    script = READ_ONLY.format(home=home, command=command, then=then)
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no file system of its own can be had here")
    done = subprocess.run(
        [unshare, "--mount", "sh", "-c", script], capture_output=True, text=True, timeout=patient(90), check=False
    )
    if done.returncode == 99 or "unshare failed" in done.stderr:
        pytest.skip("no file system of its own can be had here")
    return done


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("status",), ("sql", "select count(*) from papers"), ("audit",)])
@pytest.mark.parametrize("then", ["", "mount -o remount,bind,ro {home}"], ids=["home", "nothing"])
def test_readers_need_nothing_that_can_be_written(
    monday: Command, home: Path, arguments: tuple[str, ...], then: str
) -> None:
    assert monday("publish").code == 0
    done = on_it(home, *arguments, then=then.format(home=home))
    assert done.returncode in {0, 1}, done.stderr
    assert (done.stderr, bool(done.stdout)) == ("", True)


@pytest.mark.slow
def test_the_report_is_made_where_only_the_home_can_be_written(monday: Command, home: Path) -> None:
    done = on_it(home, "report")
    assert (done.returncode, done.stderr) == (0, "")
    assert (home / "report.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert not list(home.glob(".plots*"))


@pytest.mark.slow
def test_a_request_there_keeps_the_rate_in_the_home(monday: Command, home: Path) -> None:
    done = on_it(home, "ingest", "hf_daily", "--date", "2025-03-04")
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    assert [each.name for each in (home / "pace").iterdir()]
