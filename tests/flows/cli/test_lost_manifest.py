from __future__ import annotations

from functools import partial
from pathlib import Path

import duckdb
import pytest

from tests.support.commands import paperlog_in
from tests.support.environment import scrubbed
from tests.support.small import built
from warehouse import SNAPSHOT


@pytest.mark.parametrize(
    "arguments",
    [("status",), ("status", "--json"), ("export", "--sqlite", "copy.sqlite"), ("report",), ("site", "pages")],
    ids=" ".join,
)
def test_a_snapshot_that_lost_its_own_manifest_is_told_with_what_mends_it(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    built(tmp_path / "home")
    snapshot = tmp_path / "home" / SNAPSHOT
    snapshot.chmod(0o644)
    with duckdb.connect(str(snapshot)) as database:
        database.execute("delete from ops.manifest")

    run = partial(paperlog_in, scrubbed(PAPERLOG_HOME=str(tmp_path / "home")))
    done = run(*(str(tmp_path / each) if each in {"copy.sqlite", "pages"} else each for each in arguments))

    assert done.code == 1
    assert "paperlog publish" in done.err
    assert "Traceback" not in done.err
