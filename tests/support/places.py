"""Where the project and the shared real data lie, for every test."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
"""Captured pages and dumps beside the project. A test that reads them is marked `shared_data`, and skipped without."""

DAY_PAGES = DATA / "hf_daily"
DUMPS = DATA / "dumps"
