"""Other DuckDB releases open the published file: those that `make test-versions` has put beside the project."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.patience import patient
from tests.support.places import ROOT
from tests.support.small import built
from tests.warehouse.read.test_marts import GRAINS, MACROS

FOLDER = ROOT / ".cache" / "duckdb"
INSTALLED = sorted(path.parents[1] for path in FOLDER.glob("*/bin/python"))
READ_ALL = """
import json, sys
import duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    rows = {name: len(connection.execute("from " + name).fetchall()) for name in sys.argv[2:]}
print(json.dumps([duckdb.__version__, rows]))
"""


@pytest.mark.skipif(not INSTALLED, reason="no other DuckDB release is here: make test-versions installs some")
@pytest.mark.parametrize("place", INSTALLED, ids=lambda path: path.name)
def test_every_view_and_macro_is_read_without_a_prefix_by(place: Path, tmp_path: Path) -> None:
    warehouse, manifest = built(tmp_path)
    relations = [f"{name}({MACROS[name]})" if name in MACROS else name for name in GRAINS]
    command = [str(place / "bin" / "python"), "-c", READ_ALL, str(tmp_path / "paperlog.duckdb"), *relations]
    done = subprocess.run(command, capture_output=True, text=True, timeout=patient(50), check=False)
    assert done.stderr == ""
    version, rows = json.loads(done.stdout)
    assert version == place.name
    assert manifest.storage_version == "v1.0.0"
    with warehouse.reader() as reader:
        assert rows == {name: len(reader.query(f"from marts.{name}").rows) for name in relations}
