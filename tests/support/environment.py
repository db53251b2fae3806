"""The one environment of processes that tests start: nothing of the developer's own Paperlog or Prefect is in it."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.places import ROOT

OWN = ("PAPERLOG_", "PREFECT_")


def scrubbed(**changes: str) -> dict[str, str]:
    """This process's variables without those of Paperlog and Prefect, the project importable from any folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


def environment_of(folder: Path, base: str, **changes: str) -> dict[str, str]:
    """An environment that keeps everything in `folder` and fetches from `base`, as fast as the settings allow."""
    return scrubbed(
        **{
            "PAPERLOG_HOME": str(folder / "home"),
            "PAPERLOG_PACE": str(folder / "pace"),
            "PAPERLOG_ARXIV_ANNOUNCED_URL": base,
            "PAPERLOG_HF_DAILY_URL": base,
            "PAPERLOG_WEEKLY_REVIEW_URL": f"{base}/weekly",
            "PAPERLOG_ML_PAPERS_WEEK_URL": f"{base}/weeks",
            "PAPERLOG_REQUESTS_PER_SECOND": "100",
            **changes,
        }
    )
