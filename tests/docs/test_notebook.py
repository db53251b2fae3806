"""The notebook runs over the demo's home, and is kept without answers: they would be those of one machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.places import ROOT

NOTEBOOK = ROOT / "docs" / "examples" / "paperlog.ipynb"


def test_the_notebook_is_kept_without_answers() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []
    assert sum(cell["cell_type"] == "code" for cell in cells) > 5


@pytest.mark.analyst("nbclient", "ipykernel", "pandas", "polars", "pyarrow")
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_every_cell_of_the_notebook_answers(demo_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nbformat, nbclient = (pytest.importorskip(name) for name in ("nbformat", "nbclient"))
    monkeypatch.setenv("PAPERLOG_HOME", str(demo_home))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=str(tmp_path))
    shown = [outputs_of(cell) for cell in notebook.cells if cell.cell_type == "code"]
    sources, states, liked, growth, curve, reviews, arrow = shown
    assert "hf_daily" in sources["text/html"]
    assert "open" in states["text/html"]
    assert "2502.90048" in liked["text/html"]
    assert "98" in liked["text/html"]
    assert "shape: (2, 5)" in growth["text/plain"]
    assert curve["image/png"]
    assert "University of Example" in reviews["text/html"]
    assert "partition_on: date32[day]" in arrow["text/plain"]


def outputs_of(cell: Any) -> dict[str, str]:
    """What a cell shows, by its kind; an error of the cell would have ended the run."""
    return {kind: text for output in cell.outputs for kind, text in output.get("data", {}).items()}
